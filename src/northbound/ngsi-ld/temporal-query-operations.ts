import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import { type EntityMap, type EntityMaps, LARGEST_MAP } from "../../ngsi-ld/entity-map/entity-maps.ts";
import { isArray, isObject, type Json } from "../../ngsi-ld/json/json.ts";
import { renderAggregated, renderEvolution } from "../../ngsi-ld/temporal/render-evolution.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { queryFiltersOf, type Selector, selectorOf } from "./entity-filter.ts";
import { ENTITY_MAP_PARAMETERS, mapAsked, mapHeader } from "./entity-map-parameters.ts";
import { entityId } from "./entity-operations.ts";
import { orderOf } from "./entity-order.ts";
import { type AnswerType, negotiate } from "./media-type.ts";
import { checkParameters, flagParameter, type Paging, pagingHeaders, pagingOf } from "./parameters.ts";
import { parseQueryBody } from "./query-body.ts";
import { PAGE_PARAMETERS, SELECTION_PARAMETERS } from "./query-parameters.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";
import { requireEligible, temporalAnswer } from "./temporal-answer.ts";
import { EVOLUTION_PARAMETERS, evolutionOf } from "./temporal-parameters.ts";

export const TEMPORAL_QUERY_PARAMETERS = [
  ...EVOLUTION_PARAMETERS,
  ...SELECTION_PARAMETERS.filter((name) => name !== "attrs" && name !== "local"),
  ...PAGE_PARAMETERS,
  "orderBy",
  "collation",
  "splitEntities",
];
export const TEMPORAL_POST_PARAMETERS = [
  ...PAGE_PARAMETERS,
  ...ENTITY_MAP_PARAMETERS,
  "options",
  "format",
  "sysAttrs",
  "local",
];

/** What entities were (5.7.3, 5.7.4). */
export function temporalQueryOperations(parts: NgsiLdParts, maps: EntityMaps): readonly Operation[] {
  const { contexts } = parts;
  return [
    {
      name: "RetrieveTemporalEntity",
      method: "GET",
      path: "/temporal/entities/{entityId}",
      clause: "CIM 009 v1.9.1, 5.7.3, 6.19.3.1",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept);
        checkParameters(request.query, EVOLUTION_PARAMETERS);
        const context = await contextOfHeader(request, contexts);
        const { choice, view, aggregated, isNamed } = evolutionOf(request.query, context);
        const id = entityId(request);
        const { temporal } = await parts.room(request.scope.tenant);
        const { known, wanted, lifetime } = mapAsked(request, request.query, maps);
        const map = wanted ? maps.add(request.scope.tenant, [id], lifetime) : known;
        const headers = map === undefined ? {} : mapHeader(map);
        if (aggregated !== undefined) {
          const found = await temporal.aggregate([await temporal.known(id)], choice, aggregated);
          requireEligible(found, isNamed);
          const [body = {}] = found.map((one) => renderAggregated(one, aggregated, view));
          return temporalAnswer(request, { type, context, body, headers });
        }
        const { evolutions, range } = await temporal.retrieve(request.scope, id, choice);
        const [body = {}] = evolutions.map((one) => renderEvolution(one, view));
        if (Object.keys(body).length === 0) {
          throw new HubError("not-found", `the temporal evolution of ${id} has none of the members asked for`);
        }
        return temporalAnswer(request, { type, context, body, headers, range, lastN: choice.lastN });
      },
    },
    {
      name: "QueryTemporalEntities",
      method: "GET",
      path: "/temporal/entities",
      clause: "CIM 009 v1.9.1, 5.7.4, 6.18.3.2",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept);
        checkParameters(request.query, TEMPORAL_QUERY_PARAMETERS);
        const context = await contextOfHeader(request, contexts);
        return page(parts, maps, request, {
          type,
          context,
          query: request.query,
          selectors: selectorOf(request.query),
        });
      },
    },
    {
      name: "QueryTemporalEntitiesViaPost",
      method: "POST",
      path: "/temporal/entityOperations/query",
      clause: "CIM 009 v1.9.1, 5.7.4, 6.24.3.1",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept);
        checkParameters(request.query, TEMPORAL_POST_PARAMETERS);
        const { json, context } = await readBody(request, contexts);
        return page(parts, maps, request, { type, context, ...parseTemporalQueryBody(json, request.query) });
      },
    },
  ];
}

export interface TemporalAsked {
  readonly type: AnswerType;
  readonly context: Context;
  readonly query: URLSearchParams;
  readonly selectors: readonly Selector[];
}

/**
 * Which evolutions are asked for, and which part of them. Throws HubError `invalid`, also where no time is said (5.7.4.4,
 * 5.14.5.4).
 */
export function temporalSearch({ context, query, selectors }: Pick<TemporalAsked, "context" | "query" | "selectors">) {
  const evolution = evolutionOf(query, context);
  if (!query.get("timerel"))
    throw new HubError("invalid", "a temporal query needs timerel and timeAt (CIM 009 5.7.4.4)");
  const { heads, attrs, values, scope } = queryFiltersOf(query, selectors, context);
  const order = idOrderOf(query, context);
  flagParameter(query, "splitEntities");
  return { ...evolution, selection: { heads, attrs: attrs && new Set(attrs), values: joined(values), scope, order } };
}

async function page(
  parts: NgsiLdParts,
  maps: EntityMaps,
  request: ApiRequest,
  asked: TemporalAsked,
): Promise<ApiResponse> {
  const { type, context, query } = asked;
  const { choice, view, aggregated, isNamed, selection } = temporalSearch(asked);
  const { heads } = selection;
  const paging = pagingOf(query);
  const { temporal } = await parts.room(request.scope.tenant);
  const { known, wanted, lifetime } = mapAsked(request, query, maps);
  const find = (of: Filter | undefined, which: Paging) =>
    temporal.find(request.scope, { ...selection, heads: of, ...which }, choice);
  const { found, map } = wanted ? await findAndMap() : { found: await find(within(heads, known), paging), map: known };
  const { links, headers: counted } = pagingHeaders(request, paging, type, found.more, found.total);
  const headers = { ...counted, ...(map === undefined ? {} : mapHeader(map)) };
  const shared = { type, context, links, headers };
  if (aggregated !== undefined) {
    const evolutions = await temporal.aggregate(found.items, choice, aggregated);
    requireEligible(evolutions, isNamed);
    return made(
      temporalAnswer(request, {
        ...shared,
        body: evolutions.map((one) => renderAggregated(one, aggregated, view)),
      }),
    );
  }
  const { evolutions, range } = await temporal.show(found.items, choice);
  const body = evolutions.map((one) => renderEvolution(one, view)).filter((one) => Object.keys(one).length > 0);
  return made(temporalAnswer(request, { ...shared, body, range, lastN: choice.lastN }));

  /** 5.5.14: the map has all that there are now. */
  async function findAndMap() {
    const all = await find(heads, { limit: LARGEST_MAP, offset: 0, count: true });
    if (all.more)
      throw new HubError("too-complex", `the query finds more than ${LARGEST_MAP} entities, too many for an EntityMap`);
    const map = maps.add(
      request.scope.tenant,
      all.items.map(({ head }) => head.id),
      lifetime,
    );
    const { limit, offset } = paging;
    const items = all.items.slice(offset, offset + limit);
    return { found: { items, more: all.items.length > offset + limit, total: all.total }, map };
  }

  /** 6.18.3.2: a map was made for it. */
  function made(response: ApiResponse): ApiResponse {
    return wanted && response.status === 200 ? { ...response, status: 201 } : response;
  }
}

/** Of a map's entities alone. */
function within(heads: Filter | undefined, map: EntityMap | undefined): Filter | undefined {
  if (map === undefined) return heads;
  const only: Filter = { kind: "id", in: map.entities };
  return heads === undefined ? only : { kind: "all", of: [heads, only] };
}

const joined = (filters: readonly Filter[]): Filter | undefined =>
  filters.length === 0 ? undefined : { kind: "all", of: filters };

/** 5.7.4.4: temporal evolutions are sorted by their ids alone. */
function idOrderOf(query: URLSearchParams, context: Context): ((a: string, b: string) => number) | undefined {
  const order = orderOf(query, context);
  if (order === undefined) return undefined;
  const [term, ...others] = order.terms;
  if (term?.by.kind !== "id" || others.length > 0) {
    throw new HubError("invalid", "temporal evolutions can be sorted by id only (CIM 009 5.7.4.4)");
  }
  const { compare } = new Intl.Collator(order.collation, {
    ...(order.sensitivity === undefined ? {} : { sensitivity: order.sensitivity }),
  });
  return term.descending ? (a, b) => compare(b, a) : compare;
}

/** A Query with its TemporalQuery and AggregationParams (5.2.21, 5.2.23, 5.2.44) as the parameters of the same by GET. */
export function parseTemporalQueryBody(json: Json, parameters: URLSearchParams) {
  const { temporalQ, aggrParams, ...rest } = isObject(json) ? json : {};
  const parsed = parseQueryBody(isObject(json) ? rest : json, parameters);
  setMembers(parsed.query, temporalQ, "temporalQ", TEMPORAL_MEMBERS);
  setMembers(parsed.query, aggrParams, "aggrParams", AGGREGATION_MEMBERS);
  if (aggrParams !== undefined && !parsed.query.has("format") && !parsed.query.has("options")) {
    parsed.query.set("format", "aggregatedValues");
  }
  return parsed;
}

const AGGREGATION_MEMBERS = ["aggrMethods", "aggrPeriodDuration"];
const TEMPORAL_MEMBERS = [...AGGREGATION_MEMBERS, "timerel", "timeAt", "endTimeAt", "timeproperty", "lastN"];

function setMembers(query: URLSearchParams, json: Json | undefined, what: string, members: readonly string[]): void {
  if (json === undefined) return;
  if (!isObject(json)) throw new HubError("invalid", `${what} must be an object (CIM 009 5.2.23)`);
  for (const [member, value] of Object.entries(json)) {
    if (!members.includes(member)) throw new HubError("invalid", `${what} has no member "${member}" (CIM 009 5.2.21)`);
    const isText = typeof value === "string" || (member === "lastN" && typeof value === "number");
    const isList = member === "aggrMethods" && isArray(value) && value.every((one) => typeof one === "string");
    if (!isText && !isList) throw new HubError("invalid", `${what}.${member} is of the wrong type (CIM 009 5.2.21)`);
    query.set(member, isList ? (value as readonly string[]).join(",") : String(value));
  }
}
