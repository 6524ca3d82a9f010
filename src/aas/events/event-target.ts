/** What can happen to an element, as the `io.admin-shell.events.v1` types name it. */
export const eventTypes = ["created", "updated", "deleted", "valueChanged", "invoked", "finished"] as const;
export type EventType = (typeof eventTypes)[number];

/**
 * The two forms of events, each named for what it is: `cloud-events` is the proposal of Factory-X for asynchronous AAS
 * messaging (`io.admin-shell.events.v1.*`), `event-payload` the metamodel's own, experimental EventPayload of
 * BasicEventElements (IDTA-01001 v3.1, "Events").
 */
export type EventForm = "cloud-events" | "event-payload";

/** Where events go; declared for users in `config/events-section.ts`. */
export interface EventTarget {
  readonly name: string;
  /** `mqtt:`, `mqtts:`, `http:` or `https:`; without a topic. */
  readonly url: string;
  /** MQTT alone; `{type}`, `{tenant}`, `{submodel}` (base64url) and `{path}` are filled in. */
  readonly topic: string;
  readonly form: EventForm;
  /** `slim`: without the element itself. */
  readonly content: "slim" | "full";
  readonly types: readonly EventType[];
  /** Identifiers of submodels and shells that count, `*` for any text; absent: all. */
  readonly documents?: readonly string[];
  readonly tenants?: readonly string[];
  /** Milliseconds between two values of one linked element; what changes in between is told by one event at its end. */
  readonly minInterval: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly mqtt: {
    readonly version: "3.1.1" | "5";
    readonly qos: 0 | 1 | 2;
    readonly user?: string;
    readonly password?: string;
  };
}

/** Lanes of a target that are delivered side by side. */
const lanes = 16;

/**
 * The outbox's target: what happens to one document keeps its order. Events that end an interval stand in lanes of their
 * own, since they are due later and must not hold up the others.
 */
export function laneOf(target: string, document: string, paced: boolean): string {
  let sum = 0;
  for (let at = 0; at < document.length; at++) sum = (sum * 31 + document.charCodeAt(at)) >>> 0;
  return `aas.events/${target}/${paced ? "paced" : "at-once"}/${sum % lanes}`;
}
