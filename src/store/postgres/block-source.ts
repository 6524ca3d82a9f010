import type { HistoryQuery, HistoryRange } from "../series-contract.ts";
import type { Session } from "./session.ts";

export interface StoredBlock {
  readonly id: number;
  readonly checksum: number;
  readonly body: Buffer;
  /** Least and greatest of the time that was asked by. */
  readonly first: number;
  readonly last: number;
}

type Order = HistoryQuery["order"];

/** How far the segments have been brought together: series below `series` are done up to segment `upTo`. */
export interface Compacted {
  readonly series: number;
  readonly upTo: number;
}

/** Blocks fetched at a time. */
const FETCHED = 32;

/** The blocks of history that may hold rows of a range, within a transaction that sees one moment. */
export class BlockSource {
  readonly #session: Session;
  readonly #tenant: number;

  constructor(session: Session, tenant: number) {
    this.#session = session;
    this.#tenant = tenant;
  }

  /** By id: in the order of their commits. */
  segments(range: HistoryRange, order: Order, after: number): AsyncIterable<StoredBlock> {
    return this.#read("history_segment", "id > ?", after, range, () => (order === "oldest-first" ? "id" : "id DESC"));
  }

  /** Those of one series, by the edge that a reader in this order comes to first. */
  chunks(range: HistoryRange, order: Order, series: number): AsyncIterable<StoredBlock> {
    return this.#read("history_chunk", "series = ?", series, range, (first, last) =>
      order === "oldest-first" ? first : `${last} DESC`,
    );
  }

  /** The instances up to which series were erased. */
  async erasedUpTo(series: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const rows = await this.#session.all<{ series: number; up_to: number }>(
      "SELECT series, up_to FROM history_cut WHERE tenant = ? AND series = ANY(?::bigint[])",
      [this.#tenant, series],
    );
    return new Map(rows.map((row) => [row.series, row.up_to]));
  }

  async compacted(): Promise<Compacted> {
    const [row] = await this.#session.all<Compacted>(
      `SELECT compact_series AS series, compact_up_to AS "upTo" FROM upkeep WHERE tenant = ?`,
      [this.#tenant],
    );
    return row ?? { series: 0, upTo: 0 };
  }

  async *#read(
    table: string,
    scope: string,
    value: number,
    { from, to, by = "at" }: HistoryRange,
    order: (first: string, last: string) => string,
  ): AsyncGenerator<StoredBlock> {
    const isSource = by === "at" || by === "observed";
    const [first, last] = isSource ? ["first_at", "last_at"] : ["first_created", "last_modified"];
    // A cursor: a reader stops when it has enough.
    await this.#session.all(
      `DECLARE block NO SCROLL CURSOR FOR SELECT id, checksum, body, ${first} AS first, ${last} AS last FROM ${table}
       WHERE tenant = ? AND ${scope} AND ${last} >= ? AND ${first} < ? ORDER BY ${order(first, last)}`,
      [this.#tenant, value, from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY],
    );
    try {
      for (;;) {
        const blocks = await this.#session.all<StoredBlock>(`FETCH ${FETCHED} FROM block`);
        yield* blocks;
        if (blocks.length < FETCHED) return;
      }
    } finally {
      if (!this.#session.isLost) await this.#session.run("CLOSE block");
    }
  }
}
