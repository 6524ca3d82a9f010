/** Passes a source's signs of life on, no more often than `every` ms: a busy source gives thousands a second. */
export class SignOfLife {
  readonly #every: number;
  readonly #tell: (at: number) => void;
  #last: number | undefined;

  constructor(every: number, tell: (at: number) => void) {
    this.#every = every;
    this.#tell = tell;
  }

  /** When one was passed on last. */
  get last(): number | undefined {
    return this.#last;
  }

  seen(now: number): void {
    // A clock that was set back must not silence it.
    if (this.#last !== undefined && now >= this.#last && now - this.#last < this.#every) return;
    this.#last = now;
    this.#tell(now);
  }
}
