import type { Filter } from "../../core/filter.ts";
import type { Format } from "../entity/render-attribute.ts";
import type { Json, JsonObject } from "../json/json.ts";
import type { ProjectionEntry } from "./projection-entry.ts";

export const triggers = [
  "entityCreated",
  "entityUpdated",
  "entityDeleted",
  "attributeCreated",
  "attributeUpdated",
  "attributeDeleted",
] as const;
export type Trigger = (typeof triggers)[number];

/** One entry of `entities` (CIM 009 5.2.33). */
export interface EntitySelector {
  readonly id?: readonly string[];
  /** RE2 syntax; the ids win over it. */
  readonly idPattern?: string;
  /** Expanded text of the type selection, as stored; `*` is any type. */
  readonly type: string;
}

/** A condition as the client wrote it, and what it compiles to: names expanded in the context of its writing. */
export interface Condition<Written extends Json> {
  readonly written: Written;
  readonly filter: Filter;
}

export const acceptedTypes = ["application/json", "application/ld+json", "application/geo+json"] as const;
export type AcceptedType = (typeof acceptedTypes)[number];

/** Where notifications go (5.2.15). */
export interface Endpoint {
  readonly uri: string;
  readonly accept?: AcceptedType;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Milliseconds without another try after a failure. */
  readonly cooldown?: number;
  readonly receiverInfo?: readonly KeyValue[];
  readonly notifierInfo?: readonly KeyValue[];
}

/** What notifications show (5.2.14.1); names expanded. */
export interface NotificationParams {
  readonly attributes?: readonly string[];
  readonly pick?: readonly ProjectionEntry[];
  readonly omit?: readonly ProjectionEntry[];
  readonly format?: Format;
  readonly sysAttrs?: boolean;
  readonly showChanges?: boolean;
  readonly join?: "flat" | "inline" | "@none";
  readonly joinLevel?: number;
  readonly endpoint: Endpoint;
}

/** A subscription as stored: names expanded (5.2.12). Times are ISO 8601, intervals are in seconds. */
export interface Subscription {
  readonly id: string;
  readonly subscriptionName?: string;
  readonly description?: string;
  readonly entities?: readonly EntitySelector[];
  readonly watchedAttributes?: readonly string[];
  readonly notificationTrigger?: readonly Trigger[];
  readonly q?: Condition<string>;
  readonly geoQ?: Condition<JsonObject>;
  readonly scopeQ?: Condition<string>;
  /** Means something where other context sources are asked; kept and shown. */
  readonly csf?: string;
  /** Means something in subscriptions of registrations alone (5.2.12); kept and shown. */
  readonly temporalQ?: JsonObject;
  readonly timeInterval?: number;
  readonly throttling?: number;
  /** True where it is missing. */
  readonly isActive?: boolean;
  readonly expiresAt?: string;
  readonly lang?: string;
  readonly localOnly?: boolean;
  readonly splitEntities?: boolean;
  readonly expandValues?: string;
  readonly jsonKeys?: string;
  readonly ngsildConformance?: string;
  readonly jsonldContext?: string;
  /** Instances to be sent; `@none` is the default one. */
  readonly datasetId?: readonly string[];
  /** The context it was written in, for notifications where `jsonldContext` does not say another. */
  readonly context: Json;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly notification: NotificationParams;
}

/** What a client can set; all of it may be missing in a fragment. */
export type SubscriptionMembers = Partial<
  Omit<Subscription, "id" | "context" | "notification" | "createdAt" | "modifiedAt">
>;

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** How notifications of a subscription went (5.2.14.2). */
export interface NotificationStatus {
  readonly timesSent: number;
  readonly timesFailed: number;
  readonly status?: "ok" | "failed";
  readonly lastNotification?: string;
  readonly lastSuccess?: string;
  readonly lastFailure?: string;
}

export const neverNotified: NotificationStatus = { timesSent: 0, timesFailed: 0 };

/** How many Relationships are followed for linked entities (4.5.23). */
export const joinDepth = ({ join, joinLevel = 1 }: Pick<NotificationParams, "join" | "joinLevel">): number =>
  join === "flat" || join === "inline" ? joinLevel : 0;

export const defaultTriggers: readonly Trigger[] = ["attributeCreated", "attributeUpdated"];

export const isExpired = ({ expiresAt }: Subscription, now: number): boolean =>
  expiresAt !== undefined && Date.parse(expiresAt) <= now;
