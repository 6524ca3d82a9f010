import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Collection, DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Filter, Page } from "../../core/filter.ts";
import { registerCompares } from "./compares.ts";
import { type StoredDocument, toDocument } from "./document-rows.ts";
import { filterSql } from "./filter-sql.ts";
import { pageLimit, pageOf } from "./page.ts";
import { SearchDeadline } from "./search-deadline.ts";
import { type Seek, seeksOf } from "./seek-sql.ts";

/** So many candidates at most are taken from an index and looked at in one go. */
const MOST_CANDIDATES = 4_000;
/** Few enough to look no further for a better index. */
const FEW_CANDIDATES = 50;
/** Ways through indexes that are tried. */
const MOST_SEEKS = 8;
/** Documents that are judged at once: few at first, since one may have ten thousand parts. */
const PIECE = { first: 4, most: 65_536, wantedMs: 40 } as const;
/** A piece that takes longer is made smaller; a query that takes longer over one document is refused. */
const LONGEST_PIECE_MS = 500;

export interface Search {
  readonly filter: Filter;
  readonly limit: number;
  readonly after: number;
  /** Milliseconds for the page; a first piece is always judged. */
  readonly patience: number;
  readonly now: number;
}

/**
 * Lists documents by a filter that may have to look at all of them. Where an index leads to few candidates, these alone
 * are judged; else all are, in the order of their ordinals. Either ends with the page or with its time.
 */
export class DocumentSearch {
  readonly #database: DatabaseSync;
  readonly #deadline: SearchDeadline;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#deadline = new SearchDeadline();
    registerCompares(database, this.#deadline);
  }

  list(collection: Collection, search: Search): Page<DocumentRow> {
    const candidates = this.#candidates(collection, search);
    const pieces = candidates === undefined ? this.#all(collection) : among(collection, candidates);
    return this.#judge(collection, search, pageLimit(search), pieces);
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

  /** Judges documents piece by piece, each piece as large as the time for one allows. */
  #judge(collection: Collection, search: Search, limit: number, pieces: Pieces): Page<DocumentRow> {
    const { sql, parameters } = filterSql(search.filter, collection, search.now, true);
    const statement = this.#database.prepare(`SELECT d.* ${pieces.from} AND (d.expires_at IS NULL OR d.expires_at > ?)
      AND (${sql}) ORDER BY d.ordinal LIMIT ?`);
    const began = performance.now();
    const found: DocumentRow[] = [];
    let after = search.after;
    for (let size: number = PIECE.first; ; ) {
      const piece = pieces.next(after, size);
      if (piece === undefined) return { items: found };
      const start = performance.now();
      const bound = [...piece.parameters, search.now, ...parameters, limit + 1 - found.length];
      const rows = this.#deadline.within(LONGEST_PIECE_MS, () => statement.all(...bound));
      if (rows === undefined) {
        if (size === 1) throw new HubError("too-complex", "the query compares too much in one document: name paths");
        size = Math.ceil(size / 16);
        continue;
      }
      found.push(...(rows as unknown as StoredDocument[]).map(toDocument));
      if (found.length > limit) return pageOf(found, limit);
      after = piece.last;
      const now = performance.now();
      size = Math.round(Math.min(PIECE.most, Math.max(1, (size * PIECE.wantedMs) / Math.max(now - start, 1))));
      const isOver = now - began > search.patience && pieces.next(after, 1) !== undefined;
      if (isOver) return { items: found, next: after };
    }
  }

  #all(collection: Collection): Pieces {
    const last = this.#database.prepare(`SELECT max(ordinal) AS last FROM ${collection}_document`).get()?.last;
    const end = Number(last ?? 0);
    return {
      from: `FROM ${collection}_document d WHERE d.ordinal > ? AND d.ordinal <= ?`,
      next: (after, size) =>
        after >= end ? undefined : { parameters: [after, after + size], last: Math.min(after + size, end) },
    };
  }
}

/** Documents in ascending order of ordinals, a piece at a time. */
interface Pieces {
  /** FROM and WHERE over `d`, with the parameters of a piece. */
  readonly from: string;
  next(
    after: number,
    size: number,
  ): { readonly parameters: readonly SQLInputValue[]; readonly last: number } | undefined;
}

function among(collection: Collection, candidates: readonly number[]): Pieces {
  const sorted = candidates.toSorted((one, other) => one - other);
  return {
    from: `FROM json_each(?) c CROSS JOIN ${collection}_document d ON d.ordinal = c.value WHERE 1`,
    next(after, size) {
      const first = sorted.findIndex((ordinal) => ordinal > after);
      const piece = first < 0 ? [] : sorted.slice(first, first + size);
      const last = piece.at(-1);
      return last === undefined ? undefined : { parameters: [JSON.stringify(piece)], last };
    },
  };
}
