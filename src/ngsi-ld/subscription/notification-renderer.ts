import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { type Clock, isoTime } from "../../core/time.ts";
import type { Delivery, NewDelivery, OutboxPort } from "../../store/contract.ts";
import type { Context, Contexts } from "../context/contexts.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import type { EntityRenderer } from "../entity/render-entity.ts";
import type { JsonObject } from "../json/json.ts";
import type { EntityReader } from "../service/entity-reader.ts";
import { type ActiveSubscription, activate } from "./active-subscription.ts";
import { type ChangeNote, DELIVERY_KIND, type IntervalNote, parseNote } from "./change-note.ts";
import { subscribedEntities } from "./conditions.ts";
import { dataOf } from "./notification-data.ts";
import { embedsContext, messageOf, type NotificationMessage } from "./notification-message.ts";
import { isExpired, type Subscription } from "./subscription.ts";
import type { SubscriptionService } from "./subscription-service.ts";
import { type ToldEntity, toldEntities } from "./told-entities.ts";

export interface NotificationRendererOptions {
  readonly tenant: string;
  readonly subscriptions: SubscriptionService;
  readonly reader: EntityReader;
  readonly renderer: EntityRenderer;
  readonly names: QualityNames;
  readonly contexts: Contexts;
  readonly outbox: Pick<OutboxPort, "behind">;
  /** Commits what a notification leaves for another. */
  readonly owe: (deliveries: readonly NewDelivery[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Entities in one notification of an interval; what is beyond goes in further ones. */
const MAX_ENTITIES = 500;
/** Deliveries that one throttled notification takes up. */
const MAX_MERGED = 500;
/** Milliseconds that a throttled notification waits for commits whose changes it shows. */
const PATIENCE = 1_000;

/** Makes notifications (CIM 009 5.3.1, 5.8.6, 6.3.8, 7.2) of the outbox's `ngsi-ld.notification` deliveries. */
export function createNotificationRenderer(options: NotificationRendererOptions) {
  const { subscriptions, clock } = options;

  /** Undefined: there is nothing to tell. */
  async function render(
    delivery: Delivery,
    abort: AbortSignal,
  ): Promise<NotificationMessage | { readonly notBefore: number } | undefined> {
    const subscription = subscriptions.find(delivery.target);
    const now = clock.now();
    if (subscription?.isActive === false || subscription === undefined || isExpired(subscription, now))
      return undefined;
    const note = parseNote(delivery.body);
    if ("interval" in note) {
      subscriptions.intervalTold(subscription.id);
      const told = await interval(subscription, note);
      return told.length === 0 ? undefined : notify(delivery, subscription, told, abort);
    }
    const active = subscriptions.index.find(subscription.id) ?? activate(subscription, undefined);
    const { throttle } = active;
    if (throttle === undefined) {
      const told = await toldEntities([note], active, options);
      return told.length === 0 ? undefined : notify(delivery, subscription, told, abort);
    }
    // The first try waits for its time; another is late anyway.
    if (throttle.next > now && delivery.attempts === 0) return { notBefore: throttle.next };
    const behind = await options.outbox.behind(delivery.id, now, MAX_MERGED);
    await throttle.close(PATIENCE);
    const told = await merged(note, behind, active);
    if (told.length === 0) return undefined;
    throttle.sent(clock.now());
    return { ...(await notify(delivery, subscription, told, abort)), covers: behind.map(({ id }) => id) };
  }

  function merged(note: ChangeNote, behind: readonly Delivery[], active: ActiveSubscription) {
    const others = behind.map(({ body }) => parseNote(body)).filter((one): one is ChangeNote => "entity" in one);
    return toldEntities([note, ...others], active, options);
  }

  /** The entities that match when an interval is over, a part of them at a time. */
  async function interval(subscription: Subscription, { after }: IntervalNote): Promise<readonly ToldEntity[]> {
    const page = { limit: MAX_ENTITIES, ...(after === undefined ? {} : { after }) };
    const { entities, next } = await options.reader.query({ filter: subscribedEntities(subscription), page });
    if (next !== undefined) {
      const note: IntervalNote = { interval: true, after: next };
      await options.owe([{ target: subscription.id, kind: DELIVERY_KIND, body: JSON.stringify(note) }]);
    }
    return entities.map((state) => {
      const { id, types } = state.entity;
      return { state, deltas: [], note: { entity: id, types, at: state.at, deleted: false, deltas: [], open: false } };
    });
  }

  async function notify(
    delivery: Delivery,
    subscription: Subscription,
    told: readonly ToldEntity[],
    abort: AbortSignal,
  ): Promise<NotificationMessage> {
    const { endpoint } = subscription.notification;
    const context = await contextOf(subscription);
    const notification: JsonObject = {
      id: `urn:ngsi-ld:Notification:${delivery.createdAt}-${delivery.id}`,
      type: "Notification",
      subscriptionId: subscription.id,
      notifiedAt: isoTime(clock.now()),
      data: await dataOf(told, subscription, context, options, abort),
      ...(endpoint.accept === "application/ld+json" ? { "@context": context.reference } : {}),
    };
    return messageOf(endpoint, notification, context, options.tenant);
  }

  async function contextOf({ jsonldContext, context, notification }: Subscription): Promise<Context> {
    const own = await options.contexts.resolve(jsonldContext ?? context).catch((thrown) => {
      // The hub's copy of a context that was written into the subscription may have been deleted.
      if (typeof context !== "string" && HubError.from(thrown).code === "context-unavailable") {
        return options.contexts.resolve(context);
      }
      throw thrown;
    });
    // A context without a URL cannot be linked to: names are then sent in full.
    return embedsContext(notification.endpoint) || own.url !== undefined ? own : options.contexts.default;
  }

  return {
    render,

    settled(
      delivery: Delivery,
      outcome: { readonly kind: "delivered" | "failed"; readonly at: number; readonly gone?: boolean },
    ): void {
      if (subscriptions.find(delivery.target) === undefined) return;
      const ok = outcome.kind === "delivered";
      subscriptions.status.sent(delivery.target, { ok, at: outcome.at, isFirst: delivery.attempts === 0 });
      if (outcome.kind === "delivered" || outcome.gone !== true) return;
      subscriptions.pause(delivery.target).catch((thrown) => {
        options.log.error("a subscription could not be paused", {
          subscription: delivery.target,
          reason: HubError.from(thrown).message,
        });
      });
    },
  };
}
