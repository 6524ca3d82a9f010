import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import { type EntityState, holdsStaleValue } from "../../ngsi-ld/entity/entity-state.ts";
import type { MergeOptions } from "../../ngsi-ld/entity/merge-options.ts";
import { parseEntity, parseFragment } from "../../ngsi-ld/entity/parse-entity.ts";
import type { EntityView } from "../../ngsi-ld/entity/render-entity.ts";
import { isObject, type Json } from "../../ngsi-ld/json/json.ts";
import { isUri, requireDateTime, requireUri } from "../../ngsi-ld/names.ts";
import type { WriteResult } from "../../ngsi-ld/service/entity-service.ts";
import { parseTypeSelection, typeFilter } from "../../ngsi-ld/service/type-selection.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { answer, created, multiStatus, noContent } from "./answer.ts";
import { typeTestOf, VIEW_PARAMETERS, viewOf } from "./entity-view.ts";
import { geoFeature, geoFeatures } from "./geo-json.ts";
import { type AnswerType, GEO_TYPE, LD_TYPE, negotiate } from "./media-type.ts";
import { checkParameters, flagParameter, listParameter, pagingHeaders, pagingOf } from "./parameters.ts";
import { entityError } from "./problem.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";

const QUERY_PARAMETERS = [
  ...VIEW_PARAMETERS,
  "id",
  "type",
  "idPattern",
  "limit",
  "offset",
  "count",
  "local",
  "geometryProperty",
];
/** Known to the standard, not to this hub yet: refused by name, never ignored. */
const UNSUPPORTED = [
  "q",
  "csf",
  "scopeQ",
  "georel",
  "geometry",
  "coordinates",
  "geoproperty",
  "orderBy",
  "collation",
  "orderFrom",
  "orderGeometry",
  "join",
  "joinLevel",
  "containedBy",
  "lang",
  "entityMap",
  "entityMapLifetime",
  "expandValues",
  "jsonKeys",
  "splitEntities",
];

export function entityOperations(parts: NgsiLdParts): readonly Operation[] {
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
        return created(request, `/ngsi-ld/v1/entities/${encodeURIComponent(entity.id)}`);
      },
    },
    {
      name: "QueryEntities",
      method: "GET",
      path: "/entities",
      clause: "CIM 009 v1.9.1, 5.7.2, 6.4.3.2",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept, true);
        refuseUnsupported(request.query);
        checkParameters(request.query, QUERY_PARAMETERS);
        const context = await contextOfHeader(request, contexts);
        const view = viewOf(request.query, context);
        const paging = pagingOf(request.query);
        const filter = filterOf(request.query, context, view);
        const page = { limit: paging.limit, offset: paging.offset, count: paging.count };
        const found = await (await room(request)).entities.query(request.scope, { filter, page });
        const { links, headers } = pagingHeaders(request, paging, type, found.more, found.total);
        const body = entitiesText(parts, found.entities, type, view, context, request);
        const warning = found.entities.some((state) => warns(state, view)) ? STALE : {};
        return answer(request, type, context, body, { links, headers: { ...headers, ...warning } });
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
        if (request.query.size > 0) {
          refuseUnsupported(request.query);
          checkParameters(request.query, [...VIEW_PARAMETERS, "type", "local", "geometryProperty"]);
        }
        const context = await contextOfHeader(request, contexts);
        const view = viewOf(request.query, context);
        const id = entityId(request);
        const state = await (await room(request)).entities.retrieve(
          request.scope,
          id,
          typeTestOf(request.query, context),
        );
        requireSelected(state, view, request);
        const headers = warns(state, view) ? STALE : {};
        if (type === GEO_TYPE) {
          const feature = geoFeature(parts.renderer, state, view, context, request);
          return answer(request, type, context, feature, { headers });
        }
        refuseGeometryProperty(request.query);
        const extra = type === LD_TYPE ? { "@context": context.reference } : undefined;
        return answer(request, type, context, parts.renderer.text(state, view, context.table, extra), { headers });
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

const STALE = { "NGSILD-Warning": "110 - Response is Stale" };

/** Rule 7: a simplified answer cannot show quality, so it says that it holds a stale value. */
const warns = (state: EntityState, view: EntityView): boolean => view.format === "simplified" && holdsStaleValue(state);

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

function refuseUnsupported(query: URLSearchParams): void {
  const name = UNSUPPORTED.find((parameter) => query.has(parameter));
  if (name !== undefined) throw new HubError("unsupported", `this hub does not support the parameter "${name}" yet`);
}

function refuseGeometryProperty(query: URLSearchParams): void {
  if (query.has("geometryProperty")) throw new HubError("invalid", `geometryProperty needs Accept: ${GEO_TYPE}`);
}

/** 5.7.1.4, 4.21: members were chosen, and the entity has none of them. */
function requireSelected(state: EntityState, view: EntityView, request: ApiRequest): void {
  if (view.pick === undefined && view.omit === undefined) return;
  const keeps = (member: string): boolean => (view.pick?.has(member) ?? true) && !(view.omit?.has(member) ?? false);
  const heads = request.query.has("attrs") ? [] : ["id", "type", ...(state.entity.scope.length > 0 ? ["scope"] : [])];
  if (heads.some(keeps) || state.entity.attributes.some(({ name }) => keeps(name))) return;
  throw new HubError("not-found", `the entity ${state.entity.id} has none of the members asked for`);
}

function filterOf(query: URLSearchParams, context: Context, view: EntityView): Filter {
  const all: Filter[] = [];
  const ids = listParameter(query, "id");
  if (ids !== undefined) {
    const wrong = ids.find((id) => !isUri(id));
    if (wrong !== undefined) throw new HubError("invalid", `"${wrong}" in the parameter "id" is not a URI`);
    all.push({ kind: "id", in: ids });
  }
  const type = query.get("type");
  const attrs = listParameter(query, "attrs");
  // type=* implies the local scope, which may not be denied (6.4.3.2).
  if (type === "*" && query.get("local") === "false") throw new HubError("invalid", "type=* implies local=true");
  if (type === null && attrs === undefined && !flagParameter(query, "local")) {
    throw new HubError("invalid", "the query is too wide: say type, attrs or local=true (CIM 009 5.7.2.4)");
  }
  if (type !== null && type !== "*")
    all.push(typeFilter(parseTypeSelection(type, (name) => context.table.expand(name))));
  if (attrs !== undefined && view.pick !== undefined) {
    all.push({ kind: "part", names: [...view.pick].filter((name) => name.includes(":")) });
  }
  const pattern = query.get("idPattern");
  if (pattern !== null && ids === undefined) all.push({ kind: "id-pattern", pattern });
  return all.length === 1 ? (all[0] as Filter) : { kind: "all", of: all };
}

function entitiesText(
  parts: NgsiLdParts,
  entities: readonly EntityState[],
  type: AnswerType,
  view: EntityView,
  context: Context,
  request: ApiRequest,
): string {
  if (type === GEO_TYPE) return geoFeatures(parts.renderer, entities, view, context, request);
  refuseGeometryProperty(request.query);
  const extra: Record<string, Json> | undefined = type === LD_TYPE ? { "@context": context.reference } : undefined;
  return `[${entities.map((state) => parts.renderer.text(state, view, context.table, extra)).join(",")}]`;
}

function batchAnswer(request: ApiRequest, id: string, result: WriteResult): ApiResponse {
  if (result.failed.length === 0) return noContent(request);
  const errors = result.failed.map(({ attribute, datasetId, error }) => {
    const which = datasetId === undefined ? attribute : `${attribute} (${datasetId})`;
    return entityError(id, new HubError(error.code, `${which}: ${error.message}`, { problems: error.problems }));
  });
  return multiStatus(request, { success: [id], errors });
}
