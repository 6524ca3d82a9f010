const REMEMBERED = 100_000;
const MAX_LEARNING = 64;

/** The types of entities, which changes of signals do not carry. */
export class KnownTypes {
  readonly #types = new Map<string, readonly string[]>();
  readonly #learning = new Set<string>();
  readonly #learn: (entity: string) => Promise<readonly string[] | undefined>;
  readonly #onLearnt: () => void;

  constructor(learn: (entity: string) => Promise<readonly string[] | undefined>, onLearnt: () => void) {
    this.#learn = learn;
    this.#onLearnt = onLearnt;
  }

  /** Undefined until they are learnt. */
  of(entity: string): readonly string[] | undefined {
    const known = this.#types.get(entity);
    if (known !== undefined || this.#learning.has(entity) || this.#learning.size >= MAX_LEARNING) return known;
    this.#learning.add(entity);
    this.#learn(entity)
      .then((types) => {
        if (types === undefined || this.#types.has(entity)) return;
        this.remember(entity, types);
        this.#onLearnt();
      })
      .finally(() => this.#learning.delete(entity));
    return undefined;
  }

  /** True where they are others than before. */
  remember(entity: string, types: readonly string[]): boolean {
    const known = this.#types.get(entity);
    if (known !== undefined && known.length === types.length && types.every((type) => known.includes(type))) {
      return false;
    }
    this.#types.delete(entity);
    this.#types.set(entity, types);
    const oldest = this.#types.keys().next().value;
    if (this.#types.size > REMEMBERED && oldest !== undefined) this.#types.delete(oldest);
    return known !== undefined;
  }
}
