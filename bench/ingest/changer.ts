/** `spread`: evenly over time; `tick`: once a second as many as are due, all with one source time. */
export type ChangeMode = "spread" | "tick";

export interface ChangeOrder {
  readonly mode: ChangeMode;
  /** Changes a second over all variables. */
  readonly rate: number;
}

export interface ChangeReport {
  readonly changes: number;
  readonly seconds: number;
  /** CPU of the server's process meanwhile. */
  readonly cpuSeconds: number;
  /** The longest that a change was made after it was due, ms. */
  readonly late: number;
}

const SLICE = { spread: 10, tick: 1_000 } as const;

/** Changes variables in turn at a rate, and knows what it did. Every change is a new value. */
export class Changer {
  readonly #variables: number;
  readonly #set: (index: number, value: number, at: Date) => void;
  #stop: (() => ChangeReport) | undefined;

  constructor(variables: number, set: (index: number, value: number, at: Date) => void) {
    this.#variables = variables;
    this.#set = set;
  }

  start({ mode, rate }: ChangeOrder): void {
    const started = performance.now();
    const cpu = process.cpuUsage();
    let changes = 0;
    let late = 0;
    const slice = (): void => {
      const elapsed = performance.now() - started;
      // A timer may come a little early: the tick that it stands for is due all the same.
      const due = Math.floor((mode === "tick" ? Math.round(elapsed / SLICE.tick) : elapsed / 1_000) * rate);
      late = Math.max(late, elapsed - (changes * 1_000) / rate - SLICE[mode]);
      const at = new Date();
      for (; changes < due; changes += 1) this.#set(changes % this.#variables, 20 + changes / 1_000, at);
    };
    const timer = setInterval(slice, SLICE[mode]);
    this.#stop = () => {
      clearInterval(timer);
      const used = process.cpuUsage(cpu);
      const seconds = (performance.now() - started) / 1_000;
      return { changes, seconds, cpuSeconds: (used.user + used.system) / 1e6, late };
    };
  }

  stop(): ChangeReport {
    const report = this.#stop?.();
    this.#stop = undefined;
    if (report === undefined) throw new Error("nothing was being changed");
    return report;
  }
}
