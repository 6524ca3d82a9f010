import type { LeafAddress } from "../core/document.ts";
import { HubError, type Problem } from "../core/errors.ts";
import type { Link } from "../core/link.ts";
import { leafKey, type Plan } from "../core/plan.ts";
import type { RecordPort, Store } from "../store/contract.ts";
import type { Sample } from "../store/series-contract.ts";
import type { DocumentUnit, PlanReceipt } from "./contract.ts";
import { commitDocuments, type DocumentCommitParts } from "./document-commits.ts";
import { buildLinkIndex, type KnownSeries, type LinkIndex } from "./link-index.ts";
import { type AppliedDocument, appliedOf, diffDocument, groupDocuments, type WantedDocument } from "./plan-diff.ts";

/** What one mapping made last time, by `collection\nid`. */
type AppliedByDocument = Record<string, AppliedDocument>;

export interface PreparedPlan {
  readonly receipt: PlanReceipt;
  readonly series: ReadonlyMap<string, number>;
  /** Builds the index; synchronous, so that no reading falls between the old one and the new one. */
  readonly index: (current: LinkIndex) => LinkIndex;
}

/** Documents per commit. */
const chunk = 500;

/**
 * Makes the documents of a plan and finds the series of its links. The twin swaps the index afterwards.
 * @throws HubError `config` with all problems; nothing is changed then
 */
export async function preparePlan(parts: DocumentCommitParts, plan: Plan): Promise<PreparedPlan> {
  const { store, clock } = parts;
  const current = parts.index();
  const records = store.records("plan");
  const owners = new Set(plan.documents.map((one) => one.document.owner ?? ""));
  const { units, dropped, created, problems } = await diffAll(store, groupDocuments(plan.documents), records);
  if (problems.length > 0) {
    throw new HubError("config", "the mappings speak of documents that are already there", { problems });
  }
  const linked = new Set(plan.links.flatMap((link) => link.ends.map(leafKey)));
  for (let i = 0; i < units.length; i += chunk) {
    const results = await commitDocuments(parts, "mapping", units.slice(i, i + chunk), linked);
    const refused = results.find((result) => !result.ok);
    if (refused !== undefined && !refused.ok) throw refused.error;
  }
  const keys = plan.links.map((link) => link.key);
  const ids = await store.series.ensure(keys, clock.now());
  const series = new Map(keys.map((key, i) => [key, ids[i] ?? 0]));
  const planned = new Set(keys);
  const unlinked = current.states.filter((state) => !planned.has(state.link.key)).map((state) => state.series);
  await endSeries(store, { dropped, unlinked, living: new Set(ids) }, clock.now());
  const shown = new Map(plan.links.map((link) => [series.get(link.key) ?? 0, link.ends]));
  await store.series.address(shown, clock.now(), { linked: true });
  await saveApplied(records, plan, owners, clock.now());
  const signals = new Map((await store.series.signals(ids)).map((row) => [row.series, row]));
  return {
    series,
    receipt: {
      created,
      updated: units.length - created,
      linked: keys.filter((key) => !current.byKey.has(key)).length,
      unlinked: unlinked.length,
    },
    index: (before) =>
      carryOver(
        before,
        buildLinkIndex(plan.links, ({ key }): KnownSeries => {
          const id = series.get(key) ?? 0;
          return { series: id, signal: before.byKey.get(key)?.signal ?? signals.get(id) };
        }),
      ),
  };
}

/** What lived in the old index lives on in the new one. */
function carryOver(before: LinkIndex, after: LinkIndex): LinkIndex {
  for (const state of after.states) {
    const was = before.byKey.get(state.link.key);
    if (was === undefined) continue;
    state.accepted = was.accepted;
    state.reportedAt = was.reportedAt;
    // What was heard of another tag says nothing of this one.
    if (tagKey(was.link) !== tagKey(state.link)) continue;
    state.device = was.device;
    state.staleness = was.staleness;
    state.seenAt = was.seenAt;
    state.newest = was.newest;
    state.writtenAt = was.writtenAt;
    state.raw = was.raw;
  }
  return after;
}

const tagKey = ({ tag }: Link): string | undefined => tag && `${tag.source}\n${tag.tag}`;

async function diffAll(
  store: Store,
  wanted: readonly WantedDocument[],
  records: RecordPort,
): Promise<{ units: DocumentUnit[]; dropped: LeafAddress[]; created: number; problems: Problem[] }> {
  const units: DocumentUnit[] = [];
  const dropped: LeafAddress[] = [];
  const problems: Problem[] = [];
  const applied = new Map<string, AppliedByDocument>();
  let created = 0;
  for (const one of wanted) {
    const existing = await store.documents.get(one.collection, one.id);
    const stored = existing === undefined ? [] : await store.documents.parts(one.collection, one.id);
    for (const owner of [existing?.owner ?? "", ...one.planned.map((planned) => planned.document.owner ?? "")]) {
      if (!applied.has(owner)) applied.set(owner, await loadApplied(records, owner));
    }
    const key = `${one.collection}\n${one.id}`;
    const diff = diffDocument(one, existing, stored, (owner) => applied.get(owner ?? "")?.[key]);
    if (diff.unit !== undefined) units.push(diff.unit);
    if (diff.created) created += 1;
    problems.push(...diff.problems);
    dropped.push(...diff.dropped.map((part) => ({ collection: one.collection, document: one.id, part })));
  }
  return { units, dropped, created, problems };
}

interface EndedSeries {
  /** Leaves that their mapping no longer wants. */
  readonly dropped: readonly LeafAddress[];
  /** Series of links that were running and are in the plan no more, whatever becomes of their documents. */
  readonly unlinked: readonly number[];
  /** Series of the plan's own links. */
  readonly living: ReadonlySet<number>;
}

/** A leaf that a mapping gave up leaves a last instance that says when (rule 6), and its series ends there. */
async function endSeries(store: Store, { dropped, unlinked, living }: EndedSeries, at: number): Promise<void> {
  const ended = new Map<number, readonly LeafAddress[]>(unlinked.map((series) => [series, []]));
  for (const leaf of dropped) {
    for (const { series, to } of await store.series.at(leaf)) if (to === undefined) ended.set(series, []);
  }
  // A leaf with a new name is another address of a series that lives on.
  for (const series of living) ended.delete(series);
  if (ended.size === 0) return;
  const samples = [...ended.keys()].map(
    (series): Sample => ({
      series,
      value: undefined,
      quality: "good",
      at,
      receivedAt: at,
      live: false,
      record: true,
      deleted: true,
    }),
  );
  await store.commit([{ samples }], at);
  await store.series.address(ended, at);
}

async function loadApplied(records: RecordPort, owner: string): Promise<AppliedByDocument> {
  const row = await records.get(owner);
  return row === undefined ? {} : JSON.parse(row.body);
}

async function saveApplied(records: RecordPort, plan: Plan, owners: ReadonlySet<string>, at: number): Promise<void> {
  for (const owner of owners) {
    const documents: AppliedByDocument = {};
    for (const one of plan.documents) {
      if ((one.document.owner ?? "") === owner) documents[`${one.collection}\n${one.document.id}`] = appliedOf(one);
    }
    await records.put(owner, JSON.stringify(documents), at);
  }
}
