import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LeafAddress } from "../../core/document.ts";
import { type BlockRow, extentOf, type HistoryBlock, HistoryBlockBuilder, rowOf } from "../history/history-block.ts";
import { decodeHistory, encodeHistory } from "../history/history-codec.ts";
import { amended, blockOf, pointersBut, rowIn } from "../history/row-edits.ts";
import type { RowKey } from "../series-contract.ts";
import { ChunkWriter } from "./chunk-writer.ts";
import type { Counters } from "./counters.ts";
import type { HistoryCompactor } from "./history-compactor.ts";
import type { WriteArgs } from "./write-calls.ts";

/** Takes history away and corrects rows of it: seldom done, and then in the blocks themselves, so that nothing of it is left. */
export class HistoryEditor {
  readonly #counters: Counters;
  readonly #compactor: HistoryCompactor;
  readonly #chunks: ChunkWriter;
  readonly #chunksOf: StatementSync;
  readonly #removeChunk: StatementSync;
  readonly #segmentsOf: StatementSync;
  readonly #removeSegment: StatementSync;
  readonly #replaceSegment: StatementSync;
  readonly #eraseChunks: StatementSync;
  readonly #cut: StatementSync;
  readonly #shownAt: StatementSync;

  constructor(database: DatabaseSync, counters: Counters, compactor: HistoryCompactor) {
    this.#counters = counters;
    this.#compactor = compactor;
    this.#chunks = new ChunkWriter(database);
    const committed = "first_created <= ?2 AND last_modified >= ?2";
    this.#chunksOf = database.prepare(
      `SELECT id, checksum, body FROM history_chunk WHERE series = ?1 AND ${committed} ORDER BY last_modified`,
    );
    this.#removeChunk = database.prepare("DELETE FROM history_chunk WHERE id = ?");
    this.#segmentsOf = database.prepare(
      `SELECT id, checksum, body FROM history_segment WHERE id > ?1 AND ${committed} ORDER BY id`,
    );
    this.#removeSegment = database.prepare("DELETE FROM history_segment WHERE id = ?");
    this.#replaceSegment = database.prepare(`
      UPDATE history_segment SET first_at = ?, last_at = ?, first_created = ?, last_modified = ?, rows = ?,
        checksum = ?, body = ? WHERE id = ?`);
    this.#eraseChunks = database.prepare("DELETE FROM history_chunk WHERE series = ? RETURNING rows");
    // What this group commits is in no segment yet: the next one counts as touched too.
    this.#cut = database.prepare(`
      INSERT INTO history_cut (series, up_to, segment)
      VALUES (?1, ?2, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'history_segment'), 0) + 1)
      ON CONFLICT (series) DO UPDATE SET up_to = excluded.up_to, segment = excluded.segment`);
    this.#shownAt = database.prepare(`
      SELECT DISTINCT series FROM series_address WHERE collection = ? AND document = ? AND part = ? AND linked = 0`);
  }

  /** Chunks go at once; rows in segments are passed over by readers, and left out when they are brought together. */
  erase({ series }: WriteArgs<"eraseSeries">): undefined {
    for (const id of series) {
      for (const { rows } of this.#eraseChunks.all(id)) this.#counters.now.historyRows -= Number(rows);
      this.#cut.run(id, this.#counters.now.instance);
    }
  }

  /** The history of what a leaf itself said; a link's series stays. */
  eraseLeaf({ collection, document, part }: LeafAddress): void {
    const series = this.#shownAt.all(collection, document, part).map((row) => Number(row.series));
    this.erase({ series });
  }

  amend({ row: key, state, at }: WriteArgs<"amendRow">): boolean {
    const found = this.#inChunks(key) ?? this.#inSegments(key);
    if (found === undefined) return false;
    found.replace(state === undefined ? undefined : amended(rowOf(found.block, found.row), state, at));
    if (state === undefined) this.#counters.now.historyRows -= 1;
    return true;
  }

  #inChunks(key: RowKey) {
    for (const { id, checksum, body } of this.#chunksOf.all(key.series, key.createdAt)) {
      const block = decodeHistory(body as Uint8Array, Number(checksum));
      const row = rowIn(block, key);
      if (row < 0) continue;
      const replace = (other: BlockRow | undefined): void => {
        this.#removeChunk.run(Number(id));
        const rest = pointersBut(block, row);
        const { first, last } = extentOf(block);
        const one = other === undefined ? [] : [{ block: blockOf(other), row: 0 }];
        // Far from its neighbours, a row makes a chunk of its own: the ranges of chunks stay narrow.
        const isNear = other !== undefined && other.at >= first && other.at <= last;
        this.#chunks.write(key.series, isNear ? [...rest, ...one] : rest);
        if (!isNear) this.#chunks.write(key.series, one);
      };
      return { block, row, replace };
    }
    return undefined;
  }

  /** Segments that have been brought together for this series are in its chunks. */
  #inSegments(key: RowKey) {
    const { compactSeries, compactUpTo } = this.#counters.now;
    const after = key.series < compactSeries ? compactUpTo : 0;
    for (const { id, checksum, body } of this.#segmentsOf.all(after, key.createdAt)) {
      const block = decodeHistory(body as Uint8Array, Number(checksum));
      const row = rowIn(block, key);
      if (row < 0) continue;
      const replace = (other: BlockRow | undefined): void => {
        this.#compactor.forget();
        const builder = new HistoryBlockBuilder(block.count);
        for (let index = 0; index < block.count; index++) {
          if (index !== row) builder.addFrom(block, index);
          else if (other !== undefined) builder.addRow(other);
        }
        this.#putSegment(Number(id), builder.finish());
      };
      return { block, row, replace };
    }
    return undefined;
  }

  #putSegment(id: number, block: HistoryBlock): void {
    if (block.count === 0) {
      this.#removeSegment.run(id);
      return;
    }
    const { body, checksum } = encodeHistory(block);
    const { first, last, firstCreated, lastModified } = extentOf(block);
    this.#replaceSegment.run(first, last, firstCreated, lastModified, block.count, checksum, body, id);
  }
}
