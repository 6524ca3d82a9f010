import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Collection, DocumentRow } from "../../core/document.ts";
import type { Filter, Page } from "../../core/filter.ts";
import { type StoredDocument, toDocument } from "./document-rows.ts";
import { filterSql } from "./filter-sql.ts";
import { pageLimit, pageOf } from "./page.ts";
import { type Seek, seeksOf } from "./seek-sql.ts";

/** So many candidates at most are taken from an index and looked at in one go. */
const MOST_CANDIDATES = 4_000;
/** Few enough to look no further for a better index. */
const FEW_CANDIDATES = 50;
/** Ways through indexes that are tried. */
const MOST_SEEKS = 8;
const WINDOW = { first: 1_024, least: 256, most: 65_536, wantedMs: 40 } as const;

export interface Search {
  readonly filter: Filter;
  readonly limit: number;
  readonly after: number;
  /** Milliseconds for the page; a first step is always made. */
  readonly patience: number;
  readonly now: number;
}

/**
 * Lists documents by a filter that may have to look at all of them. Where an index leads to few candidates, these alone
 * are judged; else documents are walked in windows of ordinals until the page is full or its time is over.
 */
export class DocumentSearch {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  list(collection: Collection, search: Search): Page<DocumentRow> {
    const limit = pageLimit(search);
    const candidates = this.#candidates(collection, search);
    return candidates === undefined
      ? this.#walk(collection, search, limit)
      : this.#among(collection, search, limit, candidates);
  }

  /** The documents that the best index leads to; `undefined` where all lead to many. */
  #candidates(collection: Collection, { filter }: Search): readonly number[] | undefined {
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
      const rows = this.#database.prepare(`${sql} LIMIT ?`).all(...parameters, MOST_CANDIDATES + 1);
      for (const { document } of rows) found.add(Number(document));
      if (rows.length > MOST_CANDIDATES || found.size > MOST_CANDIDATES) return undefined;
    }
    return [...found];
  }

  #among(
    collection: Collection,
    { filter, after, now }: Search,
    limit: number,
    candidates: readonly number[],
  ): Page<DocumentRow> {
    const { sql, parameters } = filterSql(filter, collection, now, true);
    const rows = this.#rows(
      `FROM json_each(?) c CROSS JOIN ${collection}_document d ON d.ordinal = c.value
        WHERE d.ordinal > ? AND (d.expires_at IS NULL OR d.expires_at > ?) AND (${sql}) ORDER BY d.ordinal LIMIT ?`,
      [JSON.stringify(candidates), after, now, ...parameters, limit + 1],
    );
    return pageOf(rows, limit);
  }

  #walk(collection: Collection, { filter, after, patience, now }: Search, limit: number): Page<DocumentRow> {
    const last = this.#database.prepare(`SELECT max(ordinal) AS last FROM ${collection}_document`).get()?.last;
    const end = Number(last ?? 0);
    const { sql, parameters } = filterSql(filter, collection, now, true);
    const statement = `FROM ${collection}_document d
      WHERE d.ordinal > ? AND d.ordinal <= ? AND (d.expires_at IS NULL OR d.expires_at > ?) AND (${sql})
      ORDER BY d.ordinal LIMIT ?`;
    const began = performance.now();
    const found: DocumentRow[] = [];
    let from = after;
    for (let size: number = WINDOW.first; from < end; ) {
      const start = performance.now();
      const to = from + size;
      found.push(...this.#rows(statement, [from, to, now, ...parameters, limit + 1 - found.length]));
      if (found.length > limit) return pageOf(found, limit);
      from = to;
      const took = performance.now() - start;
      size = Math.round(Math.min(WINDOW.most, Math.max(WINDOW.least, (size * WINDOW.wantedMs) / Math.max(took, 1))));
      if (performance.now() - began > patience && from < end) return { items: found, next: from };
    }
    return { items: found };
  }

  #rows(from: string, parameters: readonly SQLInputValue[]): readonly DocumentRow[] {
    const rows = this.#database.prepare(`SELECT d.* ${from}`).all(...parameters);
    return (rows as unknown as StoredDocument[]).map(toDocument);
  }
}
