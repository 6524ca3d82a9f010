import type { Change, Origin } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import type { Mutation } from "../core/mutation.ts";
import { placeText } from "../core/place.ts";
import type { Clock } from "../core/time.ts";
import type { CommitUnit, Store, UnitResult } from "../store/contract.ts";
import { attributeSamples } from "./attribute-history.ts";
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
  /** Series of unlinked attributes that the store has, with their address, by key. */
  readonly addressed: Map<string, number>;
}

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
