import type { DatabaseSync, StatementSync } from "node:sqlite";
import { CompactionRun, type SeriesRows } from "../history/compaction-run.ts";
import { CHUNK_ROWS } from "../history/cut-chunks.ts";
import { decodeHistory } from "../history/history-codec.ts";
import { ChunkWriter } from "./chunk-writer.ts";
import type { Counters } from "./counters.ts";

/** A run's steps: each some tens of milliseconds at the usual number of rows, so that no commit waits long behind it. */
const STEPS = 32;
const MOST_SEGMENTS = 2_000;

/**
 * Brings the segments, one a commit, together into chunks, some hundred rows of one series each. A run takes the
 * segments that there are at its start and goes up the series in steps; `compactUpTo` and `compactSeries` say how far it
 * is, and whoever reads a series that is done passes over those segments. The last step removes them.
 */
export class HistoryCompactor {
  readonly #counters: Counters;
  readonly #hotRows: number;
  readonly #waiting: StatementSync;
  readonly #count: StatementSync;
  readonly #segments: StatementSync;
  readonly #removeSegments: StatementSync;
  readonly #lastChunk: StatementSync;
  readonly #removeChunk: StatementSync;
  readonly #chunks: ChunkWriter;
  readonly #cut: StatementSync;
  readonly #removeCuts: StatementSync;
  #run: CompactionRun | undefined;

  constructor(database: DatabaseSync, counters: Counters, hotRows: number) {
    this.#counters = counters;
    this.#hotRows = hotRows;
    this.#waiting = database.prepare(
      "SELECT count(*) AS segments, coalesce(sum(rows), 0) AS rows, max(id) AS last FROM history_segment",
    );
    this.#count = database.prepare("SELECT count(*) AS segments FROM history_segment WHERE id <= ?");
    this.#segments = database.prepare(
      "SELECT id, rows, checksum, body FROM history_segment WHERE id > ? AND id <= ? ORDER BY id",
    );
    this.#removeSegments = database.prepare("DELETE FROM history_segment WHERE id <= ?");
    this.#lastChunk = database.prepare(
      "SELECT id, rows, checksum, body FROM history_chunk WHERE series = ? ORDER BY last_at DESC LIMIT 1",
    );
    this.#removeChunk = database.prepare("DELETE FROM history_chunk WHERE id = ?");
    this.#chunks = new ChunkWriter(database);
    this.#cut = database.prepare("SELECT up_to FROM history_cut WHERE series = ?");
    this.#removeCuts = database.prepare("DELETE FROM history_cut WHERE segment <= ?");
  }

  /** One step of a run, inside the transaction of its group; true: there is more to do. */
  step(): boolean {
    const counters = this.#counters.now;
    if (counters.compactUpTo === 0) {
      const waiting = this.#waiting.get();
      const enough = Number(waiting?.rows) >= this.#hotRows || Number(waiting?.segments) >= MOST_SEGMENTS;
      if (!enough) return false;
      counters.compactUpTo = Number(waiting?.last);
    }
    const run = this.#currentRun(counters.compactUpTo);
    if (this.#read(run)) return true;
    const { taken, end } = run.take(counters.compactSeries, this.#hotRows / STEPS);
    for (const [series, rows] of taken) this.#append(series, rows);
    if (end !== Number.POSITIVE_INFINITY) {
      counters.compactSeries = end;
      return true;
    }
    this.#removeSegments.run(counters.compactUpTo);
    this.#removeCuts.run(counters.compactUpTo);
    counters.compactUpTo = 0;
    counters.compactSeries = 0;
    this.#run = undefined;
    return false;
  }

  /** A segment was changed: what was read of it is not so any more. */
  forget(): void {
    this.#run = undefined;
  }

  /** What is in memory, unless some of it was dropped from the disk meanwhile, or its transaction was taken back. */
  #currentRun(upTo: number): CompactionRun {
    const known = this.#run;
    if (known?.upTo === upTo && Number(this.#count.get(known.readUpTo)?.segments) === known.segments) return known;
    this.#run = new CompactionRun(upTo);
    return this.#run;
  }

  /** Reads some of the run's segments; false when there are none left. */
  #read(run: CompactionRun): boolean {
    let rows = 0;
    for (const segment of this.#segments.iterate(run.readUpTo, run.upTo)) {
      run.add(Number(segment.id), decodeHistory(segment.body as Uint8Array, Number(segment.checksum)));
      rows += Number(segment.rows);
      if (rows >= this.#hotRows / 8) break;
    }
    return rows > 0;
  }

  /** Adds rows to the series' last chunk, and cuts what comes out into chunks. What was erased meanwhile is left out. */
  #append(series: number, rows: readonly SeriesRows[]): void {
    const upTo = Number(this.#cut.get(series)?.up_to ?? -1);
    const found = rows.flatMap(({ block, rows: indexes }) => indexes.map((row) => ({ block, row })));
    const kept = upTo < 0 ? found : found.filter(({ block, row }) => (block.instance[row] ?? 0) > upTo);
    this.#counters.now.historyRows -= found.length - kept.length;
    if (kept.length === 0) return;
    const last = this.#lastChunk.get(series);
    if (last !== undefined && Number(last.rows) < CHUNK_ROWS) {
      const block = decodeHistory(last.body as Uint8Array, Number(last.checksum));
      for (let row = 0; row < block.count; row++) kept.push({ block, row });
      this.#removeChunk.run(Number(last.id));
    }
    this.#chunks.write(series, kept);
  }
}
