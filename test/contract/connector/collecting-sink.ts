import type { Reading } from "../../../src/core/reading.ts";
import type { Sink } from "../../../src/southbound/contract.ts";

/** Keeps readings and wakes who waits for one; a push can be held back. */
export class CollectingSink implements Sink {
  readonly readings: Reading[] = [];
  pushes = 0;
  /** Pushes that have not resolved yet, and the most that there ever were. */
  open = 0;
  mostOpen = 0;
  gate: Promise<void> = Promise.resolve();
  readonly #waiting = new Set<() => void>();

  async push(readings: readonly Reading[]): Promise<void> {
    this.readings.push(...readings);
    this.pushes += 1;
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    for (const wake of this.#waiting) wake();
    await this.gate;
    this.open -= 1;
  }

  alive(): void {
    for (const wake of this.#waiting) wake();
  }

  last(tag: string): Reading | undefined {
    return this.readings.findLast((reading) => reading.tag === tag);
  }

  /** Resolves once `condition` holds, looking after each push; the test's timeout bounds it. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }
}
