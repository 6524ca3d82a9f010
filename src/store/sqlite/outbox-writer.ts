import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { NewDelivery } from "../contract.ts";
import type { Counters } from "./counters.ts";
import type { WriteArgs } from "./write-calls.ts";

/** Dead letters that are kept for somebody to look at; older ones go. */
const DEAD_LETTERS = 1_000;

export class OutboxWriter {
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteOldest: StatementSync;
  readonly #deleteTarget: StatementSync;
  readonly #retry: StatementSync;
  readonly #bury: StatementSync;
  readonly #forgetDead: StatementSync;
  readonly #count: StatementSync;
  readonly #counters: Counters;
  readonly #bound: number;
  #pending: number;

  constructor(database: DatabaseSync, counters: Counters, bound: number) {
    this.#counters = counters;
    this.#bound = bound;
    this.#insert = database.prepare(
      "INSERT INTO outbox (target, kind, body, created_at, attempts, next_at) VALUES (?, ?, ?, ?, 0, ?)",
    );
    this.#delete = database.prepare("DELETE FROM outbox WHERE id = ?");
    this.#deleteOldest = database.prepare("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT ?)");
    this.#deleteTarget = database.prepare("DELETE FROM outbox WHERE target = ?");
    this.#retry = database.prepare("UPDATE outbox SET attempts = attempts + 1, next_at = ?, error = ? WHERE id = ?");
    this.#bury = database.prepare(`
      INSERT INTO dead_letter (id, target, kind, body, created_at, attempts, error)
      SELECT id, target, kind, body, created_at, attempts + 1, ? FROM outbox WHERE id = ?`);
    this.#forgetDead = database.prepare(`
      DELETE FROM dead_letter WHERE id IN
        (SELECT id FROM dead_letter ORDER BY id DESC LIMIT -1 OFFSET ${DEAD_LETTERS})`);
    this.#count = database.prepare("SELECT count(*) AS pending FROM outbox");
    this.#pending = this.#counted();
  }

  add(deliveries: readonly NewDelivery[], at: number): void {
    for (const { target, kind, body, notBefore = 0 } of deliveries) {
      this.#insert.run(target, kind, body, at, notBefore);
    }
    this.#pending += deliveries.length;
  }

  /** At the end of a group: what is beyond the bound goes, the oldest first, and is counted. */
  trim(): void {
    const surplus = this.#pending - this.#bound;
    if (surplus <= 0) return;
    const dropped = Number(this.#deleteOldest.run(surplus).changes);
    this.#counters.now.outboxDropped += dropped;
    this.#pending -= dropped;
  }

  rolledBack(): void {
    this.#pending = this.#counted();
  }

  delivered({ ids }: WriteArgs<"delivered">): undefined {
    for (const id of ids) this.#pending -= Number(this.#delete.run(id).changes);
  }

  retry({ id, next, error }: WriteArgs<"retryDelivery">): undefined {
    this.#retry.run(next, error, id);
  }

  bury({ id, error }: WriteArgs<"buryDelivery">): undefined {
    this.#bury.run(error, id);
    this.#pending -= Number(this.#delete.run(id).changes);
    this.#forgetDead.run();
  }

  drop({ target }: WriteArgs<"dropTarget">): number {
    const dropped = Number(this.#deleteTarget.run(target).changes);
    this.#pending -= dropped;
    return dropped;
  }

  #counted(): number {
    return Number(this.#count.get()?.pending);
  }
}
