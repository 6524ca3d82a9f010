import { abortable } from "../core/abortable.ts";

/** One at a time for each key, in the order in which they came; different keys do not wait for each other. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Rejects `aborted` where `abort` fires before it is its turn; then `work` is not begun. */
  async take<Result>(key: string, abort: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const mine = before.then(() => ended);
    this.#last.set(key, mine);
    try {
      await abortable(before, abort);
      return await work();
    } finally {
      end();
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
