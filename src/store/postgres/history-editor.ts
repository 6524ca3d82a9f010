import { extentOf, type HistoryBlock, HistoryBlockBuilder, rowOf } from "../history/history-block.ts";
import { decodeHistory, encodeHistory } from "../history/history-codec.ts";
import { amended, blockOf, pointersBut, rowIn } from "../history/row-edits.ts";
import type { AmendedState, RowKey } from "../series-contract.ts";
import { writeChunks } from "./chunk-writer.ts";
import { readCounters } from "./counters.ts";
import type { HistoryCompactor } from "./history-compactor.ts";
import type { Session } from "./session.ts";
import type { Upkeep } from "./upkeep.ts";

interface StoredBlock {
  readonly id: number;
  readonly checksum: number;
  readonly body: Buffer;
}

/** Takes history away and corrects rows of it: seldom done, and then in the blocks themselves, so that nothing of it is left. */
export class HistoryEditor {
  readonly #tenant: number;
  readonly #compactor: HistoryCompactor;

  constructor(tenant: number, compactor: HistoryCompactor) {
    this.#tenant = tenant;
    this.#compactor = compactor;
  }

  /** Chunks go at once; rows in segments are passed over by readers, and left out when they are brought together. */
  async erase(session: Session, upkeep: Upkeep, series: readonly number[]): Promise<void> {
    if (series.length === 0) return;
    const gone = await session.all<{ rows: number }>(
      "DELETE FROM history_chunk WHERE tenant = ? AND series = ANY(?::bigint[]) RETURNING rows",
      [this.#tenant, series],
    );
    upkeep.rows_removed += gone.reduce((sum, { rows }) => sum + rows, 0);
    const { instance, segment } = await readCounters(session, this.#tenant);
    await session.change(
      `INSERT INTO history_cut (tenant, series, up_to, segment)
       SELECT ?::int, w.series, ?::bigint, ?::bigint FROM unnest(?::bigint[]) AS w (series)
       ON CONFLICT (tenant, series) DO UPDATE SET up_to = excluded.up_to, segment = excluded.segment`,
      [this.#tenant, instance, segment, [...new Set(series)]],
    );
  }

  /** The history of what leaves of entities themselves said; a link's series stays. */
  async eraseLeaves(
    session: Session,
    upkeep: Upkeep,
    leaves: readonly { readonly id: string; readonly key: string }[],
  ) {
    if (leaves.length === 0) return;
    const rows = await session.all<{ series: number }>(
      `SELECT DISTINCT a.series FROM unnest(?::text[], ?::text[]) AS w (document, part) JOIN series_address a
         ON a.tenant = ? AND a.collection = 'entity' AND a.document = w.document AND a.part = w.part AND NOT a.linked`,
      [leaves.map(({ id }) => id), leaves.map(({ key }) => key), this.#tenant],
    );
    await this.erase(
      session,
      upkeep,
      rows.map(({ series }) => series),
    );
  }

  /** False: there is no such row. */
  async amend(
    session: Session,
    upkeep: Upkeep,
    row: RowKey,
    state: AmendedState | undefined,
    at: number,
  ): Promise<boolean> {
    const isFound =
      (await this.#inChunks(session, upkeep, row, state, at)) ||
      (await this.#inSegments(session, upkeep, row, state, at));
    if (isFound && state === undefined) upkeep.rows_removed += 1;
    return isFound;
  }

  async #inChunks(session: Session, upkeep: Upkeep, key: RowKey, state: AmendedState | undefined, at: number) {
    const chunks = await session.all<StoredBlock>(
      `SELECT id, checksum, body FROM history_chunk WHERE tenant = ? AND series = ? AND first_created <= ?
         AND last_modified >= ? ORDER BY last_modified`,
      [this.#tenant, key.series, key.createdAt, key.createdAt],
    );
    for (const { id, checksum, body } of chunks) {
      const block = decodeHistory(body, checksum);
      const row = rowIn(block, key);
      if (row < 0) continue;
      const other = state === undefined ? undefined : amended(rowOf(block, row), state, at);
      await session.change("DELETE FROM history_chunk WHERE tenant = ? AND id = ?", [this.#tenant, id]);
      const rest = pointersBut(block, row);
      const { first, last } = extentOf(block);
      const one = other === undefined ? [] : [{ block: blockOf(other), row: 0 }];
      // Far from its neighbours, a row makes a chunk of its own: the ranges of chunks stay narrow.
      const isNear = other !== undefined && other.at >= first && other.at <= last;
      await writeChunks(session, this.#tenant, upkeep, key.series, isNear ? [...rest, ...one] : rest);
      if (!isNear) await writeChunks(session, this.#tenant, upkeep, key.series, one);
      return true;
    }
    return false;
  }

  /** Segments that have been brought together for this series are in its chunks. */
  async #inSegments(session: Session, upkeep: Upkeep, key: RowKey, state: AmendedState | undefined, at: number) {
    const after = key.series < upkeep.compact_series ? upkeep.compact_up_to : 0;
    const segments = await session.all<StoredBlock>(
      `SELECT id, checksum, body FROM history_segment WHERE tenant = ? AND id > ? AND first_created <= ?
         AND last_modified >= ? ORDER BY id`,
      [this.#tenant, after, key.createdAt, key.createdAt],
    );
    for (const { id, checksum, body } of segments) {
      const block = decodeHistory(body, checksum);
      const row = rowIn(block, key);
      if (row < 0) continue;
      this.#compactor.forget();
      const builder = new HistoryBlockBuilder(block.count);
      for (let index = 0; index < block.count; index++) {
        if (index !== row) builder.addFrom(block, index);
        else if (state !== undefined) builder.addRow(amended(rowOf(block, row), state, at));
      }
      await this.#putSegment(session, id, builder.finish());
      return true;
    }
    return false;
  }

  async #putSegment(session: Session, id: number, block: HistoryBlock): Promise<void> {
    if (block.count === 0) {
      await session.change("DELETE FROM history_segment WHERE tenant = ? AND id = ?", [this.#tenant, id]);
      return;
    }
    const { body, checksum } = encodeHistory(block);
    const { first, last, firstCreated, lastModified } = extentOf(block);
    await session.change(
      `UPDATE history_segment SET first_at = ?, last_at = ?, first_created = ?, last_modified = ?, rows = ?,
         checksum = ?, body = ? WHERE tenant = ? AND id = ?`,
      [first, last, firstCreated, lastModified, block.count, checksum, Buffer.from(body), this.#tenant, id],
    );
  }
}
