import type { DatabaseSync, StatementSync } from "node:sqlite";
import { cutChunks } from "../history/cut-chunks.ts";
import type { RowPointer } from "../history/history-window.ts";

/** Writes rows of one series as chunks. */
export class ChunkWriter {
  readonly #insert: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO history_chunk (series, first_at, last_at, first_created, last_modified, rows, checksum, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  }

  /** Rows of the series in any order, cut into chunks by time. */
  write(series: number, pointers: readonly RowPointer[]): void {
    for (const { first, last, firstCreated, lastModified, rows, checksum, body } of cutChunks(pointers)) {
      this.#insert.run(series, first, last, firstCreated, lastModified, rows, checksum, body);
    }
  }
}
