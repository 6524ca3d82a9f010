import { HubError } from "../../core/errors.ts";
import type { Quality } from "../../core/quality.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../json/json.ts";

export const DELIVERY_KIND = "ngsi-ld.notification";

/** One attribute instance of a change, as it is told of at delivery. */
export interface NotedDelta {
  readonly part: string;
  readonly how: "created" | "updated" | "deleted";
  readonly kind?: string;
  /** The value before, where it is to be shown. */
  readonly previous?: Json;
  /** The times of a deleted instance. */
  readonly was?: { readonly createdAt: number; readonly modifiedAt: number };
  /** What a mutation put there, where the whole entity is not noted. */
  readonly body?: JsonObject;
}

export interface NotedSignal {
  readonly value: Json;
  readonly quality: Quality;
  readonly code?: string;
  readonly at: number;
}

/** An entity as a change left it, live values laid over it. */
export interface NotedState {
  readonly types: readonly string[];
  readonly scope: readonly string[];
  readonly expiresAt?: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly attributes: readonly NotedAttribute[];
}

export interface NotedAttribute {
  readonly key: string;
  readonly body: JsonObject;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What waits in the outbox for a subscription: what changed of one entity. It may move on before the delivery. */
export interface ChangeNote {
  readonly entity: string;
  readonly types: readonly string[];
  readonly at: number;
  readonly deleted: boolean;
  readonly deltas: readonly NotedDelta[];
  /** The times of a deleted entity, where they are known. */
  readonly was?: { readonly createdAt: number; readonly modifiedAt: number };
  /** Whether the subscription's types and conditions are still to be judged, on the entity as it is read. */
  readonly open: boolean;
  readonly state?: NotedState;
  /** Signals of linked attributes at the change, by part. */
  readonly live?: Readonly<Record<string, NotedSignal>>;
}

/** What waits where an interval is over: `after` is the entity behind which a further part begins. */
export interface IntervalNote {
  readonly interval: true;
  readonly after?: number;
}

/** A note's text; `state` is written already, as it is the same for all subscriptions. */
export function noteText(note: Omit<ChangeNote, "state">, state: string | undefined): string {
  const text = JSON.stringify(note);
  return state === undefined ? text : `${text.slice(0, -1)},"state":${state}}`;
}

/** Throws HubError `store-corrupt`. */
export function parseNote(body: string): ChangeNote | IntervalNote {
  const json = parseJson(body);
  if (isObject(json) && (json.interval === true || typeof json.entity === "string")) {
    return json as unknown as ChangeNote | IntervalNote;
  }
  throw new HubError("store-corrupt", "a waiting notification cannot be read");
}
