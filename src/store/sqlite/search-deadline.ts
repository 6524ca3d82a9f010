/** SQLite cannot be interrupted here, but the function that judges each row can refuse to go on. */
export class SearchDeadline {
  #until = Number.POSITIVE_INFINITY;

  /** `undefined` where the work took longer and was given up. */
  within<T>(milliseconds: number, work: () => T): T | undefined {
    this.#until = performance.now() + milliseconds;
    try {
      return work();
    } catch (error) {
      if (error instanceof TimeOver) return undefined;
      throw error;
    } finally {
      this.#until = Number.POSITIVE_INFINITY;
    }
  }

  /** Called for each row, within the work. */
  check(): void {
    if (performance.now() > this.#until) throw new TimeOver();
  }
}

class TimeOver extends Error {}
