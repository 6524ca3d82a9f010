export interface BackoffSettings {
  /** Ceiling of the first pause, ms. */
  readonly first: number;
  /** No pause is longer, ms. */
  readonly cap: number;
}

/**
 * Exponential back-off with full jitter: each pause is drawn between nothing and a ceiling that doubles, so that a
 * hundred hubs do not knock at a restarted server in step.
 */
export class Backoff {
  readonly #settings: BackoffSettings;
  readonly #random: () => number;
  #failures = 0;

  constructor(settings: BackoffSettings, random: () => number) {
    this.#settings = settings;
    this.#random = random;
  }

  /** The next pause in ms. */
  next(): number {
    // 2^30 × 1 ms is past every sensible cap; the bound keeps the power finite after years of failures.
    const ceiling = Math.min(this.#settings.cap, this.#settings.first * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return Math.round(this.#random() * ceiling);
  }

  reset(): void {
    this.#failures = 0;
  }
}
