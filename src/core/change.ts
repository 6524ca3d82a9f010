import type { Link } from "./link.ts";
import type { Mutation } from "./mutation.ts";
import type { Signal } from "./signal.ts";

/** Who made a change: a device, a client of one of the APIs, a mapping that was applied, the hub itself (staleness, expiry). */
export type Origin = "device" | "aas" | "ngsi-ld" | "admin" | "mapping" | "hub";

/** A linked signal before and after. */
export interface SignalChange {
  readonly link: Link;
  readonly before: Signal | undefined;
  readonly after: Signal;
}

/** What one commit did, told after it. */
export interface Change {
  readonly seq: number;
  /** The commit's time, milliseconds since the epoch. */
  readonly at: number;
  readonly origin: Origin;
  readonly mutations: readonly Mutation[];
  readonly signals: readonly SignalChange[];
}
