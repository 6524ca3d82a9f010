import { CompactionRun, type SeriesRows } from "../history/compaction-run.ts";
import { CHUNK_ROWS } from "../history/cut-chunks.ts";
import { decodeHistory } from "../history/history-codec.ts";
import { writeChunks } from "./chunk-writer.ts";
import type { Session } from "./session.ts";
import type { Upkeep } from "./upkeep.ts";

const STEPS = 32;
const MOST_SEGMENTS = 2_000;
const READ_SEGMENTS = 200;

interface StoredSegment {
  readonly id: number;
  readonly rows: number;
  readonly checksum: number;
  readonly body: Buffer;
}

/**
 * Brings the segments, one a commit, together into chunks of one series each. A run takes the segments that there are at
 * its start and goes up the series in steps; `compact_up_to` and `compact_series` say how far it is, and whoever reads a
 * series that is done passes over those segments. The last step removes them.
 */
export class HistoryCompactor {
  readonly #tenant: number;
  readonly #hotRows: number;
  #run: CompactionRun | undefined;

  constructor(tenant: number, hotRows: number) {
    this.#tenant = tenant;
    this.#hotRows = hotRows;
  }

  /** One step of a run, in a transaction that holds the upkeep; true: there is more to do. */
  async step(session: Session, upkeep: Upkeep): Promise<boolean> {
    if (upkeep.compact_up_to === 0) {
      const [waiting] = await session.all<{ segments: number; rows: number; last: number | null }>(
        `SELECT count(*) AS segments, coalesce(sum(rows), 0)::bigint AS rows, max(id) AS last
         FROM history_segment WHERE tenant = ?`,
        [this.#tenant],
      );
      const isEnough = (waiting?.rows ?? 0) >= this.#hotRows || (waiting?.segments ?? 0) >= MOST_SEGMENTS;
      if (!isEnough) return false;
      upkeep.compact_up_to = waiting?.last ?? 0;
    }
    const run = await this.#currentRun(session, upkeep.compact_up_to);
    if (await this.#read(session, run)) return true;
    const { taken, end } = run.take(upkeep.compact_series, this.#hotRows / STEPS);
    for (const [series, rows] of taken) await this.#append(session, upkeep, series, rows);
    if (end !== Number.POSITIVE_INFINITY) {
      upkeep.compact_series = end;
      return true;
    }
    const done = [this.#tenant, upkeep.compact_up_to];
    await session.change("DELETE FROM history_segment WHERE tenant = ? AND id <= ?", done);
    await session.change("DELETE FROM history_cut WHERE tenant = ? AND segment <= ?", done);
    upkeep.compact_up_to = 0;
    upkeep.compact_series = 0;
    this.#run = undefined;
    return false;
  }

  /** A segment was changed, or a step was taken back: what was read is not so any more. */
  forget(): void {
    this.#run = undefined;
  }

  /** What is in memory, unless some of it was dropped from the database meanwhile. */
  async #currentRun(session: Session, upTo: number): Promise<CompactionRun> {
    const known = this.#run;
    if (known?.upTo === upTo) {
      const [row] = await session.all<{ segments: number }>(
        "SELECT count(*) AS segments FROM history_segment WHERE tenant = ? AND id <= ?",
        [this.#tenant, known.readUpTo],
      );
      if (row?.segments === known.segments) return known;
    }
    this.#run = new CompactionRun(upTo);
    return this.#run;
  }

  /** Reads some of the run's segments; false when there are none left. */
  async #read(session: Session, run: CompactionRun): Promise<boolean> {
    const segments = await session.all<StoredSegment>(
      `SELECT id, rows, checksum, body FROM history_segment WHERE tenant = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?`,
      [this.#tenant, run.readUpTo, run.upTo, READ_SEGMENTS],
    );
    let rows = 0;
    for (const segment of segments) {
      run.add(segment.id, decodeHistory(segment.body, segment.checksum));
      rows += segment.rows;
      if (rows >= this.#hotRows / 8) break;
    }
    return rows > 0;
  }

  /** Adds rows to the series' last chunk, and cuts what comes out into chunks. What was erased meanwhile is left out. */
  async #append(session: Session, upkeep: Upkeep, series: number, rows: readonly SeriesRows[]): Promise<void> {
    const of = [this.#tenant, series];
    const [cut] = await session.all<{ up_to: number }>(
      "SELECT up_to FROM history_cut WHERE tenant = ? AND series = ?",
      of,
    );
    const upTo = cut?.up_to ?? -1;
    const found = rows.flatMap(({ block, rows: indexes }) => indexes.map((row) => ({ block, row })));
    const kept = upTo < 0 ? found : found.filter(({ block, row }) => (block.instance[row] ?? 0) > upTo);
    upkeep.rows_removed += found.length - kept.length;
    if (kept.length === 0) return;
    const [last] = await session.all<StoredSegment>(
      `SELECT id, rows, checksum, body FROM history_chunk WHERE tenant = ? AND series = ? ORDER BY last_at DESC LIMIT 1`,
      of,
    );
    if (last !== undefined && last.rows < CHUNK_ROWS) {
      const block = decodeHistory(last.body, last.checksum);
      for (let row = 0; row < block.count; row++) kept.push({ block, row });
      await session.change("DELETE FROM history_chunk WHERE tenant = ? AND id = ?", [this.#tenant, last.id]);
    }
    await writeChunks(session, this.#tenant, upkeep, series, kept);
  }
}
