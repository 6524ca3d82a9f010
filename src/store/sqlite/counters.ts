import type { DatabaseSync, StatementSync } from "node:sqlite";

const names = [
  "seq",
  "instance",
  "historyRows",
  "historyDropped",
  "outboxDropped",
  /** Of the contents of files beside the database. */
  "blobBytes",
  /** Segments up to this id are being brought together, */
  "compactUpTo",
  /** and the series below this one are done. */
  "compactSeries",
] as const;
export type CounterName = (typeof names)[number];

/** Counters that live in the file and move with the transaction: a rollback takes them back. */
export class Counters {
  readonly #update: StatementSync;
  #stored: Record<CounterName, number>;
  readonly now: Record<CounterName, number>;

  constructor(database: DatabaseSync) {
    const select = database.prepare("SELECT value FROM counter WHERE name = ?");
    const entries = names.map((name) => [name, Number(select.get(name)?.value ?? 0)]);
    this.#stored = Object.fromEntries(entries) as Record<CounterName, number>;
    this.now = { ...this.#stored };
    this.#update = database.prepare(
      "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
  }

  /** Inside the transaction, last. */
  write(): void {
    for (const name of names) {
      if (this.now[name] !== this.#stored[name]) this.#update.run(name, this.now[name]);
    }
  }

  committed(): void {
    this.#stored = { ...this.now };
  }

  rolledBack(): void {
    Object.assign(this.now, this.#stored);
  }
}
