import type { HistoryQuery, HistoryTime } from "../series-contract.ts";
import { createdAtOf, type HistoryBlock, isDeleted, isUnobserved } from "./history-block.ts";

export interface RowPointer {
  readonly block: HistoryBlock;
  readonly row: number;
}

interface PlacedRow extends RowPointer {
  readonly at: number;
  readonly instance: number;
}

/** A row's time of this kind; undefined where it has none, so that the row is passed over. */
export function timeOfRow(block: HistoryBlock, row: number, by: HistoryTime): number | undefined {
  switch (by) {
    case "at":
      return block.at[row];
    case "observed": {
      const meta = block.meta[row] ?? 0;
      return isUnobserved(meta) || isDeleted(meta) ? undefined : block.at[row];
    }
    case "created":
      return createdAtOf(block, row);
    case "modified":
      return block.modifiedAt[row];
    case "deleted":
      return isDeleted(block.meta[row] ?? 0) ? block.modifiedAt[row] : undefined;
  }
}

/** Collects the first rows of a range in the order asked for, holding at most twice as many as are wanted. */
export class HistoryWindow {
  readonly #limit: number;
  readonly #by: HistoryTime;
  readonly #direction: number;
  readonly #from: number;
  readonly #to: number;
  /** Rows up to this instance were erased. */
  readonly #upTo: number;
  #rows: PlacedRow[] = [];
  /** The last time that is still wanted, once there are enough rows. */
  #edge: number | undefined;

  constructor(query: HistoryQuery, upTo: number) {
    this.#limit = query.limit;
    this.#by = query.by ?? "at";
    this.#direction = query.order === "oldest-first" ? 1 : -1;
    this.#from = query.from ?? Number.NEGATIVE_INFINITY;
    this.#to = query.to ?? Number.POSITIVE_INFINITY;
    this.#upTo = upTo;
  }

  add(block: HistoryBlock, row: number): void {
    const at = timeOfRow(block, row, this.#by);
    if (at === undefined || at < this.#from || at >= this.#to || this.closedBefore(at)) return;
    const instance = block.instance[row] ?? 0;
    if (instance <= this.#upTo) return;
    this.#rows.push({ block, row, at, instance });
    if (this.#rows.length >= 2 * this.#limit + 64) this.#cut();
  }

  /** Whether no row at this time, or further on, can be among those that are wanted. */
  closedBefore(at: number): boolean {
    if (this.#limit === 0) return true;
    if (this.#edge === undefined && this.#rows.length >= this.#limit) this.#cut();
    return this.#edge !== undefined && (at - this.#edge) * this.#direction > 0;
  }

  rows(): readonly RowPointer[] {
    this.#cut();
    return this.#rows;
  }

  #cut(): void {
    const direction = this.#direction;
    this.#rows.sort((a, b) => (a.at - b.at || a.instance - b.instance) * direction);
    this.#rows = this.#rows.slice(0, this.#limit);
    if (this.#rows.length === this.#limit) this.#edge = this.#rows.at(-1)?.at;
  }
}
