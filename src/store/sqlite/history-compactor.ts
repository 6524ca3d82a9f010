import type { DatabaseSync, StatementSync } from "node:sqlite";
import { CompactionRun, type SeriesRows } from "./compaction-run.ts";
import type { Counters } from "./counters.ts";
import { HistoryBlockBuilder } from "./history-block.ts";
import { decodeHistory, encodeHistory } from "./history-codec.ts";

/** A run's steps: each some tens of milliseconds at the usual number of rows, so that no commit waits long behind it. */
const STEPS = 32;
/** Rows of a chunk: about a page, read and written whole. A last chunk below it is filled up, by writing it anew. */
const CHUNK_ROWS = 256;
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
  readonly #insertChunk: StatementSync;
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
    this.#insertChunk = database.prepare(`
      INSERT INTO history_chunk (series, first_at, last_at, rows, last_modified, checksum, body)
      VALUES (?, ?, ?, ?, ?, ?, ?)`);
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
    counters.compactUpTo = 0;
    counters.compactSeries = 0;
    this.#run = undefined;
    return false;
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

  /** Adds rows to the series' last chunk, and cuts what comes out into chunks. */
  #append(series: number, rows: readonly SeriesRows[]): void {
    const sources = [...rows];
    const last = this.#lastChunk.get(series);
    if (last !== undefined && Number(last.rows) < CHUNK_ROWS) {
      const block = decodeHistory(last.body as Uint8Array, Number(last.checksum));
      sources.push({ block, rows: [...block.at.keys()] });
      this.#removeChunk.run(Number(last.id));
    }
    const sorted = sources
      .flatMap(({ block, rows: indexes }) => indexes.map((row) => ({ block, row, at: block.at[row] ?? 0 })))
      .sort((a, b) => a.at - b.at || (a.block.instance[a.row] ?? 0) - (b.block.instance[b.row] ?? 0));
    for (let start = 0; start < sorted.length; start += CHUNK_ROWS) {
      const part = sorted.slice(start, start + CHUNK_ROWS);
      const builder = new HistoryBlockBuilder(part.length);
      for (const { block, row } of part) builder.addFrom(block, row);
      const { body, checksum } = encodeHistory(builder.finish());
      const first = part[0]?.at ?? 0;
      const final = part.at(-1)?.at ?? first;
      const lastModified = part.reduce((latest, { block, row }) => Math.max(latest, block.modifiedAt[row] ?? 0), 0);
      this.#insertChunk.run(series, first, final, part.length, lastModified, checksum, body);
    }
  }
}
