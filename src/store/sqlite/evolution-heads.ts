import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Keeps the heads of entities that are no more, among the documents of `evolution`. */
export class EvolutionHeads {
  readonly #keep: StatementSync;
  readonly #keepKeys: StatementSync;
  readonly #find: StatementSync;
  readonly #dropKeys: StatementSync;
  readonly #drop: StatementSync;
  readonly #aged: StatementSync;

  constructor(database: DatabaseSync) {
    this.#keep = database.prepare(`
      INSERT INTO evolution_document (id, body, keys, expires_at, owner, created_at, modified_at, version)
      SELECT id, '{}', keys, NULL, NULL, created_at, ?2, version FROM entity_document WHERE ordinal = ?1`);
    this.#keepKeys = database.prepare(`
      INSERT INTO evolution_key (name, value, document) SELECT name, value, ?2 FROM entity_key WHERE document = ?1`);
    this.#find = database.prepare("SELECT ordinal FROM evolution_document WHERE id = ?");
    this.#dropKeys = database.prepare("DELETE FROM evolution_key WHERE document = ?");
    this.#drop = database.prepare("DELETE FROM evolution_document WHERE ordinal = ?");
    this.#aged = database.prepare("SELECT ordinal FROM evolution_document WHERE modified_at < ? LIMIT ?");
  }

  /** Of the entity with this ordinal, which is about to go. */
  keep(ordinal: number, at: number): void {
    const kept = Number(this.#keep.run(ordinal, at).lastInsertRowid);
    this.#keepKeys.run(ordinal, kept);
  }

  /** An entity with this id is made. */
  release(id: string): void {
    const found = this.#find.get(id);
    if (found !== undefined) this.#remove(Number(found.ordinal));
  }

  /** Removes at most `limit` heads whose history is past its retention; gives their number. */
  expire(before: number, limit: number): number {
    const aged = this.#aged.all(before, limit);
    for (const { ordinal } of aged) this.#remove(Number(ordinal));
    return aged.length;
  }

  #remove(ordinal: number): void {
    this.#dropKeys.run(ordinal);
    this.#drop.run(ordinal);
  }
}
