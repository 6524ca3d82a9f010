import { setImmediate as otherWork } from "node:timers/promises";
import type { Collection, DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Filter, Order, Page, PageRequest } from "../../core/filter.ts";
import { type StoredDocument, toDocument } from "../form/document-rows.ts";
import { pageLimit } from "../form/page.ts";
import { type OrderEntry, orderEntry, orderedNames, type SortedHead, sortedOrdinals } from "../search/order-keys.ts";
import { checkPatterns } from "../search/patterns.ts";
import { FilterJudge } from "./filter-judge.ts";
import { JUDGED_COLUMNS, JudgeLoads } from "./judge-loads.ts";
import type { JudgedDocument } from "./judged.ts";
import type { Parameter } from "./parameters.ts";
import { type Prefilter, prefilter } from "./prefilter.ts";
import type { Session } from "./session.ts";
import { alive, MODIFIED_AT } from "./shown-part.ts";
import type { TenantDatabase } from "./tenant-database.ts";

/** Documents that are judged at once: few at first, since one may have ten thousand parts. */
const PIECE = { first: 16, most: 4_096, wantedMs: 20 } as const;
/** A list that has to look at so much is refused rather than answered late. */
const LONGEST_MS = 10_000;
const MOST_SORTED = 100_000;
const SORTED_PIECE = 500;

interface Wish {
  readonly collection: Collection;
  readonly filter: Filter | undefined;
  readonly page: PageRequest;
  readonly now: number;
}

/**
 * Lists documents. What indexes decide alone is asked of the database in one go; other conditions are judged here, piece
 * by piece, with other work in between. `too-complex` after ten seconds.
 */
export class DocumentListing {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  async list(collection: Collection, filter: Filter | undefined, page: PageRequest, now: number) {
    const limit = pageLimit(page);
    checkPatterns(filter);
    const before = prefilter(filter, collection, this.#database.tenant, now);
    const wish: Wish = { collection, filter, page, now };
    // One moment for all pieces: what is listed is what was there then.
    return this.#database.snapshot((session) => {
      if (page.patience !== undefined && filter !== undefined) return this.#patient(session, wish, before, limit);
      return this.#page(session, wish, before, limit);
    });
  }

  async #page(session: Session, wish: Wish, before: Prefilter, limit: number): Promise<Page<DocumentRow>> {
    const { collection, page, now } = wish;
    const { after = 0, offset = 0, order, count: isCounted = false } = page;
    const last = order === undefined ? offset + limit + 1 : MOST_SORTED + 1;
    let found: number[] = [];
    let total: number | undefined;
    if (before.isExact) {
      if (isCounted) total = await this.#count(session, wish, before);
      found = [...(await this.#ordinals(session, wish, before, after, last))];
    } else {
      const counting = new Counting(isCounted, after, last);
      for await (const ordinals of this.#matches(session, wish, before, isCounted ? 0 : after)) {
        if (counting.add(ordinals)) break;
      }
      found = counting.found;
      if (isCounted) total = counting.total;
    }
    if (order !== undefined && found.length > MOST_SORTED) {
      throw new HubError("too-complex", `more than ${MOST_SORTED} match, which is too much to sort: ask for less`);
    }
    const sorted = order === undefined ? found : await this.#sorted(session, collection, found, order, now);
    const items = await this.#documents(session, collection, sorted.slice(offset, offset + limit));
    const next = items.at(-1)?.ordinal;
    return {
      items,
      ...(sorted.length > offset + limit && next !== undefined ? { next } : {}),
      ...(total === undefined ? {} : { total }),
    };
  }

  /** Ends with the page or with its time. */
  async #patient(session: Session, wish: Wish, before: Prefilter, limit: number): Promise<Page<DocumentRow>> {
    const { collection, page } = wish;
    const end = performance.now() + (page.patience ?? 0);
    const found: number[] = [];
    let next: number | undefined;
    for await (const ordinals of this.#matches(session, wish, before, page.after ?? 0, (after) => {
      next = after;
    })) {
      found.push(...ordinals);
      if (found.length > limit) {
        next = found[limit - 1];
        break;
      }
      if (next === undefined || performance.now() > end) break;
    }
    const items = await this.#documents(session, collection, found.slice(0, limit));
    return { items, ...(next === undefined ? {} : { next }) };
  }

  /** The ordinals of what passes, piece by piece; `reached`: where a next piece would begin, if there may be one. */
  async *#matches(
    session: Session,
    wish: Wish,
    before: Prefilter,
    from: number,
    reached: (after: number | undefined) => void = () => undefined,
  ): AsyncGenerator<readonly number[]> {
    const end = performance.now() + LONGEST_MS;
    const check = (): void => {
      if (performance.now() <= end) return;
      throw new HubError("too-complex", "the query looks at too much: name a type, or what is rarer");
    };
    const judge = new FilterJudge(new JudgeLoads(session, this.#database.tenant, wish.now), check);
    let after = from;
    for (let size: number = PIECE.first; ; ) {
      check();
      const start = performance.now();
      const { text, parameters } = this.#select(wish, before, JUDGED_COLUMNS);
      const piece = await session.all<JudgedDocument>(`${text} AND d.ordinal > ? ORDER BY d.ordinal LIMIT ?`, [
        ...parameters,
        after,
        size,
      ]);
      const passed = wish.filter === undefined ? piece : await judge.passing(wish.filter, piece);
      after = piece.at(-1)?.ordinal ?? after;
      const isLast = piece.length < size;
      reached(isLast ? undefined : after);
      yield passed.map(({ ordinal }) => ordinal);
      if (isLast) return;
      const took = Math.max(performance.now() - start, 0.2);
      size = Math.round(Math.min(PIECE.most, Math.max(4, Math.min(size * 4, (size * PIECE.wantedMs) / took))));
      await otherWork();
    }
  }

  async #count(session: Session, wish: Wish, before: Prefilter): Promise<number> {
    const { text, parameters } = this.#select(wish, before, "count(*) AS total");
    return (await session.all<{ total: number }>(text, parameters))[0]?.total ?? 0;
  }

  async #ordinals(
    session: Session,
    wish: Wish,
    before: Prefilter,
    after: number,
    last: number,
  ): Promise<readonly number[]> {
    const { text, parameters } = this.#select(wish, before, "d.ordinal");
    const rows = await session.all<{ ordinal: number }>(`${text} AND d.ordinal > ? ORDER BY d.ordinal LIMIT ?`, [
      ...parameters,
      after,
      last,
    ]);
    return rows.map(({ ordinal }) => ordinal);
  }

  #select({ collection, now }: Wish, before: Prefilter, columns: string) {
    const parameters: readonly Parameter[] = [this.#database.tenant, collection, now, ...before.parameters];
    const text = `SELECT ${columns} FROM document d
      WHERE d.tenant = ? AND d.collection = ? AND ${alive("d")} AND (${before.sql})`;
    return { text, parameters };
  }

  async #documents(session: Session, collection: Collection, ordinals: readonly number[]) {
    if (ordinals.length === 0) return [];
    const rows = await session.all<StoredDocument>(
      "SELECT d.* FROM document d WHERE d.tenant = ? AND d.collection = ? AND d.ordinal = ANY(?::bigint[])",
      [this.#database.tenant, collection, ordinals],
    );
    const found = new Map(rows.map((row) => [row.ordinal, row]));
    return ordinals.flatMap((ordinal) => found.get(ordinal) ?? []).map(toDocument);
  }

  async #sorted(session: Session, collection: Collection, ordinals: readonly number[], order: Order, now: number) {
    const { tenant } = this.#database;
    const loads = new JudgeLoads(session, tenant, now);
    const names = orderedNames(order);
    const entries: OrderEntry[] = [];
    for (let from = 0; from < ordinals.length; from += SORTED_PIECE) {
      const some = ordinals.slice(from, from + SORTED_PIECE);
      const heads = await session.all<SortedHead>(
        `SELECT d.ordinal, d.id, d.body, d.created_at AS created, ${MODIFIED_AT} AS modified FROM document d
         WHERE d.tenant = ? AND d.collection = ? AND d.ordinal = ANY(?::bigint[])`,
        [tenant, collection, some],
      );
      const parts = await loads.namedOf(some, collection, names);
      for (const head of heads) entries.push(orderEntry(order, head, parts.get(Number(head.ordinal)) ?? []));
    }
    return sortedOrdinals(entries, order);
  }
}

/** What a list has found so far. */
class Counting {
  readonly found: number[] = [];
  total = 0;
  readonly #isCounted: boolean;
  readonly #after: number;
  readonly #last: number;

  constructor(isCounted: boolean, after: number, last: number) {
    this.#isCounted = isCounted;
    this.#after = after;
    this.#last = last;
  }

  /** True: that is enough. */
  add(ordinals: readonly number[]): boolean {
    this.total += ordinals.length;
    for (const ordinal of ordinals) {
      if (ordinal > this.#after && this.found.length < this.#last) this.found.push(ordinal);
    }
    return !this.#isCounted && this.found.length >= this.#last;
  }
}
