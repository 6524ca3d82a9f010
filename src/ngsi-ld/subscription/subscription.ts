import type { Format } from "../entity/render-attribute.ts";
import type { Json } from "../json/json.ts";
import type { TypeSelection } from "../service/type-selection.ts";

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
  readonly id: string | undefined;
  /** RE2 syntax; the id wins over it. */
  readonly idPattern: string | undefined;
  /** Expanded text of the type selection, as stored; `*` is any type. */
  readonly type: string;
}

/** A subscription as stored: names expanded (5.2.12). Times are ISO 8601, throttling is in seconds. */
export interface Subscription {
  readonly id: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly entities: readonly EntitySelector[] | undefined;
  readonly watchedAttributes: readonly string[] | undefined;
  readonly notificationTrigger: readonly Trigger[] | undefined;
  readonly isActive: boolean;
  readonly expiresAt: string | undefined;
  readonly throttling: number | undefined;
  readonly localOnly: boolean | undefined;
  readonly jsonldContext: string | undefined;
  /** Instances to be sent; `@none` is the default one. */
  readonly datasetId: readonly string[] | undefined;
  /** The context it was written in, for notifications where `jsonldContext` does not say another. */
  readonly context: Json;
  readonly notification: {
    readonly attributes: readonly string[] | undefined;
    readonly pick: readonly string[] | undefined;
    readonly omit: readonly string[] | undefined;
    readonly format: Format | undefined;
    readonly sysAttrs: boolean | undefined;
    readonly endpoint: {
      readonly uri: string;
      readonly accept: string | undefined;
      readonly timeout: number | undefined;
      readonly receiverInfo: readonly KeyValue[] | undefined;
    };
  };
}

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

export interface CompiledSelector {
  readonly id: string | undefined;
  readonly matchesId: ((id: string) => boolean) | undefined;
  /** Undefined: any type. */
  readonly selection: TypeSelection | undefined;
}
