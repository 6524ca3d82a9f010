/**
 * Spaces the notifications of one subscription (CIM 009 5.2.12, throttling). What changes before the next may be sent
 * waits in the outbox and goes out with it, merged; what would only repeat that an instance of an entity changed is told
 * by what waits already, since that shows the newest state. So a fast signal costs one row an interval, and nothing is lost.
 */
export class Throttle {
  /** Milliseconds. */
  readonly interval: number;
  /** When the last notification was made. */
  #last: number;
  /** What waits, by what changed; true once its commit is known to be done. */
  readonly #waiting = new Map<string, boolean>();
  /** What each commit under way has put among the waiting. */
  readonly #ofCommit = new WeakMap<object, string[]>();
  /** Commits under way whose changes are told by what waits, and by what is being made. */
  #covered = new Set<object>();
  #closing = new Set<object>();
  #done: (() => void) | undefined;

  constructor(interval: number, last: number) {
    this.interval = interval;
    this.#last = last;
  }

  get last(): number {
    return this.#last;
  }

  /** When the next notification may be made. */
  get next(): number {
    return this.#last + this.interval;
  }

  /** Whether a change needs a delivery of its own. `commit` stands for the commit that it is part of. */
  admits(changed: string, commit: object): boolean {
    if (this.#waiting.get(changed) === true) {
      this.#covered.add(commit);
      return false;
    }
    this.#waiting.set(changed, false);
    const others = this.#ofCommit.get(commit);
    if (others === undefined) this.#ofCommit.set(commit, [changed]);
    else others.push(changed);
    return true;
  }

  sent(at: number): void {
    this.#last = at;
  }

  /** A commit is done: what it changed can be read. */
  committed(commit: object): void {
    for (const changed of this.#ofCommit.get(commit) ?? []) {
      if (this.#waiting.has(changed)) this.#waiting.set(changed, true);
    }
    this.#covered.delete(commit);
    if (this.#closing.delete(commit) && this.#closing.size === 0) this.#done?.();
  }

  /**
   * What waits is being made into a notification: changes from now on need another. Resolves once those that it covers
   * can be read, or after `patience` ms where their commit failed.
   */
  async close(patience: number): Promise<void> {
    this.#waiting.clear();
    this.#closing = this.#covered;
    this.#covered = new Set();
    if (this.#closing.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.#done = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#done = undefined;
  }
}
