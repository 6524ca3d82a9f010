import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HubError } from "../../core/errors.ts";
import type { HistoryQuery, HistoryRow } from "../contract.ts";
import { type HistoryBlock, isDeleted, kindOf, qualityBits } from "./history-block.ts";
import { decodeHistory, decodeHistoryOf } from "./history-codec.ts";
import { HistoryWindow } from "./history-window.ts";
import { qualityOf } from "./sample-columns.ts";
import { decodeValue } from "./value-codec.ts";

interface StoredBlock {
  readonly checksum: number;
  readonly body: Uint8Array;
  readonly first_at: number;
  readonly last_at: number;
}

/** Reads one series' history from its chunks and from the segments that are not brought together yet. */
export class HistoryReader {
  readonly #database: DatabaseSync;
  readonly #segments: Readonly<Record<HistoryQuery["order"], StatementSync>>;
  readonly #chunks: Readonly<Record<HistoryQuery["order"], StatementSync>>;
  readonly #progress: StatementSync;

  constructor(database: DatabaseSync) {
    const columns = "checksum, body, first_at, last_at";
    const range = "last_at >= ?2 AND first_at < ?3";
    const segments = `SELECT ${columns} FROM history_segment WHERE id > ?1 AND ${range}`;
    const chunks = `SELECT ${columns} FROM history_chunk WHERE series = ?1 AND ${range}`;
    this.#database = database;
    this.#segments = {
      "oldest-first": database.prepare(`${segments} ORDER BY id`),
      "newest-first": database.prepare(`${segments} ORDER BY id DESC`),
    };
    this.#chunks = {
      "oldest-first": database.prepare(`${chunks} ORDER BY first_at`),
      "newest-first": database.prepare(`${chunks} ORDER BY last_at DESC`),
    };
    this.#progress = database.prepare("SELECT value FROM counter WHERE name = ?");
  }

  history(series: number, query: HistoryQuery): readonly HistoryRow[] {
    if (!Number.isInteger(query.limit) || query.limit < 0) {
      throw new HubError("invalid", `a history has a limit of 0 or more rows, not ${query.limit}`);
    }
    const window = new HistoryWindow(query);
    // One transaction, so that no row is seen twice or never while the writer brings history together.
    this.#database.exec("BEGIN");
    try {
      // The end that is wanted is most likely in the chunks or in the segments; what was found there closes the rest.
      if (query.order === "oldest-first") this.#readChunks(series, query, window);
      this.#readSegments(series, query, window);
      if (query.order === "newest-first") this.#readChunks(series, query, window);
    } finally {
      this.#database.exec("COMMIT");
    }
    return window.rows().map(({ block, row }) => toRow(block, row));
  }

  /** Segments hold late readings too, so none of them closes the next. */
  #readSegments(series: number, query: HistoryQuery, window: HistoryWindow): void {
    const done = series < this.#counter("compactSeries");
    const after = done ? this.#counter("compactUpTo") : 0;
    for (const stored of this.#blocks(this.#segments, after, query)) {
      if (window.closedBefore(nearEdge(stored, query))) continue;
      const block = decodeHistoryOf(series, stored.body, stored.checksum);
      if (block === undefined) continue;
      for (let row = block.series.indexOf(series); row >= 0; row = block.series.indexOf(series, row + 1)) {
        window.add(block, row);
      }
    }
  }

  /** Chunks come in the order of their near edges, so that the first that is too far closes all others. */
  #readChunks(series: number, query: HistoryQuery, window: HistoryWindow): void {
    for (const stored of this.#blocks(this.#chunks, series, query)) {
      if (window.closedBefore(nearEdge(stored, query))) break;
      const block = decodeHistory(stored.body, stored.checksum);
      for (let row = 0; row < block.count; row++) window.add(block, row);
    }
  }

  #blocks(
    statements: Readonly<Record<HistoryQuery["order"], StatementSync>>,
    first: number,
    { order, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: HistoryQuery,
  ): Iterable<StoredBlock> {
    return statements[order].iterate(first, from, to) as unknown as Iterable<StoredBlock>;
  }

  #counter(name: string): number {
    return Number(this.#progress.get(name)?.value ?? 0);
  }
}

/** The time of a block at which a reader in this order comes to it. */
function nearEdge({ first_at, last_at }: StoredBlock, { order }: HistoryQuery): number {
  return order === "oldest-first" ? first_at : last_at;
}

function toRow(block: HistoryBlock, row: number): HistoryRow {
  const meta = block.meta[row] ?? 0;
  const code = block.codes.get(row);
  return {
    value: decodeValue(kindOf(meta), block.num[row] ?? 0, block.texts.get(row) ?? ""),
    quality: qualityOf(qualityBits(meta)),
    ...(code === undefined ? {} : { code }),
    at: block.at[row] ?? 0,
    receivedAt: block.receivedAt[row] ?? 0,
    modifiedAt: block.modifiedAt[row] ?? 0,
    ...(isDeleted(meta) ? { deleted: true } : {}),
    instance: String(block.instance[row] ?? 0),
  };
}
