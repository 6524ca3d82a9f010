import { isoTime } from "../../core/time.ts";
import type { Context } from "../context/contexts.ts";
import type { EntityState } from "../entity/entity-state.ts";
import { feature } from "../entity/geo-feature.ts";
import { parseLanguageFilter } from "../entity/language-filter.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { olderForm, versionOf } from "../entity/older-version.ts";
import { type EntityRenderer, type EntityView, keeps, plainView } from "../entity/render-entity.ts";
import { InlineRenderer } from "../entity/render-joined.ts";
import type { Json, JsonObject } from "../json/json.ts";
import type { EntityReader } from "../service/entity-reader.ts";
import { type LinkedEntities, linkedEntities } from "../service/linked-entities.ts";
import { nameOfKey } from "./entity-change.ts";
import { embedsContext } from "./notification-message.ts";
import { projectionOf } from "./projection-entry.ts";
import { addDeleted, addPrevious, timesOf } from "./shown-change.ts";
import { joinDepth, type Subscription } from "./subscription.ts";
import type { ToldEntity } from "./told-entities.ts";

export interface NotificationDataParts {
  readonly tenant: string;
  readonly reader: EntityReader;
  readonly renderer: EntityRenderer;
  readonly names: QualityNames;
}

/** The `data` of a notification (CIM 009 5.3.1): entities, or a FeatureCollection. Throws HubError `too-complex`. */
export async function dataOf(
  told: readonly ToldEntity[],
  subscription: Subscription,
  context: Context,
  parts: NotificationDataParts,
  abort: AbortSignal,
): Promise<Json> {
  const { notification, ngsildConformance } = subscription;
  const view = viewOf(subscription);
  const linked = await linkedTo(told, subscription, view, parts, abort);
  const inline =
    notification.join === "inline"
      ? new InlineRenderer(parts.renderer, linked, context.table, joinDepth(notification))
      : undefined;
  const render = (state: EntityState, shown: EntityView): JsonObject =>
    inline?.render(state, shown) ?? parts.renderer.render(state, shown, context.table);
  const version = versionOf(ngsildConformance);
  const older = (entity: JsonObject): JsonObject => (version === undefined ? entity : olderForm(entity, version));
  const roots = told.map((one) => ({ ...one, view, entity: older(shown(one, subscription, view, context, render)) }));
  const known = new Set(told.map(({ note }) => note.entity));
  const beside =
    notification.join === "flat" ? [...linked.values()].filter(({ state }) => !known.has(state.entity.id)) : [];
  const all = [...roots, ...beside.map((one) => ({ ...one, entity: older(render(one.state, one.view)) }))];
  const { endpoint } = notification;
  if (endpoint.accept !== "application/geo+json") return all.map(({ entity }) => entity);
  const features = all.map(({ entity, state, view: shown }) =>
    state === undefined ? goneFeature(entity) : feature(entity, state, shown, undefined, context),
  );
  const embedded = embedsContext(endpoint) ? { "@context": context.reference } : {};
  return { type: "FeatureCollection", features, ...embedded };
}

/** 4.5.23: entities that those told of link to. */
async function linkedTo(
  told: readonly ToldEntity[],
  { notification }: Subscription,
  view: EntityView,
  { tenant, reader, names }: NotificationDataParts,
  abort: AbortSignal,
): Promise<LinkedEntities> {
  const level = joinDepth(notification);
  if (level === 0) return new Map();
  const scope = { tenant, actor: { name: "subscription", rights: ["read"] }, requestId: "", abort } as const;
  const entities = { query: (_scope: unknown, query: Parameters<EntityReader["query"]>[0]) => reader.query(query) };
  const join = {
    kind: notification.join === "flat" ? "flat" : "inline",
    level,
    containedBy: new Set<string>(),
  } as const;
  const states = told.flatMap(({ state }) => (state === undefined ? [] : [state]));
  return await linkedEntities(scope, entities, states, view, join, names);
}

const goneFeature = ({ id, ...properties }: JsonObject): JsonObject => ({
  ...(id === undefined ? {} : { id }),
  type: "Feature",
  geometry: null,
  properties,
});

function viewOf({ notification, datasetId, lang }: Subscription): EntityView {
  const { attributes, format = "normalized", sysAttrs = false } = notification;
  const pick = notification.pick === undefined ? undefined : projectionOf(notification.pick, "pick");
  const omit = notification.omit === undefined ? undefined : projectionOf(notification.omit, "omit");
  return {
    ...plainView(format),
    sysAttrs,
    pick: pick?.names ?? (attributes === undefined ? undefined : new Set([...attributes, "id", "type", "scope"])),
    omit: omit?.names,
    pickLinked: pick?.linked,
    omitLinked: omit?.linked,
    datasetIds: datasetId === undefined ? undefined : new Set(datasetId),
    language: lang === undefined ? undefined : parseLanguageFilter(lang),
  };
}

function shown(
  { state, note, deltas }: ToldEntity,
  { notification: { showChanges = false } }: Subscription,
  view: EntityView,
  { table }: Context,
  render: (state: EntityState, view: EntityView) => JsonObject,
): JsonObject {
  const rendered: Record<string, Json> = state === undefined ? {} : { ...render(state, view) };
  if (state === undefined) {
    const types = note.types.map((type) => table.compact(type));
    rendered.id = note.entity;
    rendered.type = types.length === 1 ? (types[0] as string) : types;
    Object.assign(rendered, view.sysAttrs ? timesOf(note.was) : {}, { deletedAt: isoTime(note.at) });
  }
  for (const delta of deltas) {
    if (!keeps(view, nameOfKey(delta.part))) continue;
    if (delta.how === "deleted") addDeleted(rendered, delta, { view, table, at: note.at });
    else if (showChanges) addPrevious(rendered, delta, { view, table, at: note.at });
  }
  return rendered;
}
