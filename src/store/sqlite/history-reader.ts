import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HubError } from "../../core/errors.ts";
import type { HistoryQuery, HistoryRow } from "../contract.ts";
import { type HistoryBlock, isDeleted, kindOf, qualityBits } from "./history-block.ts";
import { decodeHistory } from "./history-codec.ts";
import { HistoryWindow } from "./history-window.ts";
import { qualityOf } from "./sample-columns.ts";
import { decodeValue } from "./value-codec.ts";

export interface StoredBlock {
  readonly checksum: number;
  readonly body: Uint8Array;
  readonly first_at: number;
  readonly last_at: number;
}

/** Reads one series' history from its chunks and from the segments that are not brought together yet. */
export class HistoryReader {
  readonly #database: DatabaseSync;
  readonly #segments: StatementSync;
  readonly #forward: StatementSync;
  readonly #backward: StatementSync;
  readonly #progress: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#segments = database.prepare("SELECT checksum, body FROM history_segment WHERE id > ? ORDER BY id");
    const chunks =
      "SELECT checksum, body, first_at, last_at FROM history_chunk WHERE series = ?1 AND last_at >= ?2 AND first_at < ?3";
    this.#forward = database.prepare(`${chunks} ORDER BY first_at`);
    this.#backward = database.prepare(`${chunks} ORDER BY last_at DESC`);
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
      this.#readSegments(series, window);
      this.#readChunks(series, query, window);
    } finally {
      this.#database.exec("COMMIT");
    }
    return window.rows().map(({ block, row }) => toRow(block, row));
  }

  #readSegments(series: number, window: HistoryWindow): void {
    const upTo = this.#counter("compactUpTo");
    const done = series < this.#counter("compactSeries");
    for (const stored of this.#segments.iterate(done ? upTo : 0)) {
      const block = decodeHistory(stored.body as Uint8Array, Number(stored.checksum));
      for (let row = block.series.indexOf(series); row >= 0; row = block.series.indexOf(series, row + 1)) {
        window.add(block, row);
      }
    }
  }

  #readChunks(series: number, query: HistoryQuery, window: HistoryWindow): void {
    const forward = query.order === "oldest-first";
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    const chunks = (forward ? this.#forward : this.#backward).iterate(series, from, to);
    for (const stored of chunks as unknown as Iterable<StoredBlock>) {
      // Chunks may overlap by late readings, so the edge that the order goes by decides.
      if (window.closedBefore(forward ? stored.first_at : stored.last_at)) break;
      const block = decodeHistory(stored.body, stored.checksum);
      for (let row = 0; row < block.count; row++) window.add(block, row);
    }
  }

  #counter(name: string): number {
    return Number(this.#progress.get(name)?.value ?? 0);
  }
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
