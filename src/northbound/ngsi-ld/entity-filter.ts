import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import { defaultQualityNames } from "../../ngsi-ld/entity/live-attribute.ts";
import { isUri, requireName } from "../../ngsi-ld/names.ts";
import type { PathNames } from "../../ngsi-ld/query/attribute-path.ts";
import { parseGeoQuery } from "../../ngsi-ld/query/parse-geo-query.ts";
import { parseQuery } from "../../ngsi-ld/query/parse-query.ts";
import { parseScopeQuery } from "../../ngsi-ld/query/parse-scope-query.ts";
import { parseTypeSelection, typeFilter } from "../../ngsi-ld/service/type-selection.ts";
import { systemMembers } from "../../ngsi-ld/vocabulary.ts";
import { flagParameter, listParameter } from "./parameters.ts";

/** One way of being chosen (5.2.33); the id wins over its pattern. */
export interface Selector {
  readonly ids: readonly string[] | undefined;
  readonly idPattern: string | undefined;
  /** A selection of types (4.17), or `*`. */
  readonly type: string | undefined;
}

/** What a query asks for (5.7.2.4), apart: of entities as such, and of what they say. Names expanded. */
export interface QueryFilters {
  readonly heads: Filter | undefined;
  /** One of these attributes is there. */
  readonly attrs: readonly string[] | undefined;
  /** q and the geoquery. */
  readonly values: readonly Filter[];
  readonly scope: Filter | undefined;
}

/**
 * The entities that a query or a purge is about: those of one of the selectors that meet attrs, q, the geoquery and scopeQ
 * (5.7.2.4). `joinDepth`: how many Relationships q may follow. Throws HubError `invalid`, also for what is too wide: at
 * least a type, an attribute, a geoquery or the local scope has to be said.
 */
export function filterOf(
  query: URLSearchParams,
  selectors: readonly Selector[],
  context: Context,
  joinDepth = 0,
): Filter {
  const { heads, attrs, values, scope } = queryFiltersOf(query, selectors, context, joinDepth);
  const all: Filter[] = [
    ...(heads === undefined ? [] : [heads]),
    ...(attrs === undefined ? [] : [{ kind: "part", names: attrs } as const]),
    ...values,
    ...(scope === undefined ? [] : [scope]),
  ];
  return all.length === 1 ? (all[0] as Filter) : { kind: "all", of: all };
}

/** The same, not joined yet. */
export function queryFiltersOf(
  query: URLSearchParams,
  selectors: readonly Selector[],
  context: Context,
  joinDepth = 0,
): QueryFilters {
  const names = pathNames(context);
  const { expand } = names;
  const attrs = listParameter(query, "attrs")?.map((name) => requireName(name, 'the name in "attrs"'));
  const text = query.get("q");
  const expandValues = namesIn(query, "expandValues")?.map(expand);
  namesIn(query, "jsonKeys");
  const q =
    text === null
      ? undefined
      : parseQuery(text, { ...names, joinDepth, ...(expandValues ? { expandValues: new Set(expandValues) } : {}) });
  const geo = geoFilterOf(query, names);
  const scopeQ = query.get("scopeQ");
  const csf = query.get("csf");
  // 4.9: of registered sources, of which this hub asks none; what is no query is wrong all the same.
  if (csf !== null) parseQuery(csf, names);
  const isLocal = flagParameter(query, "local");
  // 5.5.13, 6.3.18: type=* implies the local scope, which may not be denied (6.4.3.2).
  if (query.get("local") === "false" && selectors.some(({ type }) => type === "*"))
    throw new HubError("invalid", "type=* implies local=true");
  const isTyped = selectors.length > 0 && selectors.every(({ type }) => type !== undefined);
  const namesAttribute = attrs?.some((name) => !systemMembers.has(name)) === true || q?.isSystemOnly === false;
  if (!isTyped && !namesAttribute && geo === undefined && !isLocal) {
    throw new HubError(
      "invalid",
      "the query is too wide: say type, attrs, q (of an attribute), georel or local=true (CIM 009 5.7.2.4)",
    );
  }
  return {
    heads: selectors.length === 0 ? undefined : anyOf(selectors.map((one) => selectorFilter(one, expand))),
    attrs: attrs?.map(expand),
    values: [q?.filter, geo].filter((one) => one !== undefined),
    scope: scopeQ === null ? undefined : parseScopeQuery(scopeQ),
  };
}

export const pathNames = (context: Context): PathNames => ({
  expand: (name) => context.table.expand(name),
  quality: defaultQualityNames.quality,
});

const namesIn = (query: URLSearchParams, parameter: string): readonly string[] | undefined =>
  listParameter(query, parameter)?.map((name) => requireName(name, `the name in "${parameter}"`));

/** 6.4.3.2: geometry, coordinates and georel come together or not at all; geoproperty is ignored without them. */
function geoFilterOf(query: URLSearchParams, names: PathNames): Filter | undefined {
  const member = (name: string): string | undefined => query.get(name) ?? undefined;
  const [georel, geometry, coordinates] = ["georel", "geometry", "coordinates"].map(member);
  if (georel === undefined && geometry === undefined && coordinates === undefined) return undefined;
  return parseGeoQuery({ georel, geometry, coordinates, geoproperty: member("geoproperty") }, names);
}

/** The selector that stands in the parameters of a GET or DELETE. */
export function selectorOf(query: URLSearchParams): readonly Selector[] {
  const ids = listParameter(query, "id");
  const idPattern = query.get("idPattern") ?? undefined;
  const type = query.get("type") ?? undefined;
  return ids === undefined && idPattern === undefined && type === undefined ? [] : [{ ids, idPattern, type }];
}

function selectorFilter({ ids, idPattern, type }: Selector, expand: (name: string) => string): Filter {
  const all: Filter[] = [];
  const wrong = ids?.find((id) => !isUri(id));
  if (wrong !== undefined) throw new HubError("invalid", `the id "${wrong}" is not a URI`);
  if (ids !== undefined) all.push({ kind: "id", in: ids });
  else if (idPattern !== undefined) all.push({ kind: "id-pattern", pattern: idPattern });
  if (type !== undefined && type !== "*") all.push(typeFilter(parseTypeSelection(type, expand)));
  return all.length === 1 ? (all[0] as Filter) : { kind: "all", of: all };
}

const anyOf = (filters: readonly Filter[]): Filter =>
  filters.length === 1 ? (filters[0] as Filter) : { kind: "any", of: filters };
