import { HubError } from "../../core/errors.ts";
import { type EntityMaps, LARGEST_MAP } from "../../ngsi-ld/entity-map/entity-maps.ts";
import { stringifyJson } from "../../ngsi-ld/json/json.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { answer } from "./answer.ts";
import { selectorOf } from "./entity-filter.ts";
import { mapJson } from "./entity-map-operations.ts";
import { ENTITY_MAP_PARAMETERS, lifetimeOf, mapHeader } from "./entity-map-parameters.ts";
import { negotiate } from "./media-type.ts";
import { checkParameters } from "./parameters.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";
import {
  parseTemporalQueryBody,
  TEMPORAL_POST_PARAMETERS,
  TEMPORAL_QUERY_PARAMETERS,
  type TemporalAsked,
  temporalSearch,
} from "./temporal-query-operations.ts";

/** Entity maps of queries of temporal evolutions (CIM 009 5.14.5, 6.35). */
export function temporalMapOperations(parts: NgsiLdParts, maps: EntityMaps): readonly Operation[] {
  const { contexts } = parts;
  return [
    {
      name: "CreateTemporalEntityMap",
      method: "GET",
      path: "/temporal/entityMaps",
      clause: "CIM 009 v1.9.1, 5.14.5, 6.35.3.1",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept);
        const { query } = request;
        checkParameters(query, [...new Set([...TEMPORAL_QUERY_PARAMETERS, ...ENTITY_MAP_PARAMETERS])]);
        const context = await contextOfHeader(request, contexts);
        return make(parts, maps, request, { type, context, query, selectors: selectorOf(query) });
      },
    },
    {
      name: "CreateTemporalEntityMapViaPost",
      method: "POST",
      path: "/temporal/entityMaps",
      clause: "CIM 009 v1.9.1, 5.14.5, 6.35.3.2",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept);
        checkParameters(request.query, TEMPORAL_POST_PARAMETERS);
        const { json, context } = await readBody(request, contexts);
        return make(parts, maps, request, { type, context, ...parseTemporalQueryBody(json, request.query) });
      },
    },
  ];
}

async function make(
  { room }: NgsiLdParts,
  maps: EntityMaps,
  request: ApiRequest,
  asked: TemporalAsked,
): Promise<ApiResponse> {
  const { scope } = request;
  const { choice, selection } = temporalSearch(asked);
  const lifetime = lifetimeOf(asked.query.get("entityMapLifetime"));
  const { temporal } = await room(scope.tenant);
  const found = await temporal.find(scope, { ...selection, limit: LARGEST_MAP, offset: 0, count: false }, choice);
  if (found.more)
    throw new HubError("too-complex", `the query finds more than ${LARGEST_MAP} entities, too many for an EntityMap`);
  const ids = found.items.map(({ head }) => head.id);
  const map = maps.add(scope.tenant, ids, lifetime);
  const response = answer(request, "application/json", asked.context, stringifyJson(mapJson(map)), {
    headers: mapHeader(map),
  });
  return { ...response, status: 201 };
}
