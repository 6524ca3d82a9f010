import type { Filter } from "../../core/filter.ts";
import { isArray } from "../json/json.ts";
import { compileEntityFilter } from "../query/entity-predicate.ts";
import type { EvolutionHead } from "./evolution.ts";
import type { PlacedInstance } from "./evolution-source.ts";

/** From when until when, exclusive, a scope query held. */
export interface Stretch {
  readonly instance: PlacedInstance;
  readonly from: number;
  readonly to: number;
}

/** When the entity was in a scope that the query asks for: a scope holds until another is set (CIM 009 4.18, 5.7.4.4). */
export function stretchesOf(
  head: EvolutionHead,
  scopes: readonly PlacedInstance[],
  scopeQuery: Filter,
): readonly Stretch[] {
  const passes = compileEntityFilter(scopeQuery);
  const set = scopes.toSorted((a, b) => a.at - b.at || a.ordinal - b.ordinal);
  return set.flatMap((instance, index) => {
    const scope = scopeOf(instance);
    const entity = { ...head, scope, expiresAt: undefined, attributes: [] };
    const to = set[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return scope.length > 0 && passes(entity) ? [{ instance, from: instance.at, to }] : [];
  });
}

/** What of it holds in a window: scopes that were set before it too (C.5.16). */
export const within = (
  stretches: readonly Stretch[],
  from = Number.NEGATIVE_INFINITY,
  end = Number.POSITIVE_INFINITY,
) => stretches.filter((stretch) => stretch.to > from && stretch.from < end);

export const holdsAt = (stretches: readonly Stretch[], at: number): boolean =>
  stretches.some(({ from, to }) => at >= from && at < to);

export function scopeOf({ body, deleted }: Pick<PlacedInstance, "body" | "deleted">): readonly string[] {
  if (deleted) return [];
  const given = isArray(body.value) ? body.value : [body.value];
  return given.filter((one) => typeof one === "string");
}
