import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { Signal } from "../../core/signal.ts";
import { isoTime } from "../../core/time.ts";
import type { Delivery } from "../../store/contract.ts";
import type { LiveLeaf } from "../../twin/contract.ts";
import type { Context, Contexts } from "../context/contexts.ts";
import type { EntityState } from "../entity/entity-state.ts";
import type { EntityRenderer, EntityView } from "../entity/render-entity.ts";
import { isObject, type Json, type JsonObject, stringifyJson } from "../json/json.ts";
import { valueOfJson } from "../json/value-json.ts";
import type { EntityReader } from "../service/entity-reader.ts";
import { CONTEXT_RELATION, CORE_CONTEXT_URL } from "../vocabulary.ts";
import { type ChangeNote, parseNote } from "./change-note.ts";
import { addDeleted, timesOf } from "./deleted-attribute.ts";
import type { Subscription } from "./subscription.ts";
import { concerns, nameOfKey } from "./subscription-index.ts";
import type { SubscriptionService } from "./subscription-service.ts";

export interface NotificationMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeout?: number;
}

export interface NotificationRendererOptions {
  readonly tenant: string;
  readonly subscriptions: SubscriptionService;
  readonly reader: EntityReader;
  readonly renderer: EntityRenderer;
  readonly contexts: Contexts;
  readonly log: Logger;
}

/** Names that a receiver's extra headers may not take: they belong to the exchange itself. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "content-type",
  "connection",
  "transfer-encoding",
  "link",
  "ngsild-tenant",
]);
const DEFAULT_TENANT = "default";

/** Makes notifications (CIM 009 5.3.1, 5.8.6, 6.3.8) of the outbox's `ngsi-ld.notification` deliveries. */
export function createNotificationRenderer(options: NotificationRendererOptions) {
  const { subscriptions } = options;
  return {
    /** Undefined: the subscription is gone or paused, or the entity no longer concerns it. */
    async render(delivery: Delivery): Promise<NotificationMessage | undefined> {
      const subscription = subscriptions.find(delivery.target);
      if (subscription === undefined || !subscription.isActive) return undefined;
      const context = await options.contexts.resolve(subscription.jsonldContext ?? subscription.context);
      const note = parseNote(delivery.body);
      const isLd = subscription.notification.endpoint.accept === "application/ld+json";
      // A context without a URL cannot be linked to: names are then sent in full.
      const used = isLd || context.url !== undefined ? context : options.contexts.default;
      const entity = await entityOf(note, subscription, used, options);
      if (entity === undefined) return undefined;
      const notification: JsonObject = {
        id: `urn:ngsi-ld:Notification:${delivery.createdAt}-${delivery.id}`,
        type: "Notification",
        subscriptionId: subscription.id,
        notifiedAt: isoTime(delivery.createdAt),
        data: [entity],
        ...(isLd ? { "@context": used.reference } : {}),
      };
      return message(subscription, stringifyJson(notification), isLd, used, options.tenant);
    },

    settled(
      delivery: Delivery,
      outcome: { readonly kind: "delivered" | "failed"; readonly at: number; readonly gone?: boolean },
    ): void {
      if (subscriptions.find(delivery.target) === undefined) return;
      subscriptions.status.sent(delivery.target, outcome.kind === "delivered", outcome.at);
      if (outcome.gone !== true) return;
      subscriptions.pause(delivery.target).catch((thrown) => {
        options.log.error("a subscription could not be paused", {
          subscription: delivery.target,
          reason: HubError.from(thrown).message,
        });
      });
    },
  };
}

function message(
  subscription: Subscription,
  body: string,
  isLd: boolean,
  context: Context,
  tenant: string,
): NotificationMessage {
  const { endpoint } = subscription.notification;
  const headers: Record<string, string> = {};
  for (const { key, value } of endpoint.receiverInfo ?? [])
    if (!OWN_HEADERS.has(key.toLowerCase())) headers[key] = value;
  headers["Content-Type"] = isLd ? "application/ld+json" : "application/json";
  if (!isLd)
    headers.Link = `<${context.url ?? CORE_CONTEXT_URL}>; rel="${CONTEXT_RELATION}"; type="application/ld+json"`;
  if (tenant !== DEFAULT_TENANT) headers["NGSILD-Tenant"] = tenant;
  return { url: endpoint.uri, headers, body, ...(endpoint.timeout === undefined ? {} : { timeout: endpoint.timeout }) };
}

async function entityOf(
  note: ChangeNote,
  subscription: Subscription,
  context: Context,
  options: NotificationRendererOptions,
): Promise<JsonObject | undefined> {
  const { table } = context;
  if (note.deleted) {
    if (!concerns(subscription, note.entity, note.types)) return undefined;
    const types = note.types.map((type) => table.compact(type));
    const times = subscription.notification.sysAttrs === true ? timesOf(note.was) : {};
    const type = types.length === 1 ? (types[0] as string) : types;
    return { id: note.entity, type, ...times, deletedAt: isoTime(note.at) };
  }
  const state = await options.reader.find(note.entity);
  if (state === undefined || !concerns(subscription, state.entity.id, state.entity.types)) return undefined;
  const { notification } = subscription;
  const pick =
    notification.pick ??
    (notification.attributes === undefined ? undefined : [...notification.attributes, "id", "type", "scope"]);
  const view: EntityView = {
    format: notification.format ?? "normalized",
    sysAttrs: notification.sysAttrs ?? false,
    pick: pick === undefined ? undefined : new Set(pick),
    omit: notification.omit === undefined ? undefined : new Set(notification.omit),
    datasetIds: subscription.datasetId === undefined ? undefined : new Set(subscription.datasetId),
  };
  const rendered: Record<string, Json> = { ...options.renderer.render(asItWas(state, note), view, table) };
  for (const delta of note.deltas) {
    const name = nameOfKey(delta.part);
    const isShown = (view.pick?.has(name) ?? true) && !(view.omit?.has(name) ?? false);
    if (delta.how === "deleted" && isShown) addDeleted(rendered, table.compact(name), delta, view, note.at);
  }
  return rendered;
}

/** The entity with the changed instances as the change left them; the others as they are now. */
function asItWas(state: EntityState, note: ChangeNote): EntityState {
  const live = new Map<string, LiveLeaf>(state.live);
  const bodies = new Map<string, JsonObject>();
  for (const { part, signal, body } of note.deltas) {
    const leaf = live.get(part);
    if (signal !== undefined && leaf?.signal !== undefined) {
      const { value, ...rest } = signal;
      const was: Signal = { ...leaf.signal, ...rest, value: valueOfJson(value) };
      live.set(part, { ...leaf, signal: was });
    } else if (isObject(body)) {
      bodies.set(part, body);
    }
  }
  const attributes = state.entity.attributes.map((stored) => {
    const body = bodies.get(stored.key);
    return body === undefined ? stored : { ...stored, body };
  });
  return { ...state, live, entity: { ...state.entity, attributes } };
}
