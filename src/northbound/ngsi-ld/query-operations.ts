import type { Context } from "../../ngsi-ld/context/contexts.ts";
import type { EntityState } from "../../ngsi-ld/entity/entity-state.ts";
import type { EntityView } from "../../ngsi-ld/entity/render-entity.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { answer } from "./answer.ts";
import { filterOf, type Selector, selectorOf } from "./entity-filter.ts";
import { orderOf } from "./entity-order.ts";
import { viewOf } from "./entity-view.ts";
import { geoFeatures } from "./geo-json.ts";
import { type AnswerType, GEO_TYPE, LD_TYPE, negotiate } from "./media-type.ts";
import { checkParameters, flagParameter, pagingHeaders, pagingOf } from "./parameters.ts";
import { parseQueryBody } from "./query-body.ts";
import { PAGE_PARAMETERS, QUERY_PARAMETERS, refuseGeometryProperty, refuseUnsupported } from "./query-parameters.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";
import { staleHeaders } from "./stale-warning.ts";

/** What a POST still says beside its body (6.23): how entities are shown, and which page of them. */
const POST_PARAMETERS = [...PAGE_PARAMETERS, "options", "format", "sysAttrs", "local", "geometryProperty"];

/** Queries of entities (5.7.2), by GET and by POST. */
export function queryOperations(parts: NgsiLdParts): readonly Operation[] {
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
        refuseUnsupported(request.query);
        checkParameters(request.query, QUERY_PARAMETERS);
        const context = await contextOfHeader(request, contexts);
        return page(parts, request, { type, context, query: request.query, selectors: selectorOf(request.query) });
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
        refuseUnsupported(request.query);
        checkParameters(request.query, POST_PARAMETERS);
        const { json, context } = await readBody(request, contexts);
        return page(parts, request, { type, context, ...parseQueryBody(json, request.query) });
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

async function page(parts: NgsiLdParts, request: ApiRequest, asked: Asked): Promise<ApiResponse> {
  const { type, context, query, selectors } = asked;
  const view = viewOf(query, context);
  const paging = pagingOf(query);
  const filter = filterOf(query, selectors, context, joinDepthOf(query));
  const order = orderOf(query, context);
  // 6.4.3.2: entities are whole here, so it changes nothing.
  flagParameter(query, "splitEntities");
  if (type !== GEO_TYPE) refuseGeometryProperty(query);
  const { entities } = await parts.room(request.scope.tenant);
  const { limit, offset, count } = paging;
  const found = await entities.query(request.scope, {
    filter,
    page: { limit, offset, count, ...(order === undefined ? {} : { order }) },
  });
  const { links, headers } = pagingHeaders(request, paging, type, found.more, found.total);
  const body = entitiesText(parts, found.entities, type, view, context, request);
  return answer(request, type, context, body, {
    links,
    headers: { ...headers, ...staleHeaders(found.entities, view) },
  });
}

/** How many Relationships a query may follow: as many as are joined (5.7.2.4). */
function joinDepthOf(query: URLSearchParams): number {
  const join = query.get("join");
  return join === null || join === "@none" ? 0 : Number(query.get("joinLevel") ?? 1);
}

function entitiesText(
  { renderer }: NgsiLdParts,
  entities: readonly EntityState[],
  type: AnswerType,
  view: EntityView,
  context: Context,
  request: ApiRequest,
): string {
  if (type === GEO_TYPE) return geoFeatures(renderer, entities, view, context, request);
  const extra = type === LD_TYPE ? { "@context": context.reference } : undefined;
  return `[${entities.map((state) => renderer.text(state, view, context.table, extra)).join(",")}]`;
}
