import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Counters } from "./counters.ts";
import { type HistoryBlock, HistoryBlockBuilder } from "./history-block.ts";
import { decodeHistory, encodeHistory } from "./history-codec.ts";

/** A run's steps: each some tens of milliseconds at the usual number of rows, so that no commit waits long behind it. */
const STEPS = 12;
/** Rows of a chunk: a few pages, read and written whole. A last chunk below it is filled up, by writing it anew. */
const CHUNK_ROWS = 512;
const MOST_SEGMENTS = 2_000;

interface Rows {
  readonly block: HistoryBlock;
  readonly rows: number[];
}

/**
 * Brings the segments, one a commit, together into chunks, some hundred rows of one series each. A run takes the
 * segments that there are at its start and goes up the series in steps; `compactUpTo` and `compactSeries` say how far it
 * is, and whoever reads a series that is done passes over those segments. The last step removes them.
 */
export class HistoryCompactor {
  readonly #counters: Counters;
  readonly #hotRows: number;
  readonly #waiting: StatementSync;
  readonly #segments: StatementSync;
  readonly #removeSegments: StatementSync;
  readonly #lastChunk: StatementSync;
  readonly #removeChunk: StatementSync;
  readonly #insertChunk: StatementSync;

  constructor(database: DatabaseSync, counters: Counters, hotRows: number) {
    this.#counters = counters;
    this.#hotRows = hotRows;
    this.#waiting = database.prepare(
      "SELECT count(*) AS segments, coalesce(sum(rows), 0) AS rows, max(id) AS last FROM history_segment",
    );
    this.#segments = database.prepare("SELECT checksum, body FROM history_segment WHERE id <= ? ORDER BY id");
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
    const blocks = this.#read(counters.compactUpTo);
    const end = this.#endOfStep(blocks, counters.compactSeries);
    for (const [series, rows] of collect(blocks, counters.compactSeries, end)) this.#append(series, rows);
    counters.compactSeries = end;
    if (end !== Number.POSITIVE_INFINITY) return true;
    this.#removeSegments.run(counters.compactUpTo);
    counters.compactUpTo = 0;
    counters.compactSeries = 0;
    return false;
  }

  #read(upTo: number): readonly HistoryBlock[] {
    const blocks: HistoryBlock[] = [];
    for (const { body, checksum } of this.#segments.iterate(upTo)) {
      blocks.push(decodeHistory(body as Uint8Array, Number(checksum)));
    }
    return blocks;
  }

  /** The series before which this step ends: as many series as have a step's rows between them, one at least. */
  #endOfStep(blocks: readonly HistoryBlock[], from: number): number {
    const counts = new Map<number, number>();
    for (const { series } of blocks) {
      for (const id of series) if (id >= from) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    let rows = 0;
    for (const id of [...counts.keys()].sort((a, b) => a - b)) {
      if (rows >= this.#hotRows / STEPS) return id;
      rows += counts.get(id) ?? 0;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Adds rows to the series' last chunk, and cuts what comes out into chunks. */
  #append(series: number, rows: readonly Rows[]): void {
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

/** The rows of the series from `from` to below `to`, by series. */
function collect(blocks: readonly HistoryBlock[], from: number, to: number): ReadonlyMap<number, Rows[]> {
  const found = new Map<number, Rows[]>();
  for (const block of blocks) {
    for (const [row, series] of block.series.entries()) {
      if (series < from || series >= to) continue;
      const sources = found.get(series);
      const last = sources?.at(-1);
      if (last?.block === block) last.rows.push(row);
      else if (sources === undefined) found.set(series, [{ block, rows: [row] }]);
      else sources.push({ block, rows: [row] });
    }
  }
  return found;
}
