import { HubError } from "../../core/errors.ts";
import type { Session } from "./session.ts";

/** What keeps house has of its own, so that no commit waits for it. */
export interface Upkeep {
  compact_up_to: number;
  compact_series: number;
  /** The last chunk's id. */
  chunk: number;
  rows_removed: number;
  rows_dropped: number;
}

/** Locked until the transaction ends. */
export async function lockUpkeep(session: Session, tenant: number): Promise<Upkeep> {
  const text = `SELECT compact_up_to, compact_series, chunk, rows_removed, rows_dropped FROM upkeep
    WHERE tenant = ? FOR UPDATE`;
  const [row] = await session.all<Upkeep>(text, [tenant]);
  if (row === undefined) throw new HubError("store-corrupt", "the database has lost the upkeep of a tenant");
  return { ...row };
}

export async function writeUpkeep(session: Session, tenant: number, upkeep: Upkeep): Promise<void> {
  await session.change(
    `UPDATE upkeep SET compact_up_to = ?, compact_series = ?, chunk = ?, rows_removed = ?, rows_dropped = ?
     WHERE tenant = ?`,
    [upkeep.compact_up_to, upkeep.compact_series, upkeep.chunk, upkeep.rows_removed, upkeep.rows_dropped, tenant],
  );
}
