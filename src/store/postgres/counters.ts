import { HubError } from "../../core/errors.ts";
import type { Session } from "./session.ts";

const names = [
  "seq",
  "instance",
  "ordinal",
  "series",
  "segment",
  "outbox",
  "record",
  "history_rows",
  "outbox_dropped",
  "blob_bytes",
] as const;
export type CounterName = (typeof names)[number];
export type Counters = Record<CounterName, number>;

/** The tenant's counters, locked until the transaction ends: who holds them is the only one who commits. */
export async function lockCounters(session: Session, tenant: number): Promise<Counters> {
  const found = await session.all<Counters>(`SELECT ${names.join(", ")} FROM counter WHERE tenant = ? FOR UPDATE`, [
    tenant,
  ]);
  return present(found[0]);
}

/** As they were last committed. */
export async function readCounters(session: Session, tenant: number): Promise<Counters> {
  return present(
    (await session.all<Counters>(`SELECT ${names.join(", ")} FROM counter WHERE tenant = ?`, [tenant]))[0],
  );
}

export async function writeCounters(session: Session, tenant: number, counters: Counters): Promise<void> {
  await session.change(`UPDATE counter SET ${names.map((name) => `${name} = ?`).join(", ")} WHERE tenant = ?`, [
    ...names.map((name) => counters[name]),
    tenant,
  ]);
}

function present(counters: Counters | undefined): Counters {
  if (counters === undefined) throw new HubError("store-corrupt", "the database has lost the counters of a tenant");
  return { ...counters };
}
