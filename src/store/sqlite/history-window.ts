import type { HistoryQuery } from "../contract.ts";
import type { HistoryBlock } from "./history-block.ts";

export interface HistoryPointer {
  readonly block: HistoryBlock;
  readonly row: number;
  readonly at: number;
  readonly instance: number;
}

/** Collects the first rows of a range in the order asked for, holding at most twice as many as are wanted. */
export class HistoryWindow {
  readonly #query: HistoryQuery;
  readonly #direction: number;
  readonly #from: number;
  readonly #to: number;
  #rows: HistoryPointer[] = [];
  /** The last time that is still wanted, once there are enough rows. */
  #edge: number | undefined;

  constructor(query: HistoryQuery) {
    this.#query = query;
    this.#direction = query.order === "oldest-first" ? 1 : -1;
    this.#from = query.from ?? Number.NEGATIVE_INFINITY;
    this.#to = query.to ?? Number.POSITIVE_INFINITY;
  }

  add(block: HistoryBlock, row: number): void {
    const at = block.at[row] ?? 0;
    if (at < this.#from || at >= this.#to || this.closedBefore(at)) return;
    this.#rows.push({ block, row, at, instance: block.instance[row] ?? 0 });
    if (this.#rows.length >= 2 * this.#query.limit + 64) this.#cut();
  }

  /** Whether no row at this time, or further on, can be among those that are wanted. */
  closedBefore(at: number): boolean {
    if (this.#query.limit === 0) return true;
    if (this.#edge === undefined && this.#rows.length >= this.#query.limit) this.#cut();
    return this.#edge !== undefined && (at - this.#edge) * this.#direction > 0;
  }

  rows(): readonly HistoryPointer[] {
    this.#cut();
    return this.#rows;
  }

  #cut(): void {
    const direction = this.#direction;
    this.#rows.sort((a, b) => (a.at - b.at || a.instance - b.instance) * direction);
    this.#rows = this.#rows.slice(0, this.#query.limit);
    if (this.#rows.length === this.#query.limit) this.#edge = this.#rows.at(-1)?.at;
  }
}
