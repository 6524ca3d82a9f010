import type { DocumentKeys, LeafAddress } from "../core/document.ts";
import { HubError } from "../core/errors.ts";
import type { Mutation } from "../core/mutation.ts";
import { leafKey } from "../core/plan.ts";
import type { Value } from "../core/value.ts";
import type { Store } from "../store/contract.ts";
import type { Sample } from "../store/series-contract.ts";
import type { DocumentUnit, PastInstance } from "./contract.ts";
import type { LinkIndex } from "./link-index.ts";

export interface AttributeHistoryParts {
  readonly store: Store;
  readonly index: () => LinkIndex;
  /** Series of unlinked attributes that the store has, with their address, by key. Bounded: the oldest are asked for again. */
  readonly addressed: Map<string, number>;
}

const addressedBound = 50_000;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;
/** Where the scope of an entity has its history, among those of its attributes (CIM 009 4.5.6). */
export const SCOPE_PART = "scope";
/** The status code of what a client wrote into a link's series (rule 12). */
export const CLIENT_WRITTEN = "ClientWritten";

/** A series of an attribute that no mapping links: every NGSI-LD attribute has one (rule 12). */
export const attributeSeriesKey = (entity: string, part: string): string => `entity\n${entity}\n${part}`;

/** What the units mean for the history of attributes that no mapping links. */
export async function attributeSamples(
  parts: AttributeHistoryParts,
  units: readonly DocumentUnit[],
  at: number,
  linkedByPlan: ReadonlySet<string> | undefined,
): Promise<readonly (readonly Sample[] | undefined)[]> {
  const { store, index } = parts;
  const isLinked = (leaf: LeafAddress): boolean =>
    linkedByPlan === undefined ? index().leaf(leaf) !== undefined : linkedByPlan.has(leafKey(leaf));
  const wanted: { unit: number; instance: PastInstance }[] = [];
  for (const [unit, { mutations }] of units.entries()) {
    for (const mutation of mutations) {
      for (const instance of await instancesOf(store, mutation, at)) {
        const endedByPlan = linkedByPlan !== undefined && instance.deleted === true;
        if (!endedByPlan && !isLinked(instance.leaf)) wanted.push({ unit, instance });
      }
    }
  }
  if (wanted.length === 0) return [];
  const seriesOf = await ownSeries(
    parts,
    wanted.map(({ instance }) => instance),
    at,
  );
  const samples: Sample[][] = units.map(() => []);
  for (const { unit, instance } of wanted) samples[unit]?.push(sampleOf(instance, seriesOf(instance.leaf), at));
  return samples;
}

/** The series of what these leaves themselves say, made and addressed where they are new. */
export async function ownSeries(
  { store, addressed }: AttributeHistoryParts,
  instances: readonly PastInstance[],
  at: number,
): Promise<(leaf: LeafAddress) => number> {
  const keyOf = ({ document, part }: LeafAddress): string => attributeSeriesKey(document, part);
  const known = new Map<string, number | undefined>();
  const told = new Map<string, LeafAddress>();
  for (const { leaf, deleted } of instances) {
    const key = keyOf(leaf);
    known.set(key, addressed.get(key));
    // What is deleted was addressed when it was made; a full store takes deletes alone.
    if (deleted !== true) told.set(key, leaf);
  }
  const seriesOf = (leaf: LeafAddress): number => {
    const series = known.get(keyOf(leaf));
    if (series === undefined) throw new HubError("internal", "the store gave fewer series than asked for");
    return series;
  };
  // A series stays for good: whoever was told of it need not wait for the store again.
  const missing = [...known.keys()].filter((key) => known.get(key) === undefined);
  if (missing.length === 0) return seriesOf;
  const leaves = missing.map((key) => told.get(key));
  const ids = await store.series.ensure(missing, at, leaves);
  for (const [i, key] of missing.entries()) {
    const series = ids[i];
    known.set(key, series);
    if (series !== undefined && told.has(key)) addressed.set(key, series);
  }
  for (const oldest of addressed.keys()) {
    if (addressed.size <= addressedBound) break;
    addressed.delete(oldest);
  }
  return seriesOf;
}

/** @param now when it is committed: an instance of which nobody says when it was so stands there */
export function sampleOf({ body, at, deleted }: PastInstance, series: number, now: number): Sample {
  return {
    series,
    value: body,
    quality: "good",
    at: at ?? now,
    receivedAt: now,
    live: false,
    record: true,
    ...(deleted === true ? { deleted } : {}),
    ...(at === undefined && deleted !== true ? { unobserved: true } : {}),
  };
}

async function instancesOf(store: Store, mutation: Mutation, now: number): Promise<readonly PastInstance[]> {
  if (mutation.collection !== "entity") return [];
  const document = mutation.kind === "document.put" ? mutation.document.id : mutation.id;
  const leafOf = (part: string): LeafAddress => ({ collection: "entity", document, part });
  const said = ({ key, body }: { readonly key: string; readonly body: string }): PastInstance => {
    const parsed: Value = JSON.parse(body);
    return { leaf: leafOf(key), body: parsed, ...observedTime(parsed) };
  };
  const gone = ({ key, kind }: { readonly key: string; readonly kind: string }): PastInstance => {
    return { leaf: leafOf(key), body: { type: kind }, deleted: true };
  };
  const scoped = (scope: readonly string[]): PastInstance => {
    const body = { type: "Property", value: scope.length === 1 ? (scope[0] ?? "") : scope };
    // 4.5.6: what the core API changes was observed when it was changed.
    return { leaf: leafOf(SCOPE_PART), body, at: now, ...(scope.length === 0 ? { deleted: true } : {}) };
  };
  const scopeChange = async (body: string | undefined, keys: DocumentKeys | undefined, isNew: boolean) => {
    const after = keys?.scope ?? [];
    if (keys === undefined || (isNew && after.length === 0)) return [];
    const before = (await store.documents.get("entity", document))?.keys.scope ?? [];
    if (before.join() === after.join()) return [];
    return [scoped(body === undefined ? after : scopeIn(body))];
  };
  switch (mutation.kind) {
    case "part.put":
      return [said(mutation.part)];
    case "part.delete": {
      const kind = mutation.was?.kind ?? (await store.documents.part("entity", document, mutation.key))?.kind;
      return [gone({ key: mutation.key, kind: kind ?? "Property" })];
    }
    case "document.patch":
      return scopeChange(mutation.body, mutation.keys, false);
    case "file.put":
    case "file.delete":
      return [];
    case "document.delete":
      return [
        ...(await store.documents.parts("entity", document)).map(gone),
        ...(await scopeChange(undefined, {}, false)),
      ];
    case "document.put": {
      const kept = new Set(mutation.parts.map((part) => part.key));
      const before = await store.documents.parts("entity", document);
      const isNew = before.length === 0 && mutation.was === undefined;
      return [
        ...mutation.parts.map(said),
        ...before.filter((part) => !kept.has(part.key)).map(gone),
        ...(await scopeChange(mutation.document.body, mutation.document.keys, isNew)),
      ];
    }
  }
}

/** When a body says that it was so. */
function observedTime(body: Value): { readonly at?: number } {
  const written = isBody(body) ? body.observedAt : undefined;
  if (typeof written !== "string" || !DATE_TIME.test(written)) return {};
  const at = Date.parse(written.replace(",", "."));
  return Number.isNaN(at) ? {} : { at };
}

function scopeIn(body: string): readonly string[] {
  const parsed: Value = JSON.parse(body);
  const scope = isBody(parsed) ? parsed.scope : undefined;
  return Array.isArray(scope) ? scope.filter((one) => typeof one === "string") : [];
}

const isBody = (value: Value): value is { readonly [member: string]: Value } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
