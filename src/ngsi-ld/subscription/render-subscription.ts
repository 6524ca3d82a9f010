import type { TermTable } from "../context/term-table.ts";
import type { Json, JsonObject } from "../json/json.ts";
import { mapTypes } from "./parse-subscription.ts";
import type { NotificationStatus, Subscription } from "./subscription.ts";

/** As clients wrote it, names compacted (CIM 009 5.2.12). */
export function renderSubscription(subscription: Subscription, table: TermTable): JsonObject {
  const compact = (names: readonly string[] | undefined): Json | undefined => names?.map((name) => table.compact(name));
  const { notification } = subscription;
  const { endpoint } = notification;
  return defined({
    id: subscription.id,
    type: "Subscription",
    subscriptionName: subscription.name,
    description: subscription.description,
    entities: subscription.entities?.map(({ id, idPattern, type }) =>
      defined({ id, idPattern, type: mapTypes(type, (name) => table.compact(name)) }),
    ),
    watchedAttributes: compact(subscription.watchedAttributes),
    notificationTrigger: subscription.notificationTrigger,
    isActive: subscription.isActive,
    expiresAt: subscription.expiresAt,
    throttling: subscription.throttling,
    localOnly: subscription.localOnly,
    jsonldContext: subscription.jsonldContext,
    datasetId: subscription.datasetId,
    notification: defined({
      attributes: compact(notification.attributes),
      pick: compact(notification.pick),
      omit: compact(notification.omit),
      format: notification.format === "simplified" ? "keyValues" : notification.format,
      sysAttrs: notification.sysAttrs,
      endpoint: defined({
        uri: endpoint.uri,
        accept: endpoint.accept,
        timeout: endpoint.timeout,
        receiverInfo: endpoint.receiverInfo?.map(({ key, value }) => ({ key, value })),
      }),
    }),
  });
}

/** With the members that the broker makes (tables 5.2.12-2 and 5.2.14.2-1). */
export function renderWithStatus(
  subscription: Subscription,
  table: TermTable,
  status: NotificationStatus,
  now: number,
): JsonObject {
  const rendered = renderSubscription(subscription, table);
  const expired = subscription.expiresAt !== undefined && Date.parse(subscription.expiresAt) <= now;
  const { timesSent, timesFailed, ...last } = status;
  const counts = timesSent === 0 ? {} : { timesSent, ...(timesFailed === 0 ? {} : { timesFailed }), ...last };
  return {
    ...rendered,
    status: expired ? "expired" : subscription.isActive ? "active" : "paused",
    notification: { ...(rendered.notification as JsonObject), ...counts },
  };
}

function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [member, value] of Object.entries(members)) if (value !== undefined) kept[member] = value;
  return kept;
}
