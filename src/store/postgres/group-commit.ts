import { HubError } from "../../core/errors.ts";
import type { CommitUnit, NewDelivery, UnitResult } from "../contract.ts";
import { SampleCollector } from "../form/sample-columns.ts";
import { checkUnit } from "../form/unit-check.ts";
import { type Counters, lockCounters, writeCounters } from "./counters.ts";
import { DocumentChanges } from "./document-changes.ts";
import { flushDocuments, holdBlobs } from "./document-flush.ts";
import { loadPicture } from "./document-loader.ts";
import type { OutboxBound } from "./outbox-bound.ts";
import { type TakenSamples, writeSamples } from "./sample-writer.ts";
import type { Session } from "./session.ts";
import { UnitJournal } from "./unit-journal.ts";

/** One caller's units. */
export interface CommitCall {
  readonly units: readonly CommitUnit[];
  readonly at: number;
}

export interface GroupOutcome {
  /** Of each call, of each unit. */
  readonly results: readonly (readonly UnitResult[])[];
  readonly samples: number;
  readonly units: number;
  readonly owes: boolean;
}

interface Owed extends NewDelivery {
  readonly at: number;
}

/**
 * Carries out the units of several callers in one transaction: what they look at is read once, they are worked out one
 * after the other in memory, each whole or not at all, and what came out is written with a statement a table.
 */
export async function commitGroup(
  session: Session,
  tenant: number,
  calls: readonly CommitCall[],
  bound: OutboxBound,
): Promise<GroupOutcome> {
  const counters = await lockCounters(session, tenant);
  const samples = new SampleCollector();
  const checked = calls.map(({ units }) => units.map((unit) => checkedUnit(unit, samples)));
  const valid = calls.flatMap(({ units }, call) =>
    units.filter((_, unit) => !(checked[call]?.[unit] instanceof HubError)),
  );
  const picture = await loadPicture(session, tenant, valid);
  const journal = new UnitJournal();
  const changes = new DocumentChanges(picture, counters, journal);
  const taken: TakenSamples[] = [];
  const owed: Owed[] = [];
  let done = 0;
  const results = calls.map(({ units, at }, call) =>
    units.map((unit, index): UnitResult => {
      const check = checked[call]?.[index];
      if (check === undefined || check instanceof HubError) {
        return { ok: false, error: check ?? new HubError("internal", "the unit was not looked at") };
      }
      const refusal = carryOut(unit, at, counters, changes, journal);
      if (refusal !== undefined) return { ok: false, error: refusal };
      if (check.to > check.from) taken.push({ ...check, at });
      for (const delivery of unit.deliveries ?? []) owed.push({ ...delivery, at });
      done += 1;
      counters.seq += 1;
      return { ok: true, seq: counters.seq };
    }),
  );
  await flushDocuments(session, tenant, [...picture.documents.values()], changes.touchedBlobs);
  await holdBlobs(session, tenant, changes.touchedBlobs, Math.max(...calls.map(({ at }) => at)));
  await writeSamples(session, tenant, samples.finish(), taken, counters);
  await addDeliveries(session, tenant, owed, counters);
  counters.outbox_dropped += await bound.trim(session, tenant, counters.outbox);
  await writeCounters(session, tenant, counters);
  return {
    results,
    samples: taken.reduce((sum, { from, to }) => sum + to - from, 0),
    units: done,
    owes: owed.length > 0,
  };
}

/** Where a unit's samples stand among the group's, or why it cannot be kept. */
function checkedUnit(
  unit: CommitUnit,
  samples: SampleCollector,
): { readonly from: number; readonly to: number } | HubError {
  const from = samples.count;
  try {
    checkUnit(unit);
    for (const sample of unit.samples ?? []) samples.add(sample);
    return { from, to: samples.count };
  } catch (error) {
    samples.truncate(from);
    return HubError.from(error);
  }
}

function carryOut(
  { preconditions = [], mutations = [] }: CommitUnit,
  at: number,
  counters: Counters,
  changes: DocumentChanges,
  journal: UnitJournal,
): HubError | undefined {
  const moment = { at, seq: counters.seq + 1 };
  journal.begin();
  try {
    for (const precondition of preconditions) changes.check(precondition, moment);
    for (const mutation of mutations) changes.apply(mutation, moment);
    return undefined;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    journal.takeBack();
    return error;
  }
}

async function addDeliveries(
  session: Session,
  tenant: number,
  owed: readonly Owed[],
  counters: Counters,
): Promise<void> {
  if (owed.length === 0) return;
  const first = counters.outbox + 1;
  counters.outbox += owed.length;
  await session.change(
    `INSERT INTO outbox (tenant, id, target, kind, body, created_at, attempts, next_at)
     SELECT ?::int, w.id, w.target, w.kind, w.body, w.created_at, 0, w.next_at FROM
       unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::float8[], ?::float8[])
       AS w (id, target, kind, body, created_at, next_at)`,
    [
      tenant,
      owed.map((_, index) => first + index),
      owed.map(({ target }) => target),
      owed.map(({ kind }) => kind),
      owed.map(({ body }) => body),
      owed.map(({ at }) => at),
      owed.map(({ notBefore = 0 }) => notBefore),
    ],
  );
}
