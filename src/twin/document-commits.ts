import type { Change, Origin } from "../core/change.ts";
import type { LeafAddress } from "../core/document.ts";
import { HubError } from "../core/errors.ts";
import type { Mutation } from "../core/mutation.ts";
import { placeText } from "../core/place.ts";
import { leafKey } from "../core/plan.ts";
import type { Clock } from "../core/time.ts";
import type { Value } from "../core/value.ts";
import type { CommitUnit, Store, UnitResult } from "../store/contract.ts";
import type { Sample } from "../store/series-contract.ts";
import type { DocumentUnit, Matcher } from "./contract.ts";
import type { LinkIndex } from "./link-index.ts";
import type { OperationIndex } from "./operation-index.ts";

export interface DocumentCommitParts {
  readonly store: Store;
  readonly index: () => LinkIndex;
  /** The links of the plan that is being applied: its documents are guarded from the moment at which it looks at them. */
  readonly joining: () => LinkIndex | undefined;
  /** What the plan binds: its elements are guarded as linked leaves are. */
  readonly operations: () => OperationIndex;
  readonly matcher: Matcher;
  readonly clock: Clock;
  readonly announce: (change: Change) => void;
  /** Series of unlinked attributes whose address has been told to the store. Bounded: told again after a clear. */
  readonly addressed: Set<number>;
}

const addressedBound = 100_000;

/** A series of an attribute that no mapping links: every NGSI-LD attribute has one (rule 12). */
export const attributeSeriesKey = (entity: string, part: string): string => `entity\n${entity}\n${part}`;

/**
 * Commits document changes with the history of what they change and the deliveries that they owe.
 * @param linkedByPlan the leaves (`leafKey`) of a plan that is being applied: it alone may part or drop linked leaves
 *   (rules 5 and 6), whose series it begins and ends itself
 */
export async function commitDocuments(
  parts: DocumentCommitParts,
  origin: Origin,
  units: readonly DocumentUnit[],
  linkedByPlan?: ReadonlySet<string>,
): Promise<readonly UnitResult[]> {
  const { store, matcher, clock, announce } = parts;
  const guarded = ({ mutations }: DocumentUnit): HubError | undefined =>
    linkedByPlan === undefined
      ? (guard(parts.index(), mutations) ??
        guard(parts.joining(), mutations) ??
        guardOperations(parts.operations(), mutations))
      : undefined;
  const first = units.map(guarded);
  const at = clock.now();
  const accepted = units.filter((_, i) => first[i] === undefined);
  const sampled = await attributeSamples(parts, accepted, at, linkedByPlan);
  const samplesOf = new Map(accepted.map((unit, i) => [unit, sampled[i]]));
  // A plan may have come in between.
  const refusals = units.map((unit, i) => first[i] ?? guarded(unit));
  const prepared = units.flatMap((unit, i): CommitUnit[] => {
    if (refusals[i] !== undefined) return [];
    const samples = samplesOf.get(unit);
    const deliveries = matcher.match({ at, origin, mutations: unit.mutations, signals: [] });
    return [{ ...unit, deliveries, ...(samples === undefined ? {} : { samples }) }];
  });
  const results = prepared.length === 0 ? [] : await store.commit(prepared, at);
  let next = 0;
  return units.map((unit, i) => {
    const refusal = refusals[i];
    if (refusal !== undefined) return { ok: false, error: refusal };
    const result = results[next++];
    if (result === undefined) throw new HubError("internal", "the store gave fewer results than units");
    if (result.ok) announce({ seq: result.seq, at, origin, mutations: unit.mutations, signals: [] });
    return result;
  });
}

/** The last wall before the store: no document change drops a linked leaf. */
function guard(index: LinkIndex | undefined, mutations: readonly Mutation[]): HubError | undefined {
  if (index === undefined) return undefined;
  for (const mutation of mutations) {
    const id = mutation.kind === "document.put" ? mutation.document.id : mutation.id;
    const document = index.document(mutation.collection, id);
    if (document === undefined) continue;
    for (const [part, state] of document.byPart) {
      if (!drops(mutation, part)) continue;
      const message = `${part} of ${id} is linked by ${placeText(state.link.place)}: only a change of the mapping removes it`;
      return new HubError("conflict", message);
    }
  }
  return undefined;
}

/** Nor does one drop or retype an operation that a mapping binds. */
function guardOperations(operations: OperationIndex, mutations: readonly Mutation[]): HubError | undefined {
  for (const mutation of mutations) {
    const id = mutation.kind === "document.put" ? mutation.document.id : mutation.id;
    for (const { address, place } of operations.of(mutation.collection, id)) {
      if (!drops(mutation, address.part) && !retypes(mutation, address.part)) continue;
      const message = `${address.part} of ${id} is bound by ${placeText(place)}: only a change of the mapping removes it`;
      return new HubError("conflict", message);
    }
  }
  return undefined;
}

function retypes(mutation: Mutation, bound: string): boolean {
  const put = mutation.kind === "part.put" ? [mutation.part] : mutation.kind === "document.put" ? mutation.parts : [];
  return put.some(({ key, kind }) => key === bound && kind !== "Operation");
}

function drops(mutation: Mutation, linked: string): boolean {
  switch (mutation.kind) {
    case "document.delete":
      return true;
    case "document.put":
      return !mutation.parts.some((part) => part.key === linked);
    case "part.delete":
      return linked === mutation.key || linked.startsWith(`${mutation.key}.`) || linked.startsWith(`${mutation.key}[`);
    default:
      return false;
  }
}

/** What the units mean for the history of attributes that no mapping links. */
async function attributeSamples(
  { store, addressed, index }: DocumentCommitParts,
  units: readonly DocumentUnit[],
  at: number,
  linkedByPlan: ReadonlySet<string> | undefined,
): Promise<readonly (readonly Sample[] | undefined)[]> {
  const isLinked = (leaf: LeafAddress): boolean =>
    linkedByPlan === undefined ? index().leaf(leaf) !== undefined : linkedByPlan.has(leafKey(leaf));
  const wanted: { unit: number; leaf: LeafAddress; value: Value | undefined }[] = [];
  for (const [unit, { mutations }] of units.entries()) {
    for (const mutation of mutations) {
      for (const instance of await instancesOf(store, mutation)) {
        const endedByPlan = linkedByPlan !== undefined && instance.value === undefined;
        if (!endedByPlan && !isLinked(instance.leaf)) wanted.push({ unit, ...instance });
      }
    }
  }
  if (wanted.length === 0) return [];
  const keys = [...new Set(wanted.map(({ leaf }) => attributeSeriesKey(leaf.document, leaf.part)))];
  const ids = await store.series.ensure(keys, at);
  const seriesOf = new Map(keys.map((key, i) => [key, ids[i]]));
  const told = new Map<number, readonly LeafAddress[]>();
  const samples: Sample[][] = units.map(() => []);
  for (const { unit, leaf, value } of wanted) {
    const series = seriesOf.get(attributeSeriesKey(leaf.document, leaf.part));
    if (series === undefined) throw new HubError("internal", "the store gave fewer series than asked for");
    // What is deleted was addressed when it was made; a full store takes deletes alone.
    if (value !== undefined && !addressed.has(series)) told.set(series, [leaf]);
    const state: Sample = { series, value, quality: "good", at, receivedAt: at, live: false, record: true };
    samples[unit]?.push(value === undefined ? { ...state, deleted: true } : state);
  }
  if (told.size > 0) await store.series.address(told, at);
  if (addressed.size > addressedBound) addressed.clear();
  for (const series of told.keys()) addressed.add(series);
  return samples;
}

async function instancesOf(
  store: Store,
  mutation: Mutation,
): Promise<readonly { leaf: LeafAddress; value: Value | undefined }[]> {
  if (mutation.collection !== "entity") return [];
  const document = mutation.kind === "document.put" ? mutation.document.id : mutation.id;
  const instance = (part: string, body?: string): { leaf: LeafAddress; value: Value | undefined } => ({
    leaf: { collection: "entity", document, part },
    value: body === undefined ? undefined : JSON.parse(body),
  });
  switch (mutation.kind) {
    case "part.put":
      return [instance(mutation.part.key, mutation.part.body)];
    case "part.delete":
      return [instance(mutation.key)];
    case "document.patch":
    case "file.put":
    case "file.delete":
      return [];
    case "document.delete":
      return (await store.documents.parts("entity", document)).map((part) => instance(part.key));
    case "document.put": {
      const kept = new Set(mutation.parts.map((part) => part.key));
      const gone = (await store.documents.parts("entity", document)).filter((part) => !kept.has(part.key));
      return [
        ...mutation.parts.map((part) => instance(part.key, part.body)),
        ...gone.map((part) => instance(part.key)),
      ];
    }
  }
}
