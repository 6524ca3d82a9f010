import { isoTime } from "../../core/time.ts";
import type { Context } from "../context/contexts.ts";
import { isGeometry } from "../entity/parse-value.ts";
import { type EntityRenderer, type EntityView, plainView } from "../entity/render-entity.ts";
import { isObject, type Json, type JsonObject } from "../json/json.ts";
import { nameOfKey } from "./entity-change.ts";
import { embedsContext } from "./notification-message.ts";
import { addDeleted, addPrevious, timesOf } from "./shown-change.ts";
import type { Subscription } from "./subscription.ts";
import type { ToldEntity } from "./told-entities.ts";

export interface NotificationDataParts {
  readonly renderer: EntityRenderer;
}

/** The `data` of a notification (CIM 009 5.3.1): entities, or a FeatureCollection. */
export async function dataOf(
  told: readonly ToldEntity[],
  subscription: Subscription,
  context: Context,
  parts: NotificationDataParts,
): Promise<Json> {
  const { endpoint } = subscription.notification;
  const view = viewOf(subscription);
  const entities = told.map((one) => shown(one, subscription, view, context, parts));
  if (endpoint.accept !== "application/geo+json") return entities;
  const features = told.map(({ state, note }, at): JsonObject => {
    const { id, ...properties } = entities[at] ?? {};
    const whole = state && parts.renderer.render(state, plainView("simplified"), context.table);
    return { id: id ?? note.entity, type: "Feature", geometry: geometryOf(whole?.location), properties };
  });
  const embedded = embedsContext(endpoint) ? { "@context": context.reference } : {};
  return { type: "FeatureCollection", features, ...embedded };
}

/** 4.5.16.1: the default instance's geometry, or null. */
function geometryOf(value: Json | undefined): Json {
  const single = isObject(value) && isObject(value.dataset) ? value.dataset["@none"] : value;
  return single !== undefined && isGeometry(single) ? single : null;
}

function viewOf({ notification, datasetId }: Subscription): EntityView {
  const { attributes, omit, format = "normalized", sysAttrs = false } = notification;
  const pick = notification.pick ?? (attributes === undefined ? undefined : [...attributes, "id", "type", "scope"]);
  return {
    ...plainView(format),
    sysAttrs,
    pick: pick === undefined ? undefined : new Set(pick),
    omit: omit === undefined ? undefined : new Set(omit),
    datasetIds: datasetId === undefined ? undefined : new Set(datasetId),
  };
}

function shown(
  { state, note, deltas }: ToldEntity,
  { notification: { showChanges = false } }: Subscription,
  view: EntityView,
  { table }: Context,
  { renderer }: NotificationDataParts,
): JsonObject {
  const rendered: Record<string, Json> = state === undefined ? {} : { ...renderer.render(state, view, table) };
  if (state === undefined) {
    const types = note.types.map((type) => table.compact(type));
    rendered.id = note.entity;
    rendered.type = types.length === 1 ? (types[0] as string) : types;
    Object.assign(rendered, view.sysAttrs ? timesOf(note.was) : {}, { deletedAt: isoTime(note.at) });
  }
  for (const delta of deltas) {
    const name = nameOfKey(delta.part);
    const isShown = (view.pick?.has(name) ?? true) && !(view.omit?.has(name) ?? false);
    if (!isShown) continue;
    if (delta.how === "deleted") addDeleted(rendered, delta, { view, table, at: note.at });
    else if (showChanges) addPrevious(rendered, delta, { view, table, at: note.at });
  }
  return rendered;
}
