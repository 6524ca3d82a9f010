import { HubError } from "../../core/errors.ts";
import type { EntityState } from "../../ngsi-ld/entity/entity-state.ts";
import type { MergeOptions } from "../../ngsi-ld/entity/merge-options.ts";
import { parseEntity, parseFragment } from "../../ngsi-ld/entity/parse-entity.ts";
import type { EntityView } from "../../ngsi-ld/entity/render-entity.ts";
import type { EntityMaps } from "../../ngsi-ld/entity-map/entity-maps.ts";
import { isObject } from "../../ngsi-ld/json/json.ts";
import { requireDateTime, requireUri } from "../../ngsi-ld/names.ts";
import type { WriteResult } from "../../ngsi-ld/service/entity-service.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { created, multiStatus, noContent, pathSegment } from "./answer.ts";
import { entityAnswer } from "./entities-body.ts";
import { ENTITY_MAP_PARAMETERS, mapAsked, mapHeader } from "./entity-map-parameters.ts";
import { typeTestOf, VIEW_PARAMETERS, viewOf } from "./entity-view.ts";
import { joinOf } from "./join-parameters.ts";
import { GEO_TYPE, negotiate } from "./media-type.ts";
import { checkParameters } from "./parameters.ts";
import { entityError } from "./problem.ts";
import { refuseGeometryProperty } from "./query-parameters.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";

const RETRIEVAL_PARAMETERS = [...VIEW_PARAMETERS, ...ENTITY_MAP_PARAMETERS, "type", "local", "geometryProperty"];

export function entityOperations(parts: NgsiLdParts, maps: EntityMaps): readonly Operation[] {
  const { contexts } = parts;
  const room = (request: ApiRequest, creates = false) => parts.room(request.scope.tenant, creates);

  return [
    {
      name: "CreateEntity",
      method: "POST",
      path: "/entities",
      clause: "CIM 009 v1.9.1, 5.6.1, 6.4.3.1",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["local"]);
        const { json, context } = await readBody(request, contexts);
        const entity = parseEntity(json, context.table);
        await (await room(request, true)).entities.create(request.scope, entity);
        return created(request, `/ngsi-ld/v1/entities/${pathSegment(entity.id)}`);
      },
    },
    {
      name: "RetrieveEntity",
      method: "GET",
      path: "/entities/{entityId}",
      clause: "CIM 009 v1.9.1, 5.7.1, 6.5.3.1",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept, true);
        const { query, scope } = request;
        if (query.size > 0) checkParameters(query, RETRIEVAL_PARAMETERS);
        const context = await contextOfHeader(request, contexts);
        const join = joinOf(query);
        const view = viewOf(query, context, join?.level ?? 0);
        if (type !== GEO_TYPE) refuseGeometryProperty(query);
        const { known, wanted, lifetime } = mapAsked(request, query, maps);
        const id = entityId(request);
        const { entities } = await room(request);
        const state = await entities.retrieve(scope, id, typeTestOf(query, context));
        requireSelected(state, view, request);
        const map = wanted ? maps.add(scope.tenant, [id], lifetime) : known;
        const shown = { type, context, view, join, geometryProperty: query.get("geometryProperty") ?? undefined };
        const extras = map === undefined ? {} : { headers: mapHeader(map) };
        return entityAnswer(parts, request, shown, entities, state, extras);
      },
    },
    {
      name: "ReplaceEntity",
      method: "PUT",
      path: "/entities/{entityId}",
      clause: "CIM 009 v1.9.1, 5.6.18, 6.5.3.3",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["type", "local"]);
        const { json, context } = await readBody(request, contexts);
        const id = entityId(request);
        const entity = parseEntity(
          isObject(json) && json.id === undefined && json["@id"] === undefined ? { ...json, id } : json,
          context.table,
        );
        if (entity.id !== id) throw new HubError("invalid", `the body's id ${entity.id} is not that of the path`);
        const test = typeTestOf(request.query, context);
        return batchAnswer(request, id, await (await room(request)).entities.replace(request.scope, entity, test));
      },
    },
    {
      name: "MergeEntity",
      method: "PATCH",
      path: "/entities/{entityId}",
      clause: "CIM 009 v1.9.1, 5.6.17, 6.5.3.4",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["type", "local", "options", "format", "lang", "observedAt"]);
        const { json, context } = await readBody(request, contexts);
        const id = entityId(request);
        const options = mergeOptionsOf(request.query);
        const simplified = viewOf(request.query, context).format === "simplified";
        const fragment = parseFragment(json, { table: context.table, mode: "fragment", simplified });
        if (fragment.id !== undefined && fragment.id !== id)
          throw new HubError("invalid", `the body's id ${fragment.id} is not that of the path`);
        const test = typeTestOf(request.query, context);
        const { entities } = await room(request);
        const result = await entities.merge(request.scope, id, fragment, test, { ...options, simplified });
        return batchAnswer(request, id, result);
      },
    },
    {
      name: "DeleteEntity",
      method: "DELETE",
      path: "/entities/{entityId}",
      clause: "CIM 009 v1.9.1, 5.6.6, 6.5.3.2",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["type", "local"]);
        const context = await contextOfHeader(request, contexts);
        const id = entityId(request);
        const test = typeTestOf(request.query, context);
        return batchAnswer(request, id, await (await room(request)).entities.delete(request.scope, id, test));
      },
    },
  ];
}

export const entityId = (request: ApiRequest): string =>
  requireUri(request.params.entityId, "the entity's id in the path");

/** 6.5.3.4. */
function mergeOptionsOf(query: URLSearchParams): MergeOptions {
  const lang = query.get("lang");
  const observedAt = query.get("observedAt");
  if (lang === "") throw new HubError("invalid", "the parameter lang must be a language tag");
  return {
    ...(lang === null ? {} : { lang }),
    ...(observedAt === null ? {} : { observedAt: requireDateTime(observedAt, "the parameter observedAt") }),
  };
}

/** 5.7.1.4, 4.21: members were chosen, and the entity has none of them. */
function requireSelected(state: EntityState, view: EntityView, request: ApiRequest): void {
  if (view.pick === undefined && view.omit === undefined) return;
  const keeps = (member: string): boolean => (view.pick?.has(member) ?? true) && !(view.omit?.has(member) ?? false);
  const heads = request.query.has("attrs") ? [] : ["id", "type", ...(state.entity.scope.length > 0 ? ["scope"] : [])];
  if (heads.some(keeps) || state.entity.attributes.some(({ name }) => keeps(name))) return;
  throw new HubError("not-found", `the entity ${state.entity.id} has none of the members asked for`);
}

export function batchAnswer(request: ApiRequest, id: string, result: WriteResult): ApiResponse {
  if (result.failed.length === 0) return noContent(request);
  const errors = result.failed.map(({ attribute, datasetId, error }) => {
    const which = datasetId === undefined ? attribute : `${attribute} (${datasetId})`;
    return entityError(id, new HubError(error.code, `${which}: ${error.message}`, { problems: error.problems }));
  });
  return multiStatus(request, { success: [id], errors });
}
