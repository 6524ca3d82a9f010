import type { Collection } from "../../core/document.ts";
import type { Filter } from "../../core/filter.ts";
import type { Seek } from "./seek.ts";
import { seeksOf } from "./seek-sql.ts";
import type { StatementCache } from "./statement-cache.ts";

/** So many candidates at most are taken from an index and looked at: for a page, and where all have to be found anyway. */
export const MOST_CANDIDATES = { page: 4_000, all: 40_000 } as const;
/** Few enough to look no further for a better index. */
const FEW_CANDIDATES = 50;
/** Ways through indexes that are tried. */
const MOST_SEEKS = 8;

/** So long a way that led to too many is not tried again. */
const REMEMBERED_MS = 10_000;
const MOST_REMEMBERED = 1_000;

/** Finds by index the few documents that can pass a filter. */
export class Candidates {
  readonly #statements: StatementCache;
  /** Until when each way, by its text and what it asks for, is taken to lead to too many. */
  readonly #wide = new Map<string, number>();

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  /** The documents that the best index leads to; `undefined` where all lead to many. */
  find(filter: Filter, collection: Collection, most: number = MOST_CANDIDATES.page): readonly number[] | undefined {
    const seeks = seeksOf(filter, collection).toSorted((one, other) => one.rank - other.rank);
    let best: readonly number[] | undefined;
    for (const seek of seeks.slice(0, MOST_SEEKS)) {
      const found = this.#seek(seek, most);
      if (found !== undefined && (best === undefined || found.length < best.length)) best = found;
      if (best !== undefined && best.length <= FEW_CANDIDATES) return best;
    }
    return best;
  }

  #seek({ selects }: Seek, most: number): readonly number[] | undefined {
    const found = new Set<number>();
    for (const { sql, parameters } of selects) {
      const key = `${most} ${sql} ${JSON.stringify(parameters)}`;
      if ((this.#wide.get(key) ?? 0) > performance.now()) return undefined;
      const rows = this.#statements.prepare(`${sql} LIMIT ?`).all(...parameters, most + 1);
      for (const { document } of rows) found.add(Number(document));
      if (rows.length > most) this.#remember(key);
      if (rows.length > most || found.size > most) return undefined;
    }
    return [...found];
  }

  #remember(key: string): void {
    if (this.#wide.size >= MOST_REMEMBERED) this.#wide.clear();
    this.#wide.set(key, performance.now() + REMEMBERED_MS);
  }
}
