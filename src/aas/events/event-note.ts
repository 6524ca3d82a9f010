import { HubError } from "../../core/errors.ts";
import type { Quality } from "../../core/quality.ts";
import type { Signal } from "../../core/signal.ts";
import type { Value } from "../../core/value.ts";
import type { EventType } from "./event-target.ts";

export const EVENT_KIND = "aas.event";

/** What waits in the outbox for a target: what happened to what; the event is made of it when it is delivered. */
export interface EventNote {
  /** The event's own id: the same, however often it is delivered. */
  readonly id: string;
  readonly target: string;
  readonly type: EventType;
  readonly collection: "shell" | "submodel";
  readonly document: string;
  /** idShortPath of the element; absent where it is the submodel or shell itself. */
  readonly path?: string;
  /** What a deleted element was. */
  readonly modelType?: string;
  readonly at: number;
  /** The state of a linked element that this event tells; absent: whatever it is at delivery. */
  readonly signal?: NotedSignal;
  /** An interval ends with it: it tells the newest state, and changes until then count as told. */
  readonly paced?: true;
  /** idShortPath of the BasicEventElement (and its submodel) that this event is of. */
  readonly source?: { readonly submodel: string; readonly path: string };
  /** Arguments of an invocation. */
  readonly data?: unknown;
}

interface NotedSignal {
  readonly value: NotedValue;
  readonly quality: Quality;
  readonly code?: string;
  readonly at: number;
}

/** JSON has no 64-bit integers, NaN and infinities: those travel as text. */
type NotedValue =
  | { readonly json: unknown }
  | { readonly integer: string }
  | { readonly number: string }
  | { readonly none: true };

export function notedSignal({ value, quality, code, at }: Signal): NotedSignal {
  return { value: notedValue(value), quality, ...(code === undefined ? {} : { code }), at };
}

/** The signal as it was noted; times that no event shows are the noted one. */
export function signalOf({ value, at, ...rest }: NotedSignal): Signal {
  return { ...rest, value: unnoted(value), at, receivedAt: at, modifiedAt: at, createdAt: at };
}

export function parseNote(body: string): EventNote {
  const note: unknown = JSON.parse(body);
  if (isNote(note)) return note;
  throw new HubError("store-corrupt", "a waiting AAS event cannot be read");
}

function isNote(note: unknown): note is EventNote {
  if (typeof note !== "object" || note === null) return false;
  const { document, target, type } = note as Partial<EventNote>;
  return typeof document === "string" && typeof target === "string" && typeof type === "string";
}

function notedValue(value: Value | undefined): NotedValue {
  if (value === undefined) return { none: true };
  if (typeof value === "bigint") return { integer: value.toString() };
  if (typeof value === "number" && !Number.isFinite(value)) return { number: String(value) };
  return { json: JSON.parse(JSON.stringify(value, (_key, one) => (typeof one === "bigint" ? Number(one) : one))) };
}

function unnoted(noted: NotedValue): Value | undefined {
  if ("none" in noted) return undefined;
  if ("integer" in noted) return BigInt(noted.integer);
  if ("number" in noted) return Number(noted.number);
  return noted.json as Value;
}
