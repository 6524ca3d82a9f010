import type { Context } from "../../ngsi-ld/context/contexts.ts";
import type { EntityState } from "../../ngsi-ld/entity/entity-state.ts";
import { isGeometry } from "../../ngsi-ld/entity/parse-value.ts";
import { type EntityRenderer, type EntityView, plainView } from "../../ngsi-ld/entity/render-entity.ts";
import { isObject, type Json, type JsonObject, stringifyJson } from "../../ngsi-ld/json/json.ts";
import type { ApiRequest } from "../operation-types.ts";
import { wantsPlainJson } from "./answer.ts";

/** An entity as a GeoJSON Feature (CIM 009 4.5.16, 4.5.17). */
export function geoFeature(
  renderer: EntityRenderer,
  state: EntityState,
  view: EntityView,
  context: Context,
  request: ApiRequest,
): string {
  return stringifyJson({ ...feature(renderer, state, view, context, request), ...contextMember(context, request) });
}

export function geoFeatures(
  renderer: EntityRenderer,
  states: readonly EntityState[],
  view: EntityView,
  context: Context,
  request: ApiRequest,
): string {
  const features = states.map((state) => feature(renderer, state, view, context, request));
  return stringifyJson({ type: "FeatureCollection", features, ...contextMember(context, request) });
}

/** `Prefer: body=json` leaves the context out (6.3.6). */
function contextMember(context: Context, request: ApiRequest): JsonObject {
  return wantsPlainJson(request) ? {} : { "@context": context.reference };
}

function feature(
  renderer: EntityRenderer,
  state: EntityState,
  view: EntityView,
  context: Context,
  request: ApiRequest,
): JsonObject {
  const { id, ...properties } = renderer.render(state, view, context.table);
  const name = request.query.get("geometryProperty") ?? "location";
  const whole = renderer.render(state, { ...plainView("simplified"), datasetIds: view.datasetIds }, context.table);
  return { id: id ?? state.entity.id, type: "Feature", geometry: geometryOf(whole[name]), properties };
}

/** 4.5.16.1: the default instance's geometry, or null. */
function geometryOf(value: Json | undefined): Json {
  const single = isObject(value) && isObject(value.dataset) ? value.dataset["@none"] : value;
  return single !== undefined && isGeometry(single) ? single : null;
}
