import type { Delivery, OutboxPort } from "../contract.ts";
import type { CommitQueue } from "./commit-queue.ts";
import { readCounters } from "./counters.ts";
import type { TenantDatabase } from "./tenant-database.ts";

/** Dead letters that are kept for somebody to look at; older ones go. */
const DEAD_LETTERS = 1_000;
/** How long, in ms, an outbox that was empty is not looked at again while nothing is added to it. */
const EMPTY_MS = 100;
const columns = `o.id, o.target, o.kind, o.body, o.created_at AS "createdAt", o.attempts`;

/** From target to target through the index, however much waits behind the first of each. */
const CLAIM = `WITH RECURSIVE waiting (target) AS (
    (SELECT target FROM outbox WHERE tenant = ? ORDER BY target LIMIT 1)
    UNION ALL
    SELECT (SELECT o.target FROM outbox o WHERE o.tenant = ? AND o.target > w.target ORDER BY o.target LIMIT 1)
      FROM waiting w WHERE w.target IS NOT NULL),
  first (id) AS (
    SELECT (SELECT o.id FROM outbox o WHERE o.tenant = ? AND o.target = w.target ORDER BY o.id LIMIT 1)
      FROM waiting w WHERE w.target IS NOT NULL AND w.target <> ALL(?::text[]))
  SELECT ${columns} FROM first f JOIN outbox o ON o.tenant = ? AND o.id = f.id
  WHERE o.next_at <= ? ORDER BY o.id LIMIT ?`;

export function outboxPort(database: TenantDatabase, queue: CommitQueue, bound: number): OutboxPort {
  const { tenant } = database;
  /** Who sends asks after every commit: most commits owe nobody anything. */
  let empty: { readonly at: number; readonly owing: number } | undefined;
  return {
    async claim(limit, now, busy) {
      if (empty?.owing === queue.owing && now >= empty.at && now < empty.at + EMPTY_MS) return [];
      empty = undefined;
      const { owing } = queue;
      const due = await database.all<Delivery>(CLAIM, [tenant, tenant, tenant, busy, tenant, now, limit]);
      if (due.length === 0 && busy.length === 0) empty = { at: now, owing };
      return due;
    },
    behind: (id, now, limit) =>
      database.all<Delivery>(
        `SELECT ${columns} FROM outbox f JOIN outbox o ON o.tenant = f.tenant AND o.target = f.target AND o.id > f.id
         WHERE f.tenant = ? AND f.id = ? AND o.next_at <= ? ORDER BY o.id LIMIT ?`,
        [tenant, id, now, limit],
      ),
    async delivered(ids) {
      await database.write((session) =>
        session.change("DELETE FROM outbox WHERE tenant = ? AND id = ANY(?::bigint[])", [tenant, ids]),
      );
    },
    async retry(id, next, error) {
      empty = undefined;
      await database.write((session) =>
        session.change(
          "UPDATE outbox SET attempts = attempts + 1, next_at = ?, error = ? WHERE tenant = ? AND id = ?",
          [next, storable(error), tenant, id],
        ),
      );
    },
    async bury(id, error) {
      await database.write(async (session) => {
        await session.change(
          `WITH gone AS (DELETE FROM outbox WHERE tenant = ? AND id = ? RETURNING *)
           INSERT INTO dead_letter (tenant, id, target, kind, body, created_at, attempts, error)
           SELECT tenant, id, target, kind, body, created_at, attempts + 1, ? FROM gone`,
          [tenant, id, storable(error)],
        );
        await session.change(
          `DELETE FROM dead_letter WHERE tenant = ? AND id IN
             (SELECT id FROM dead_letter WHERE tenant = ? ORDER BY id DESC OFFSET ${DEAD_LETTERS})`,
          [tenant, tenant],
        );
      });
    },
    drop: (target) =>
      database.write((session) =>
        session.change("DELETE FROM outbox WHERE tenant = ? AND target = ?", [tenant, target]),
      ),
    async stats(now) {
      return database.with(async (session) => {
        const [row] = await session.all<{ pending: number; oldest: number | null }>(
          "SELECT count(*) AS pending, min(created_at) AS oldest FROM outbox WHERE tenant = ?",
          [tenant],
        );
        const { outbox_dropped: dropped } = await readCounters(session, tenant);
        const oldestAge = row?.oldest == null ? 0 : Math.max(0, now - row.oldest);
        return { pending: row?.pending ?? 0, oldestAge, dropped, bound };
      });
    },
  };
}

/** A foreign server's words are only shown to people: what no store can keep is replaced, not refused. */
const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD").slice(0, 4_000);
