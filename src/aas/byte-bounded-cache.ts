/** Of newcomers to a full cache, one in so many is taken in. */
const admitted = 8;

/**
 * Keeps what was used last within a budget of bytes; the longest unused goes first. Who walks through more than there is
 * room for would put each entry out before it is asked for again: a full cache takes in only some newcomers, so that most
 * of it stays, and what is asked for often comes in soon.
 */
export class ByteBoundedCache<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly bytes: number }>();
  readonly #budget: number;
  #bytes = 0;
  #newcomers = 0;

  /** @param budget bytes, as `put` counts them */
  constructor(budget: number) {
    this.#budget = budget;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  put(key: string, value: V, bytes: number): void {
    const isKnown = this.#remove(key);
    if (bytes > this.#budget || !(isKnown || this.#admits(bytes))) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#budget) break;
      this.#remove(oldest);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  delete(key: string): void {
    this.#remove(key);
  }

  #admits(bytes: number): boolean {
    if (this.#bytes + bytes <= this.#budget) return true;
    this.#newcomers += 1;
    return this.#newcomers % admitted === 1;
  }

  /** Whether it was there. */
  #remove(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    return true;
  }
}
