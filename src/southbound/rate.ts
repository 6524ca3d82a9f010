const WINDOW_SECONDS = 10;

/** Events a second over the last ten full seconds, in ten counters. */
export class Rate {
  readonly #counts = new Array<number>(WINDOW_SECONDS + 1).fill(0);
  #second: number;
  total = 0;

  constructor(now: number) {
    this.#second = Math.floor(now / 1000);
  }

  add(count: number, now: number): void {
    this.#advance(now);
    this.total += count;
    const slot = this.#second % this.#counts.length;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + count;
  }

  perSecond(now: number): number {
    this.#advance(now);
    const running = this.#counts[this.#second % this.#counts.length] ?? 0;
    const sum = this.#counts.reduce((all, count) => all + count, 0);
    return (sum - running) / WINDOW_SECONDS;
  }

  #advance(now: number): void {
    const second = Math.floor(now / 1000);
    const passed = Math.min(second - this.#second, this.#counts.length);
    for (let step = 1; step <= passed; step += 1) this.#counts[(this.#second + step) % this.#counts.length] = 0;
    if (second > this.#second) this.#second = second;
  }
}
