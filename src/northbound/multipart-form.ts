import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { HubError } from "../core/errors.ts";
import type { ApiRequest } from "./operation-types.ts";

/** What surrounds the file of a form at most: fields, heads of parts, boundaries. */
export const formOverhead = 256 * 1024;

const limits = { fields: 1_000, fieldSize: 8 * 1024, parts: 1_100, headerPairs: 50, headerSize: 16 * 1024 };

/** A form with one file in it (RFC 7578). */
export interface FileForm<Taken> {
  /** All values of each field. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly file: {
    /** As its part says. */
    readonly fileName?: string;
    readonly contentType?: string;
    /** What became of its content. */
    readonly taken: Taken;
  };
}

type FilePart = FileForm<Promise<unknown>>["file"];

/**
 * Reads a `multipart/form-data` body with a part `file`, whose content is given to `take` while it arrives.
 * @throws HubError `unsupported-media-type`, `malformed`, `too-large`, `aborted`, or what `take` throws
 */
export async function readFileForm<Taken>(
  request: ApiRequest,
  take: (content: Readable) => Promise<Taken>,
): Promise<FileForm<Taken>> {
  const form = formReader(request.headers["content-type"]);
  const fields = new Map<string, string[]>();
  const stop = new AbortController();
  let file: (Omit<FilePart, "taken"> & { readonly taken: Promise<Taken> }) | undefined;
  const refuse = (error: HubError): void => stop.abort(error);
  form.on("field", (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut) return refuse(wrong(name, "is too long", `at most ${limits.fieldSize} bytes`));
    fields.set(name, [...(fields.get(name) ?? []), value]);
  });
  form.on("file", (name, content, fileName, _encoding, contentType) => {
    // The parser may still be at work on octets that came before a refusal.
    if (stop.signal.aborted || name !== "file" || file !== undefined) {
      content.on("error", () => undefined).resume();
      return refuse(wrong(name, "is a file that is not wanted here", 'one part named "file"'));
    }
    // Heard before whoever takes it: what the parser says of a part that is cut off is about the form. An abort is the
    // taker's own: its reason comes with its promise.
    content.on("error", (error) => {
      if (error.name !== "AbortError") stop.abort(formFailure(error));
    });
    const taken = take(content);
    // Its reason is given below; the rest of the body is of no use to anybody.
    taken.catch((error: unknown) => stop.abort(error));
    file = {
      taken,
      ...(fileName === undefined ? {} : { fileName }),
      ...(contentType === undefined ? {} : { contentType }),
    };
    stop.signal.addEventListener("abort", () => content.destroy(HubError.from(stop.signal.reason)), { once: true });
  });
  for (const bound of ["fieldsLimit", "partsLimit"] as const) {
    form.on(bound, () => refuse(wrong("", "the form has too many parts", `at most ${limits.fields} fields`)));
  }
  try {
    await pipeline(request.stream(), form, { signal: stop.signal });
    stop.signal.throwIfAborted();
  } catch (error) {
    const reason = stop.signal.aborted ? HubError.from(stop.signal.reason) : formFailure(error);
    stop.abort(reason);
    await file?.taken.catch(() => undefined);
    throw reason;
  }
  if (file === undefined) throw wrong("file", "the form has no such part", 'a part named "file" with the content');
  return { fields, file: { ...file, taken: await file.taken } };
}

function formReader(contentType: string | undefined): BusboyInstance {
  const type = contentType ?? "";
  if (!/^multipart\/form-data\s*(;|$)/i.test(type)) {
    const message = "a file comes as multipart/form-data, in a part named file";
    throw new HubError("unsupported-media-type", message, { problems: [{ place: "content-type", message }] });
  }
  try {
    return new Busboy({
      headers: { "content-type": type },
      limits,
      isPartAFile: (name, _type, fileName) => name === "file" || fileName !== undefined,
    });
  } catch (cause) {
    throw new HubError("malformed", "the form's Content-Type names no boundary", { cause });
  }
}

/** What the parser says is about the form; what the body's stream says is about the connection, and says it in a HubError. */
function formFailure(error: unknown): HubError {
  if (error instanceof HubError) return error;
  return new HubError("malformed", "the body is no whole multipart/form-data (RFC 7578)", { cause: error });
}

function wrong(name: string, what: string, expected: string): HubError {
  const place = name.slice(0, 100).replace(/\p{C}/gu, "\uFFFD");
  const message = place === "" ? what : `"${place}" ${what}`;
  return new HubError("malformed", message, { problems: [{ place, message, expected }] });
}
