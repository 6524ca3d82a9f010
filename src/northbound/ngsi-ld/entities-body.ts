import { HubError } from "../../core/errors.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import type { EntityState } from "../../ngsi-ld/entity/entity-state.ts";
import { feature } from "../../ngsi-ld/entity/geo-feature.ts";
import { defaultQualityNames } from "../../ngsi-ld/entity/live-attribute.ts";
import { NEWEST_MINOR, olderForm, versionOf } from "../../ngsi-ld/entity/older-version.ts";
import type { EntityView } from "../../ngsi-ld/entity/render-entity.ts";
import { InlineRenderer } from "../../ngsi-ld/entity/render-joined.ts";
import { type JsonObject, stringifyJson } from "../../ngsi-ld/json/json.ts";
import type { EntityService } from "../../ngsi-ld/service/entity-service.ts";
import { type Join, type LinkedEntities, linkedEntities } from "../../ngsi-ld/service/linked-entities.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import { answer, preferenceOf, wantsPlainJson } from "./answer.ts";
import { type AnswerType, GEO_TYPE, JSON_TYPE, LD_TYPE } from "./media-type.ts";
import type { NgsiLdParts } from "./room.ts";
import { staleHeaders } from "./stale-warning.ts";

/** How an answer of entities is asked for. */
export interface EntitiesAsked {
  readonly type: AnswerType;
  readonly context: Context;
  readonly view: EntityView;
  readonly join: Join | undefined;
  /** Which GeoProperty is the geometry of a GeoJSON answer, as a name in the context; undefined: location. */
  readonly geometryProperty: string | undefined;
}

interface Extras {
  readonly links?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An entity, or with its linked ones beside it a list (4.5.23.3), in the representation that was asked for (6.3.6). */
export async function entityAnswer(
  parts: NgsiLdParts,
  request: ApiRequest,
  asked: EntitiesAsked,
  entities: Pick<EntityService, "query">,
  state: EntityState,
  extras: Extras = {},
): Promise<ApiResponse> {
  return answerOf(parts, request, asked, entities, [state], extras, asked.join?.kind !== "flat");
}

/** A list of entities, likewise. */
export async function entitiesAnswer(
  parts: NgsiLdParts,
  request: ApiRequest,
  asked: EntitiesAsked,
  entities: Pick<EntityService, "query">,
  states: readonly EntityState[],
  extras: Extras = {},
): Promise<ApiResponse> {
  return answerOf(parts, request, asked, entities, states, extras, false);
}

async function answerOf(
  parts: NgsiLdParts,
  request: ApiRequest,
  asked: EntitiesAsked,
  entities: Pick<EntityService, "query">,
  states: readonly EntityState[],
  extras: Extras,
  single: boolean,
): Promise<ApiResponse> {
  const { type, view, join } = asked;
  const context = asked.context.url === undefined ? await linkable(parts, request, asked) : asked.context;
  const linked = join && (await linkedEntities(request.scope, entities, states, view, join, defaultQualityNames));
  const shown =
    join?.kind === "flat" && linked ? withLinked(states, view, linked) : states.map((state) => ({ state, view }));
  const version = versionOf(preferenceOf(request.headers.prefer, "ngsi-ld"));
  const write = writerOf(parts, asked, context, linked, version);
  const texts = shown.map((one) => write(one.state, one.view));
  const headers = {
    ...extras.headers,
    ...staleHeaders(linked ? [...states, ...[...linked.values()].map(({ state }) => state)] : states, view),
    ...(version === undefined ? {} : { "Preference-Applied": `ngsi-ld=1.${version}` }),
  };
  const body =
    type === GEO_TYPE ? geoBody(texts, single, context, request) : single ? texts[0] : `[${texts.join(",")}]`;
  const response = answer(request, type, context, body ?? "[]", { ...extras, headers });
  // 4.3.6.8: what an older version cannot say was changed.
  return version !== undefined && version < NEWEST_MINOR ? { ...response, status: 203 } : response;
}

type Write = (state: EntityState, view: EntityView) => string;

function writerOf(
  { renderer }: NgsiLdParts,
  { type, join, geometryProperty }: EntitiesAsked,
  context: Context,
  linked: LinkedEntities | undefined,
  version: number | undefined,
): Write {
  const { table } = context;
  const extra: JsonObject | undefined = type === LD_TYPE ? { "@context": context.reference } : undefined;
  const isOlder = version !== undefined && version < NEWEST_MINOR;
  if (join?.kind !== "inline" && type !== GEO_TYPE && !isOlder) {
    return (state, view) => renderer.text(state, view, table, extra);
  }
  const inline =
    join?.kind === "inline" && linked ? new InlineRenderer(renderer, linked, table, join.level) : undefined;
  return (state, view) => {
    const whole = inline?.render(state, view) ?? renderer.render(state, view, table);
    const entity = isOlder ? olderForm(whole, version) : whole;
    if (type === GEO_TYPE) return stringifyJson(feature(entity, state, view, geometryProperty, context));
    return stringifyJson({ ...entity, ...extra });
  };
}

/** Each entity once: those that were asked for, then those that they link to. */
function withLinked(states: readonly EntityState[], view: EntityView, linked: LinkedEntities) {
  const roots = states.map((state) => ({ state, view }));
  const ids = new Set(states.map(({ entity }) => entity.id));
  return [...roots, ...[...linked.values()].filter(({ state }) => !ids.has(state.entity.id))];
}

/** 4.5.16.3, 4.5.17.2, 5.2.30: features have no context of their own; `Prefer: body=json` leaves it out (6.3.6). */
function geoBody(features: readonly string[], single: boolean, context: Context, request: ApiRequest): string {
  const extra = wantsPlainJson(request) ? "" : `,"@context":${stringifyJson(context.reference)}`;
  if (single) return `${features[0]?.slice(0, -1)}${extra}}`;
  return `{"type":"FeatureCollection","features":[${features.join(",")}]${extra}}`;
}

/**
 * A context that an answer can link to (6.3.6): one that came in the body gets a URL at the hub (5.13.1). Where the hub
 * has no room for more, names are shown in full.
 */
async function linkable(parts: NgsiLdParts, request: ApiRequest, { type, context }: EntitiesAsked): Promise<Context> {
  const isLinked = type === JSON_TYPE || (type === GEO_TYPE && wantsPlainJson(request));
  if (!isLinked) return context;
  try {
    const id = await parts.hosted.brought(context.reference, request.scope.tenant);
    return { ...context, url: `${request.baseUrl}/jsonldContexts/${id}` };
  } catch (thrown) {
    const error = HubError.from(thrown);
    if (error.code === "overloaded") return parts.contexts.default;
    throw error;
  }
}
