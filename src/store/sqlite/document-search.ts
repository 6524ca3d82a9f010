import type { Collection, DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Filter, Page } from "../../core/filter.ts";
import { type StoredDocument, toDocument } from "../form/document-rows.ts";
import { pageLimit, pageOf } from "../form/page.ts";
import type { Candidates } from "./candidates.ts";
import { filterSql } from "./filter-sql.ts";
import { allPieces, type Pieces, piecesAmong } from "./pieces.ts";
import type { SearchDeadline } from "./search-deadline.ts";
import type { StatementCache } from "./statement-cache.ts";

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
  readonly #statements: StatementCache;
  readonly #deadline: SearchDeadline;
  readonly #candidates: Candidates;

  constructor(statements: StatementCache, deadline: SearchDeadline, candidates: Candidates) {
    this.#statements = statements;
    this.#deadline = deadline;
    this.#candidates = candidates;
  }

  list(collection: Collection, search: Search): Page<DocumentRow> {
    const candidates = this.#candidates.find(search.filter, collection);
    const pieces =
      candidates === undefined ? allPieces(this.#statements, collection) : piecesAmong(collection, candidates);
    return this.#judge(collection, search, pageLimit(search), pieces);
  }

  /** Judges documents piece by piece, each piece as large as the time for one allows. */
  #judge(collection: Collection, search: Search, limit: number, pieces: Pieces): Page<DocumentRow> {
    const { sql, parameters } = filterSql(search.filter, collection, search.now, true);
    const statement = this.#statements.prepare(`SELECT d.* ${pieces.from} AND (d.expires_at IS NULL OR d.expires_at > ?)
      AND (${sql}) ORDER BY ${pieces.order} LIMIT ?`);
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
}
