import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { HistoryQuery, HistoryRange } from "../series-contract.ts";

export interface StoredBlock {
  readonly checksum: number;
  readonly body: Uint8Array;
  /** Least and greatest of the time that was asked by. */
  readonly first: number;
  readonly last: number;
}

export interface StoredSegment extends StoredBlock {
  readonly id: number;
}

type Order = HistoryQuery["order"];
type ByTime = Readonly<Record<"source" | "commit", Readonly<Record<Order, StatementSync>>>>;

/** How far the segments have been brought together: series below `series` are done up to segment `upTo`. */
export interface Compacted {
  readonly series: number;
  readonly upTo: number;
}

/** The blocks of history that may hold rows of a range, in the order in which a reader wants them. */
export class BlockSource {
  readonly #database: DatabaseSync;
  readonly #segments: ByTime;
  readonly #chunks: ByTime;
  readonly #cut: StatementSync;
  readonly #progress: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const both = (
      table: string,
      scope: string,
      order: (first: string, last: string) => Record<Order, string>,
    ): ByTime => {
      const of = (first: string, last: string) => {
        const text = (direction: Order): StatementSync =>
          database.prepare(`
            SELECT id, checksum, body, ${first} AS first, ${last} AS last FROM ${table}
            WHERE ${scope} AND ${last} >= ?2 AND ${first} < ?3 ORDER BY ${order(first, last)[direction]}`);
        return { "oldest-first": text("oldest-first"), "newest-first": text("newest-first") };
      };
      return { source: of("first_at", "last_at"), commit: of("first_created", "last_modified") };
    };
    this.#segments = both("history_segment", "id > ?1", () => ({ "oldest-first": "id", "newest-first": "id DESC" }));
    this.#chunks = both("history_chunk", "series = ?1", (first, last) => ({
      "oldest-first": first,
      "newest-first": `${last} DESC`,
    }));
    this.#cut = database.prepare("SELECT up_to FROM history_cut WHERE series = ?");
    this.#progress = database.prepare("SELECT value FROM counter WHERE name = ?");
  }

  /** One transaction, so that no row is seen twice or never while the writer brings history together. */
  together<T>(read: () => T): T {
    this.#database.exec("BEGIN");
    try {
      return read();
    } finally {
      this.#database.exec("COMMIT");
    }
  }

  /** By id: in the order of their commits. */
  segments(range: HistoryRange, order: Order, after: number): Iterable<StoredSegment> {
    return this.#read(this.#segments, range, order, after) as Iterable<StoredSegment>;
  }

  /** Those of one series, by the edge that a reader in this order comes to first. */
  chunks(range: HistoryRange, order: Order, series: number): Iterable<StoredBlock> {
    return this.#read(this.#chunks, range, order, series);
  }

  /** The instance up to which the series was erased; -1: it was not. */
  erasedUpTo(series: number): number {
    return Number(this.#cut.get(series)?.up_to ?? -1);
  }

  compacted(): Compacted {
    return { series: this.#counter("compactSeries"), upTo: this.#counter("compactUpTo") };
  }

  #read(statements: ByTime, { from, to, by = "at" }: HistoryRange, order: Order, scope: number): Iterable<StoredBlock> {
    const statement = statements[by === "at" || by === "observed" ? "source" : "commit"][order];
    const [least, greatest] = [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
    return statement.iterate(scope, least, greatest) as unknown as Iterable<StoredBlock>;
  }

  #counter(name: string): number {
    return Number(this.#progress.get(name)?.value ?? 0);
  }
}
