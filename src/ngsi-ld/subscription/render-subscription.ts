import type { TermTable } from "../context/term-table.ts";
import type { Json, JsonObject } from "../json/json.ts";
import { mapTypes } from "./parse-subscription.ts";
import { entryText } from "./projection-entry.ts";
import {
  defaultTriggers,
  isExpired,
  type KeyValue,
  type NotificationStatus,
  type Subscription,
} from "./subscription.ts";

export interface SubscriptionView {
  readonly table: TermTable;
  readonly status: NotificationStatus;
  readonly now: number;
  readonly sysAttrs: boolean;
}

/** As clients wrote it, names compacted, with the members that the broker makes (CIM 009 5.2.12, 5.2.14). */
export function renderSubscription(subscription: Subscription, view: SubscriptionView): JsonObject {
  const { table, now } = view;
  const { id, context: _context, createdAt, modifiedAt, ...members } = subscription;
  return defined({
    id,
    type: "Subscription",
    ...members,
    entities: members.entities?.map(({ id: ids, idPattern, type }) =>
      defined({ id: ids?.length === 1 ? ids[0] : ids, idPattern, type: mapTypes(type, (name) => table.compact(name)) }),
    ),
    notificationTrigger: members.notificationTrigger ?? defaultTriggers,
    watchedAttributes: compacted(members.watchedAttributes, table),
    q: members.q?.written,
    geoQ: members.geoQ?.written,
    scopeQ: members.scopeQ?.written,
    notification: renderNotification(subscription, view),
    ...(view.sysAttrs ? { createdAt, modifiedAt } : {}),
    status: isExpired(subscription, now) ? "expired" : subscription.isActive === false ? "paused" : "active",
  });
}

/** 5.2.14, with its counters. */
export function renderNotification(
  { notification }: Subscription,
  { table, status }: Pick<SubscriptionView, "table" | "status">,
): JsonObject {
  const { timesSent, timesFailed, ...last } = status;
  const { endpoint, ...params } = notification;
  return defined({
    ...params,
    attributes: compacted(params.attributes, table),
    pick: params.pick?.map((entry) => entryText(entry, table)),
    omit: params.omit?.map((entry) => entryText(entry, table)),
    format: params.format === "simplified" ? "keyValues" : params.format,
    endpoint: defined({
      ...endpoint,
      receiverInfo: endpoint.receiverInfo?.map(plainPair),
      notifierInfo: endpoint.notifierInfo?.map(plainPair),
    }),
    ...(timesSent === 0 ? {} : { timesSent, ...(timesFailed === 0 ? {} : { timesFailed }), ...last }),
  });
}

const plainPair = ({ key, value }: KeyValue): JsonObject => ({ key, value });

const compacted = (names: readonly string[] | undefined, table: TermTable): Json | undefined =>
  names?.map((name) => table.compact(name));

function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [member, value] of Object.entries(members)) if (value !== undefined) kept[member] = value;
  return kept;
}
