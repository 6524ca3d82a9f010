import type { WireError } from "./write-calls.ts";

/** One question to a worker thread and its one answer. */
export interface ThreadRequest {
  readonly id: number;
  readonly body: unknown;
}

export type ThreadReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: WireError };
