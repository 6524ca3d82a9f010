import type { Context } from "../context/contexts.ts";
import type { Json, JsonObject } from "../json/json.ts";
import { requireName } from "../names.ts";
import { type EntityState, valueShown } from "./entity-state.ts";
import { defaultQualityNames } from "./live-attribute.ts";
import { isGeometry } from "./parse-value.ts";
import type { EntityView } from "./render-entity.ts";

/** A rendered entity as a GeoJSON Feature (CIM 009 4.5.16.2, 4.5.17.1; 5.2.29, 5.2.31; 6.3.15). Throws HubError `invalid` for what is no name. */
export function feature(
  entity: JsonObject,
  state: EntityState,
  view: EntityView,
  geometryProperty: string | undefined,
  { table }: Context,
): JsonObject {
  const { id = state.entity.id, ...properties } = entity;
  const name = table.expand(requireName(geometryProperty ?? "location", "geometryProperty"));
  return { id, type: "Feature", geometry: geometryOf(state, view, name), properties };
}

/** 4.5.16.1: of the chosen instance, else of the default one; null where there is no geometry. */
function geometryOf(state: EntityState, { datasetIds }: EntityView, name: string): Json {
  const instances = state.entity.attributes.filter(
    (stored) =>
      stored.name === name && (datasetIds?.has(stored.datasetId ?? "@none") ?? stored.datasetId === undefined),
  );
  const chosen = instances.find(({ datasetId }) => datasetId === undefined) ?? instances[0];
  const value = chosen === undefined ? undefined : valueShown(chosen, state, defaultQualityNames);
  return value !== undefined && isGeometry(value) ? value : null;
}
