import type { Filter } from "../../core/filter.ts";
import type { Context } from "../context/contexts.ts";
import { defaultQualityNames } from "../entity/live-attribute.ts";
import type { Json, JsonObject } from "../json/json.ts";
import { compileEntityFilter, type EntityPredicate } from "../query/entity-predicate.ts";
import { parseGeoQuery } from "../query/parse-geo-query.ts";
import { parseQuery, type QueryOptions } from "../query/parse-query.ts";
import { parseScopeQuery } from "../query/parse-scope-query.ts";
import { parseTypeSelection, typeFilter } from "../service/type-selection.ts";
import { objectOf, onlyMembers, textOf } from "./members.ts";
import type { Condition, EntitySelector, Subscription } from "./subscription.ts";

const GEO_MEMBERS: ReadonlySet<string> = new Set(["coordinates", "geometry", "georel", "geoproperty"]);

const namesIn = ({ table }: Context) => ({
  expand: (name: string) => table.expand(name),
  quality: defaultQualityNames.quality,
});

/** CIM 009 4.9. Throws HubError `invalid`, `too-complex`. */
export function parseQ(
  json: Json,
  context: Context,
  options: Pick<QueryOptions, "expandValues" | "joinDepth">,
): Condition<string> {
  const written = textOf(json, "q");
  return { written, filter: parseQuery(decoded(written), { ...namesIn(context), ...options }).filter };
}

/** In a body it is not URI-encoded, but many write it as for a URI. */
function decoded(query: string): string {
  try {
    return decodeURIComponent(query);
  } catch (thrown) {
    if (thrown instanceof URIError) return query;
    throw thrown;
  }
}

/** 4.19. Throws HubError `invalid`, `too-complex`. */
export function parseScopeQ(json: Json): Condition<string> {
  const written = textOf(json, "scopeQ");
  return { written, filter: parseScopeQuery(written) };
}

/** 5.2.13. Throws HubError `invalid`, `too-complex`. */
export function parseGeoQ(json: Json, context: Context): Condition<JsonObject> {
  const written = objectOf(json, "geoQ");
  onlyMembers(written, GEO_MEMBERS, "geoQ");
  const { georel, geometry, coordinates, geoproperty } = written;
  return { written, filter: parseGeoQuery({ georel, geometry, coordinates, geoproperty }, namesIn(context)) };
}

/** What q, geoQ and scopeQ together ask of an entity. */
export interface Conditions {
  readonly passes: EntityPredicate;
  /** Asks what other entities say, so it cannot be judged on the changed entity alone. */
  readonly looksAround: boolean;
}

export function conditionsOf(subscription: Subscription): Conditions | undefined {
  const filter = conditionFilter(subscription);
  return filter === undefined ? undefined : { passes: compileEntityFilter(filter), looksAround: holdsLinked(filter) };
}

function conditionFilter({ q, geoQ, scopeQ }: Subscription): Filter | undefined {
  const of = [q, geoQ, scopeQ].flatMap((condition) => (condition === undefined ? [] : [condition.filter]));
  return of.length > 1 ? { kind: "all", of } : of[0];
}

function holdsLinked(filter: Filter): boolean {
  if (filter.kind === "all" || filter.kind === "any") return filter.of.some(holdsLinked);
  return filter.kind === "not" ? holdsLinked(filter.of) : filter.kind === "linked";
}

/** The entities that a subscription is about and that meet its conditions, as a query (5.8.6, timeInterval). */
export function subscribedEntities(subscription: Subscription): Filter {
  const { entities, watchedAttributes } = subscription;
  const condition = conditionFilter(subscription);
  return {
    kind: "all",
    of: [
      ...(entities === undefined ? [] : [{ kind: "any", of: entities.map(selectorFilter) } as const]),
      ...(watchedAttributes === undefined ? [] : [{ kind: "part", names: watchedAttributes } as const]),
      ...(condition === undefined ? [] : [condition]),
    ],
  };
}

function selectorFilter({ id, idPattern, type }: EntitySelector): Filter {
  const of: Filter[] = [];
  if (id !== undefined) of.push({ kind: "id", in: id });
  else if (idPattern !== undefined) of.push({ kind: "id-pattern", pattern: idPattern });
  if (type !== "*") of.push(typeFilter(parseTypeSelection(type, (name) => name)));
  return { kind: "all", of };
}
