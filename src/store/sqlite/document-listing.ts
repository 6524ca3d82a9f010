import type { SQLInputValue } from "node:sqlite";
import { setImmediate as otherReads } from "node:timers/promises";
import type { Collection, DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Filter, Page, PageRequest } from "../../core/filter.ts";
import { type StoredDocument, toDocument } from "../form/document-rows.ts";
import { pageLimit } from "../form/page.ts";
import { type Candidates, MOST_CANDIDATES } from "./candidates.ts";
import { DocumentOrder } from "./document-order.ts";
import { filterSql } from "./filter-sql.ts";
import { allPieces, keyedPieces, type Pieces, piecesAmong } from "./pieces.ts";
import type { SearchDeadline } from "./search-deadline.ts";
import type { StatementCache } from "./statement-cache.ts";

/** Documents that are judged at once: few at first, since one may have ten thousand parts. */
const PIECE = { first: 16, page: 256, most: 65_536, wantedMs: 5 } as const;
const LONGEST_PIECE_MS = 500;
/** A list that has to look at so much is refused rather than answered late. */
const LONGEST_MS = 20_000;
/** So long one list has the thread before others have their turn. */
const TURN_MS = 5;
const MOST_SORTED = 100_000;

interface Wish {
  readonly filter: Filter | undefined;
  readonly page: PageRequest;
  readonly now: number;
}

/**
 * Lists whole pages by a filter that may have to look at all documents, counted and sorted where that is asked for. Where
 * an index leads to few candidates these alone are judged; else a type's documents or all are, in the order of their
 * ordinals, until the page is full. Other reads have their turn in between. `too-complex` after twenty seconds.
 */
export class DocumentListing {
  readonly #statements: StatementCache;
  readonly #deadline: SearchDeadline;
  readonly #candidates: Candidates;
  readonly #order: DocumentOrder;

  constructor(statements: StatementCache, deadline: SearchDeadline, candidates: Candidates) {
    this.#statements = statements;
    this.#deadline = deadline;
    this.#candidates = candidates;
    this.#order = new DocumentOrder(statements);
  }

  async list(collection: Collection, wish: Wish): Promise<Page<DocumentRow>> {
    const { page, now } = wish;
    const limit = pageLimit(page);
    const { after = 0, offset = 0, order } = page;
    const isCounted = page.count === true;
    const last = order === undefined ? offset + limit + 1 : MOST_SORTED + 1;
    const found: number[] = [];
    let total = 0;
    const missing = (): number => last - found.length;
    for await (const { ordinals, count } of this.#matches(collection, wish, isCounted, missing)) {
      total += count;
      for (const ordinal of ordinals) if (ordinal > after && found.length < last) found.push(ordinal);
      if (order !== undefined && found.length > MOST_SORTED) {
        throw new HubError("too-complex", `more than ${MOST_SORTED} match, which is too much to sort: ask for less`);
      }
      if (!isCounted && missing() <= 0) break;
    }
    const sorted = order === undefined ? found : await this.#order.sorted(collection, found, order, now);
    const items = this.#documents(collection, sorted.slice(offset, offset + limit));
    const next = items.at(-1)?.ordinal;
    return {
      items,
      ...(sorted.length > offset + limit && next !== undefined ? { next } : {}),
      ...(isCounted ? { total } : {}),
    };
  }

  /** What passes, piece by piece; once none is `missing` it is counted alone. */
  async *#matches(
    collection: Collection,
    { filter, page, now }: Wish,
    isCounted: boolean,
    missing: () => number,
  ): AsyncGenerator<{ readonly ordinals: readonly number[]; readonly count: number }> {
    const isWhole = isCounted || page.order !== undefined;
    const pieces = this.#pieces(collection, filter, MOST_CANDIDATES[isWhole ? "all" : "page"]);
    const { sql, parameters } = filterSql(pieces.left ?? filter, collection, now, true);
    const passing = `${pieces.from} AND (d.expires_at IS NULL OR d.expires_at > ?) AND (${sql})`;
    const list = this.#statements.prepare(`SELECT d.ordinal ${passing} ORDER BY ${pieces.order} LIMIT ?`);
    const counting = this.#statements.prepare(`SELECT count(*) AS count ${passing}`);
    const end = performance.now() + LONGEST_MS;
    let turn = performance.now();
    let after = isCounted ? 0 : (page.after ?? 0);
    for (let size: number = Math.max(PIECE.first, Math.min(missing(), PIECE.page)); ; ) {
      const piece = pieces.next(after, size);
      if (piece === undefined) return;
      const start = performance.now();
      if (start > end) throw new HubError("too-complex", "the query looks at too much: name a type, or what is rarer");
      const bound: SQLInputValue[] = [...piece.parameters, now, ...parameters];
      const isFull = missing() <= 0;
      const most = isCounted ? size : Math.min(missing(), size);
      const rows = this.#deadline.within(LONGEST_PIECE_MS, () =>
        isFull ? counting.all(...bound) : list.all(...bound, most),
      );
      if (rows === undefined) {
        if (size === 1) throw new HubError("too-complex", "the query compares too much in one document");
        size = Math.ceil(size / 16);
        continue;
      }
      yield isFull
        ? { ordinals: [], count: Number(rows[0]?.count) }
        : { ordinals: rows.map(({ ordinal }) => Number(ordinal)), count: rows.length };
      after = piece.last;
      const done = performance.now();
      size = Math.round(Math.min(PIECE.most, Math.max(1, (size * PIECE.wantedMs) / Math.max(done - start, 0.2))));
      if (done - turn > TURN_MS) {
        await otherReads();
        turn = performance.now();
      }
    }
  }

  #pieces(collection: Collection, filter: Filter | undefined, most: number): Pieces {
    if (filter === undefined) return allPieces(this.#statements, collection);
    const keyed = keyedPieces(this.#statements, collection, filter);
    // Of one key alone all are wanted: there is nothing to be found out.
    if (keyed !== undefined && filter.kind === "key") return keyed;
    const candidates = this.#candidates.find(filter, collection, most);
    if (candidates !== undefined) return piecesAmong(collection, candidates);
    return keyed ?? allPieces(this.#statements, collection);
  }

  #documents(collection: Collection, ordinals: readonly number[]): readonly DocumentRow[] {
    if (ordinals.length === 0) return [];
    const rows = this.#statements.prepare(`SELECT d.* FROM json_each(?) c
      CROSS JOIN ${collection}_document d ON d.ordinal = c.value ORDER BY c.key`);
    return (rows.all(JSON.stringify(ordinals)) as unknown as StoredDocument[]).map(toDocument);
  }
}
