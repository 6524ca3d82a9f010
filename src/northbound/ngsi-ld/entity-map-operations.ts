import { HubError } from "../../core/errors.ts";
import { isoTime } from "../../core/time.ts";
import type { EntityMap, EntityMaps } from "../../ngsi-ld/entity-map/entity-maps.ts";
import { matchingIds } from "../../ngsi-ld/entity-map/mapped-query.ts";
import { isObject, type JsonObject, stringifyJson } from "../../ngsi-ld/json/json.ts";
import { requireDateTime, requireUri } from "../../ngsi-ld/names.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { answer, noContent } from "./answer.ts";
import { filterOf, type Selector, selectorOf } from "./entity-filter.ts";
import { lifetimeOf, mapHeader } from "./entity-map-parameters.ts";
import { orderOf } from "./entity-order.ts";
import { viewOf } from "./entity-view.ts";
import { joinOf } from "./join-parameters.ts";
import { LD_TYPE, negotiate } from "./media-type.ts";
import { checkParameters } from "./parameters.ts";
import { parseQueryBody } from "./query-body.ts";
import { POST_PARAMETERS, QUERY_PARAMETERS } from "./query-parameters.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";

/** Entity maps (CIM 009 5.14): which entities a sequence of requests is about. */
export function entityMapOperations(parts: NgsiLdParts, maps: EntityMaps): readonly Operation[] {
  const { contexts } = parts;
  /** Throws HubError `unknown-tenant`, `invalid`. */
  const place = async (request: ApiRequest): Promise<readonly [tenant: string, id: string]> => {
    await parts.room(request.scope.tenant);
    return [request.scope.tenant, requireUri(request.params.entityMapId, "the EntityMap's id in the path")];
  };
  return [
    {
      name: "CreateEntityMap",
      method: "GET",
      path: "/entityMaps",
      clause: "CIM 009 v1.9.1, 5.14.4, 6.34.3.1",
      right: "read",
      async handle(request) {
        negotiate(request.headers.accept);
        checkParameters(request.query, QUERY_PARAMETERS);
        const context = await contextOfHeader(request, contexts);
        return make(parts, maps, request, { context, query: request.query, selectors: selectorOf(request.query) });
      },
    },
    {
      name: "CreateEntityMapViaPost",
      method: "POST",
      path: "/entityMaps",
      clause: "CIM 009 v1.9.1, 5.14.4, 6.34.3.2",
      right: "read",
      async handle(request) {
        negotiate(request.headers.accept);
        checkParameters(request.query, POST_PARAMETERS);
        const { json, context } = await readBody(request, contexts);
        return make(parts, maps, request, { context, ...parseQueryBody(json, request.query) });
      },
    },
    {
      name: "RetrieveEntityMap",
      method: "GET",
      path: "/entityMaps/{entityMapId}",
      clause: "CIM 009 v1.9.1, 5.14.1, 6.32.3.1",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept);
        checkParameters(request.query, []);
        const [tenant, id] = await place(request);
        const map = maps.find(tenant, id) ?? missing(id);
        const extra: JsonObject = type === LD_TYPE ? { "@context": contexts.default.reference } : {};
        return answer(request, type, contexts.default, stringifyJson({ ...mapJson(map), ...extra }));
      },
    },
    {
      name: "UpdateEntityMap",
      method: "PATCH",
      path: "/entityMaps/{entityMapId}",
      clause: "CIM 009 v1.9.1, 5.14.2, 6.32.3.2",
      right: "read",
      async handle(request) {
        checkParameters(request.query, []);
        const [tenant, id] = await place(request);
        const { json } = await readBody(request, contexts);
        if (!isObject(json)) throw new HubError("invalid", "the fragment must be a JSON object");
        if (maps.find(tenant, id) === undefined) missing(id);
        if (json.id !== undefined && json.id !== id) throw new HubError("invalid", "an EntityMap keeps its id");
        if (json.type !== undefined && json.type !== "EntityMap")
          throw new HubError("invalid", 'the type must be "EntityMap"');
        // All else is output only, and ignored (5.2.39).
        if (json.expiresAt !== undefined)
          maps.expireAt(tenant, id, Date.parse(requireDateTime(json.expiresAt, "expiresAt")));
        return noContent(request);
      },
    },
    {
      name: "DeleteEntityMap",
      method: "DELETE",
      path: "/entityMaps/{entityMapId}",
      clause: "CIM 009 v1.9.1, 5.14.3, 6.32.3.3",
      right: "read",
      async handle(request) {
        checkParameters(request.query, []);
        const [tenant, id] = await place(request);
        return maps.delete(tenant, id) ? noContent(request) : missing(id);
      },
    },
  ];
}

interface Asked {
  readonly context: NgsiLdParts["contexts"]["default"];
  readonly query: URLSearchParams;
  readonly selectors: readonly Selector[];
}

async function make(
  { room }: NgsiLdParts,
  maps: EntityMaps,
  request: ApiRequest,
  { context, query, selectors }: Asked,
): Promise<ApiResponse> {
  const { scope } = request;
  const depth = joinOf(query)?.level ?? 0;
  viewOf(query, context, depth);
  const filter = filterOf(query, selectors, context, depth);
  const lifetime = lifetimeOf(query.get("entityMapLifetime"));
  const { entities } = await room(scope.tenant);
  const map = maps.add(scope.tenant, await matchingIds(scope, entities, filter, orderOf(query, context)), lifetime);
  const response = answer(request, "application/json", context, stringifyJson(mapJson(map)), {
    headers: mapHeader(map),
  });
  return { ...response, status: 201 };
}

/** 5.2.39: what is held here stands under `@none`. */
export function mapJson({ id, entities, expiresAt }: EntityMap): JsonObject {
  return {
    id,
    type: "EntityMap",
    expiresAt: isoTime(expiresAt),
    entityMap: Object.fromEntries(entities.map((entity) => [entity, ["@none"]])),
    linkedMaps: {},
  };
}

function missing(id: string): never {
  throw new HubError("not-found", `there is no EntityMap ${id}, or it has expired`);
}
