import type { Context } from "../../ngsi-ld/context/contexts.ts";
import type { EntityMaps } from "../../ngsi-ld/entity-map/entity-maps.ts";
import { matchingIds, pageOfMap } from "../../ngsi-ld/entity-map/mapped-query.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { entitiesAnswer } from "./entities-body.ts";
import { filterOf, type Selector, selectorOf } from "./entity-filter.ts";
import { mapAsked, mapHeader } from "./entity-map-parameters.ts";
import { orderOf } from "./entity-order.ts";
import { viewOf } from "./entity-view.ts";
import { joinOf } from "./join-parameters.ts";
import { type AnswerType, GEO_TYPE, negotiate } from "./media-type.ts";
import { checkParameters, flagParameter, pagingHeaders, pagingOf } from "./parameters.ts";
import { parseQueryBody } from "./query-body.ts";
import { POST_PARAMETERS, QUERY_PARAMETERS, refuseGeometryProperty } from "./query-parameters.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";

/** Queries of entities (5.7.2), by GET and by POST. */
export function queryOperations(parts: NgsiLdParts, maps: EntityMaps): readonly Operation[] {
  const { contexts } = parts;
  return [
    {
      name: "QueryEntities",
      method: "GET",
      path: "/entities",
      clause: "CIM 009 v1.9.1, 5.7.2, 6.4.3.2",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept, true);
        checkParameters(request.query, QUERY_PARAMETERS);
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
      name: "QueryEntitiesViaPost",
      method: "POST",
      path: "/entityOperations/query",
      clause: "CIM 009 v1.9.1, 5.7.2, 6.23.3.1",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept, true);
        checkParameters(request.query, POST_PARAMETERS);
        const { json, context } = await readBody(request, contexts);
        return page(parts, maps, request, { type, context, ...parseQueryBody(json, request.query) });
      },
    },
  ];
}

interface Asked {
  readonly type: AnswerType;
  readonly context: Context;
  /** The parameters of the query, from wherever they came. */
  readonly query: URLSearchParams;
  readonly selectors: readonly Selector[];
}

async function page(parts: NgsiLdParts, maps: EntityMaps, request: ApiRequest, asked: Asked): Promise<ApiResponse> {
  const { type, context, query, selectors } = asked;
  const { scope } = request;
  const join = joinOf(query);
  const depth = join?.level ?? 0;
  const view = viewOf(query, context, depth);
  const paging = pagingOf(query);
  const filter = filterOf(query, selectors, context, depth);
  const order = orderOf(query, context);
  // 6.4.3.2: entities are whole here, so it changes nothing.
  flagParameter(query, "splitEntities");
  if (type !== GEO_TYPE) refuseGeometryProperty(query);
  const { known, wanted, lifetime } = mapAsked(request, query, maps);
  const { entities } = await parts.room(scope.tenant);
  const shown = { type, context, view, join, geometryProperty: query.get("geometryProperty") ?? undefined };
  const map = wanted ? maps.add(scope.tenant, await matchingIds(scope, entities, filter, order), lifetime) : known;
  if (map === undefined) {
    const { limit, offset, count } = paging;
    const sorted = order === undefined ? {} : { order };
    const found = await entities.query(scope, { filter, page: { limit, offset, count, ...sorted } });
    const extras = pagingHeaders(request, paging, type, found.more, found.total);
    return entitiesAnswer(parts, request, shown, entities, found.entities, extras);
  }
  const { states, next } = await pageOfMap(scope, entities, map, filter, paging);
  const { links, headers } = pagingHeaders(request, paging, type, next !== undefined, map.entities.length, next);
  const extras = { links, headers: { ...headers, ...mapHeader(map) } };
  const response = await entitiesAnswer(parts, request, shown, entities, states, extras);
  // 6.4.3.2: a map was made for it.
  return known === undefined ? { ...response, status: 201 } : response;
}
