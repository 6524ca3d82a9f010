import type { SQLInputValue } from "node:sqlite";

/** A SELECT of ordinals, as `document`, that an index answers. */
export interface SeekSelect {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

/** Selects that together find all documents which can pass a filter, and maybe others. */
export interface Seek {
  /** How few it is likely to find; lower is fewer. */
  readonly rank: number;
  readonly selects: readonly SeekSelect[];
}
