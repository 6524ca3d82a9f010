import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Texts kept prepared by one connection. */
const KEPT = 200;

/** Prepares each text once, since preparing takes as long as a look-up; forgets all where there are many. */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #known = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** One that is not in use: its rows are read at once, never bit by bit. */
  prepare(text: string): StatementSync {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= KEPT) this.#known.clear();
    const made = this.#database.prepare(text);
    this.#known.set(text, made);
    return made;
  }
}
