import type { SignalChange } from "../../core/change.ts";
import { HubError } from "../../core/errors.ts";
import type { Quality } from "../../core/quality.ts";
import { isObject, type Json, parseJson } from "../json/json.ts";
import { jsonOfValue } from "../json/value-json.ts";

export const DELIVERY_KIND = "ngsi-ld.notification";

/** One attribute instance of a change; what it was changed to travels along, for the entity may move on before delivery. */
export type AttributeDelta = {
  readonly part: string;
  readonly how: "created" | "put" | "updated" | "deleted";
  /** The instance's stored body. */
  readonly body?: Json;
  /** What a deleted instance was, where it is known. */
  readonly was?: { readonly kind: string; readonly createdAt: number; readonly modifiedAt: number };
  /** The signal of a linked instance. */
  readonly signal?: { readonly value: Json; readonly quality: Quality; readonly code?: string; readonly at: number };
};

/** What waits in the outbox for a subscription. */
export type ChangeNote = {
  readonly entity: string;
  readonly types: readonly string[];
  readonly deleted: boolean;
  readonly at: number;
  readonly deltas: readonly AttributeDelta[];
  /** The times of a deleted entity, where they are known. */
  readonly was?: { readonly createdAt: number; readonly modifiedAt: number };
};

export function bodyDelta(part: string, body: string, how: "created" | "put"): AttributeDelta {
  return { part, how, body: parseJson(body) };
}

export function signalDelta(part: string, { before, after }: SignalChange): AttributeDelta {
  const how = before?.value === undefined ? "created" : "updated";
  if (after.value === undefined) return { part, how };
  const { value, quality, code, at } = after;
  return { part, how, signal: { value: jsonOfValue(value), quality, ...(code === undefined ? {} : { code }), at } };
}

export function parseNote(body: string): ChangeNote {
  const json = parseJson(body);
  if (isObject(json) && typeof json.entity === "string") return json as unknown as ChangeNote;
  throw new HubError("store-corrupt", "a waiting notification cannot be read");
}
