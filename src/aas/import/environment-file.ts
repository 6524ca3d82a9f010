import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { HubError, type Problem } from "../../core/errors.ts";
import { type Aasx, type AasxPart, type AasxSpec, openAasx } from "../aasx/read-aasx.ts";
import { JsonPlaces } from "../json/json-places.ts";
import { defaultJsonLimits, readJsonEnvironment } from "../json/read-json-environment.ts";
import { defaultXmlLimits, readXmlEnvironment } from "../xml/read-xml.ts";
import type { SourceDocument } from "./source-document.ts";

/** A file with AAS documents that is open: JSON, XML or an AASX package. */
export interface EnvironmentFile {
  readonly format: "json" | "xml" | "aasx";
  /** All documents, read anew from the start. `stray` is told what stands beside them and does not belong there. */
  documents(stray: (problems: readonly Problem[]) => void): AsyncGenerator<SourceDocument>;
  /** Of the package as a whole. */
  readonly thumbnail: AasxPart | undefined;
  open(part: AasxPart): Readable;
  close(): void;
}

/** @throws HubError `not-found`, `malformed` where it is none of the three, and whatever `openAasx` throws */
export async function openEnvironmentFile(file: string): Promise<EnvironmentFile> {
  const format = await formatOf(file);
  if (format === "aasx") return ofPackage(await openAasx(file));
  return {
    format,
    documents: (stray) => documentsOf(createReadStream(file), format, stray, () => undefined),
    thumbnail: undefined,
    open() {
      throw new HubError("internal", "a file without package has no parts");
    },
    close: () => undefined,
  };
}

/** @param aasx is closed with it */
export function ofPackage(aasx: Aasx): EnvironmentFile {
  return {
    format: "aasx",
    async *documents(stray) {
      const foreign = aasx.foreign.map(({ name, contentType }) => ({
        place: name,
        message: `a specification of the type ${contentType}`,
        expected: "JSON or XML",
      }));
      if (foreign.length > 0) stray(foreign);
      for (const spec of aasx.specs) yield* documentsOfSpec(aasx, spec, stray);
    },
    thumbnail: aasx.thumbnail,
    open: (part) => aasx.open(part),
    close: () => aasx.close(),
  };
}

async function* documentsOfSpec(
  aasx: Aasx,
  spec: AasxSpec,
  stray: (problems: readonly Problem[]) => void,
): AsyncGenerator<SourceDocument> {
  const within = (place: string): string => `${spec.name}: ${place}`;
  const placed = (problems: readonly Problem[]): readonly Problem[] =>
    problems.map((problem) => ({ ...problem, place: within(problem.place) }));
  const part = (reference: string): AasxPart | undefined => aasx.part(reference, spec);
  try {
    const told = (problems: readonly Problem[]): void => stray(placed(problems));
    for await (const one of documentsOf(aasx.open(spec), spec.format, told, part)) {
      yield { ...one, problems: placed(one.problems), place: (pointer) => within(one.place(pointer)) };
    }
  } catch (thrown) {
    const error = HubError.from(thrown);
    const details = { cause: error, problems: placed(error.problems) };
    throw new HubError(error.code, `${spec.name}: ${error.message}`, details);
  }
}

async function* documentsOf(
  source: Readable,
  format: "json" | "xml",
  stray: (problems: readonly Problem[]) => void,
  part: (reference: string) => AasxPart | undefined,
): AsyncGenerator<SourceDocument> {
  if (format === "xml") {
    for await (const one of readXmlEnvironment(source, defaultXmlLimits, stray)) yield { ...one, part };
    return;
  }
  for await (const { type, value, pointer } of readJsonEnvironment(source, defaultJsonLimits, stray)) {
    const places = new JsonPlaces(value, pointer);
    yield { type, value, problems: [], place: (within) => places.find(value, within), part };
  }
}

/** By what it begins with: names of files say little. */
async function formatOf(file: string): Promise<EnvironmentFile["format"]> {
  const handle = await open(file).catch((error: unknown) => {
    throw new HubError("not-found", `the file ${file} cannot be opened`, { cause: error });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.toString("latin1").startsWith("PK")) return "aasx";
    // UTF-16 has a zero in each character of markup.
    const [first] = head
      .toString("latin1")
      .replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, "")
      .replace(/[\s\0]/g, "");
    if (first === "<") return "xml";
    if (first === "{") return "json";
  } finally {
    await handle.close();
  }
  const problems = [
    {
      place: "byte 0",
      message: "neither JSON nor XML nor a package",
      expected: "an AAS Environment or an AASX package",
    },
  ];
  throw new HubError("malformed", "the file holds no AAS documents", { problems });
}
