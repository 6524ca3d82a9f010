import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Delivery } from "../contract.ts";

interface StoredDelivery {
  readonly id: number;
  readonly target: string;
  readonly kind: string;
  readonly body: string;
  readonly created_at: number;
  readonly attempts: number;
}

export class OutboxReader {
  readonly #claim: StatementSync;
  readonly #behind: StatementSync;
  readonly #stats: StatementSync;

  constructor(database: DatabaseSync) {
    // Steps from target to target through the index, however much waits behind the first of each.
    this.#claim = database.prepare(`
      WITH RECURSIVE waiting (target) AS (
        SELECT min(target) FROM outbox
        UNION ALL
        SELECT (SELECT min(target) FROM outbox WHERE target > waiting.target) FROM waiting WHERE target IS NOT NULL),
      first (id) AS (
        SELECT (SELECT min(id) FROM outbox WHERE outbox.target = waiting.target) FROM waiting
        WHERE target IS NOT NULL AND target NOT IN (SELECT value FROM json_each(?)))
      SELECT o.id, o.target, o.kind, o.body, o.created_at, o.attempts FROM first JOIN outbox o ON o.id = first.id
      WHERE o.next_at <= ? ORDER BY o.id LIMIT ?`);
    this.#behind = database.prepare(`
      SELECT o.id, o.target, o.kind, o.body, o.created_at, o.attempts FROM outbox first
      JOIN outbox o ON o.target = first.target AND o.id > first.id
      WHERE first.id = ? AND o.next_at <= ? ORDER BY o.id LIMIT ?`);
    this.#stats = database.prepare("SELECT count(*) AS pending, min(created_at) AS oldest FROM outbox");
  }

  claim(limit: number, now: number, busy: readonly string[]): readonly Delivery[] {
    return deliveries(this.#claim.all(JSON.stringify(busy), now, limit));
  }

  behind(id: number, now: number, limit: number): readonly Delivery[] {
    return deliveries(this.#behind.all(id, now, limit));
  }

  stats(now: number): { readonly pending: number; readonly oldestAge: number } {
    const row = this.#stats.get();
    const oldest = row?.oldest;
    return {
      pending: Number(row?.pending ?? 0),
      oldestAge: typeof oldest === "number" ? Math.max(0, now - oldest) : 0,
    };
  }
}

function deliveries(rows: unknown): readonly Delivery[] {
  return (rows as readonly StoredDelivery[]).map(({ created_at, ...row }) => ({ ...row, createdAt: created_at }));
}
