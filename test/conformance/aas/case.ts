import type { Verb } from "./official/openapi.ts";
import type { World } from "./world.ts";

export type Params = Readonly<Record<string, string>>;

/** What is put into an operation's template and sent along. */
export interface Ask {
  /** By the template's names, not yet percent-encoded. */
  readonly params?: Params;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON, or text that is sent as it is. */
  readonly body?: unknown;
  /** Instead of a body: `multipart/form-data`. */
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of the official OpenAPI asked once, and the status that its text demands then. */
export interface Case {
  readonly verb: Verb;
  /** The official template. */
  readonly path: string;
  readonly status: number;
  /** What is special about the request; empty for the plain success. */
  readonly what: string;
  /** Prepares what the request needs, so that cases do not depend on each other. */
  ask(world: World): Promise<Ask> | Ask;
  /** What the schema cannot say of the answer: what is wrong with it. */
  readonly wrong?: (body: string) => string | undefined;
}

type Asking = (world: World) => Promise<Ask> | Ask;

/** A success where `what` is left out. */
export function asks(verb: Verb, path: string, status: number, ask: Asking, what = ""): Case {
  return { verb, path, status, what, ask };
}

/** A file as `multipart/form-data`, in the parts that the official OpenAPI names. */
export function fileForm(
  name: string,
  content: string,
  type: string,
  others: Readonly<Record<string, string>> = {},
): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(others)) form.append(key, value);
  form.append("fileName", name);
  form.append("file", new Blob([content], { type }), name);
  return form;
}
