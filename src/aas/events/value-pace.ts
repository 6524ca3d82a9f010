/**
 * Spaces the events of each linked element: the first change is told at once, what follows within the interval by one
 * event at its end, which shows the newest state. So nothing is lost, and a fast signal costs one event an interval.
 */
export class ValuePace {
  readonly #elements = new Map<string, Pace>();

  /**
   * When a change made at `at` is to be told: `now`, at a later time, or `told` by an event that already waits.
   * @param interval milliseconds; 0 tells every change
   * @param commit stands for the commit that the change is part of
   */
  admit(element: string, interval: number, at: number, commit: object): "now" | "told" | number {
    if (interval === 0) return "now";
    const pace = this.#elements.get(element);
    if (pace?.waiting === true) {
      pace.covered = commit;
      return "told";
    }
    if (pace === undefined || at - pace.last >= interval) {
      this.#remember(element, { last: at, waiting: false });
      return "now";
    }
    pace.waiting = true;
    pace.last += interval;
    return pace.last;
  }

  /** The commit is done: what it changed can be read. */
  committed(element: string, commit: object): void {
    const pace = this.#elements.get(element);
    if (pace?.covered !== commit) return;
    delete pace.covered;
    pace.seen?.();
  }

  /**
   * The waiting event is being made: changes from now on need another. Resolves once those that it covers can be read,
   * or after `patience` ms where their commit fails (it is matched again when it is tried again).
   */
  async close(element: string, patience: number): Promise<void> {
    const pace = this.#elements.get(element);
    if (pace === undefined) return;
    pace.waiting = false;
    if (pace.covered === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience);
      pace.seen = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    delete pace.covered;
    delete pace.seen;
  }

  /** Elements that changed last longest ago are forgotten first; their next change is told at once. */
  #remember(element: string, pace: Pace): void {
    this.#elements.delete(element);
    this.#elements.set(element, pace);
    if (this.#elements.size <= mostElements) return;
    for (const [oldest, { waiting }] of this.#elements) {
      if (waiting) continue;
      this.#elements.delete(oldest);
      return;
    }
  }
}

interface Pace {
  /** Of the last event, or the time of the one that waits. */
  last: number;
  waiting: boolean;
  /** The last commit whose change the waiting event tells. */
  covered?: object;
  seen?: () => void;
}

const mostElements = 200_000;
