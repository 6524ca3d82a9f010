import type { HistoryBlock } from "./history-block.ts";

/** Rows of one series in one block. */
export interface SeriesRows {
  readonly block: HistoryBlock;
  readonly rows: number[];
}

/** The segments of one run of bringing history together, sorted by series while they are read. Kept in memory alone. */
export class CompactionRun {
  readonly upTo: number;
  /** The last segment that was read, and how many were. */
  readUpTo = 0;
  segments = 0;
  readonly #bySeries = new Map<number, SeriesRows[]>();
  #order: readonly number[] | undefined;

  constructor(upTo: number) {
    this.upTo = upTo;
  }

  add(id: number, block: HistoryBlock): void {
    this.readUpTo = id;
    this.segments += 1;
    for (let row = 0; row < block.count; row++) {
      const series = block.series[row] ?? 0;
      const sources = this.#bySeries.get(series);
      const last = sources?.at(-1);
      if (last?.block === block) last.rows.push(row);
      else if (sources === undefined) this.#bySeries.set(series, [{ block, rows: [row] }]);
      else sources.push({ block, rows: [row] });
    }
  }

  /** Series from `from` on, in ascending order, as many as have `rows` rows between them; and where to go on. */
  take(
    from: number,
    rows: number,
  ): { readonly taken: readonly (readonly [number, readonly SeriesRows[]])[]; readonly end: number } {
    this.#order ??= [...this.#bySeries.keys()].sort((a, b) => a - b);
    const taken: [number, readonly SeriesRows[]][] = [];
    let count = 0;
    for (const series of this.#order) {
      if (series < from) continue;
      if (count >= rows) return { taken, end: series };
      const sources = this.#bySeries.get(series) ?? [];
      taken.push([series, sources]);
      count += sources.reduce((sum, source) => sum + source.rows.length, 0);
    }
    return { taken, end: Number.POSITIVE_INFINITY };
  }
}
