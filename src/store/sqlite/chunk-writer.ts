import type { DatabaseSync, StatementSync } from "node:sqlite";
import { extentOf, HistoryBlockBuilder } from "../history/history-block.ts";
import { encodeHistory } from "../history/history-codec.ts";
import type { RowPointer } from "../history/history-window.ts";

/** Rows of a chunk: about a page, read and written whole. A last chunk below it is filled up, by writing it anew. */
export const CHUNK_ROWS = 256;

/** Writes rows of one series as chunks. */
export class ChunkWriter {
  readonly #insert: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO history_chunk (series, first_at, last_at, first_created, last_modified, rows, checksum, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  }

  /** Rows of the series in any order, cut into chunks by time. */
  write(series: number, rows: readonly RowPointer[]): void {
    const sorted = rows
      .map(({ block, row }) => ({ block, row, at: block.at[row] ?? 0 }))
      .sort((a, b) => a.at - b.at || (a.block.instance[a.row] ?? 0) - (b.block.instance[b.row] ?? 0));
    for (let start = 0; start < sorted.length; start += CHUNK_ROWS) {
      const part = sorted.slice(start, start + CHUNK_ROWS);
      const builder = new HistoryBlockBuilder(part.length);
      for (const { block, row } of part) builder.addFrom(block, row);
      const chunk = builder.finish();
      const { body, checksum } = encodeHistory(chunk);
      const { first, last, firstCreated, lastModified } = extentOf(chunk);
      this.#insert.run(series, first, last, firstCreated, lastModified, chunk.count, checksum, body);
    }
  }
}
