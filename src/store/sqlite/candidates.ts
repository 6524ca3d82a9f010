import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Collection } from "../../core/document.ts";
import type { Filter } from "../../core/filter.ts";
import type { Seek } from "./seek.ts";
import { seeksOf } from "./seek-sql.ts";

/** So many candidates at most are taken from an index and looked at in one go. */
const MOST_CANDIDATES = 4_000;
/** Few enough to look no further for a better index. */
const FEW_CANDIDATES = 50;
/** Ways through indexes that are tried. */
const MOST_SEEKS = 8;
/** Statements kept prepared by one connection. */
const KEPT = 100;

/** Finds by index the few documents that can pass a filter. */
export class Candidates {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The documents that the best index leads to; `undefined` where all lead to many. */
  find(filter: Filter, collection: Collection): readonly number[] | undefined {
    const seeks = seeksOf(filter, collection).toSorted((one, other) => one.rank - other.rank);
    let best: readonly number[] | undefined;
    for (const seek of seeks.slice(0, MOST_SEEKS)) {
      const found = this.#seek(seek);
      if (found !== undefined && (best === undefined || found.length < best.length)) best = found;
      if (best !== undefined && best.length <= FEW_CANDIDATES) return best;
    }
    return best;
  }

  #seek({ selects }: Seek): readonly number[] | undefined {
    const found = new Set<number>();
    for (const { sql, parameters } of selects) {
      const rows = this.#statement(`${sql} LIMIT ?`).all(...parameters, MOST_CANDIDATES + 1);
      for (const { document } of rows) found.add(Number(document));
      if (rows.length > MOST_CANDIDATES || found.size > MOST_CANDIDATES) return undefined;
    }
    return [...found];
  }

  #statement(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    if (this.#statements.size >= KEPT) this.#statements.clear();
    const made = this.#database.prepare(text);
    this.#statements.set(text, made);
    return made;
  }
}
