import type { LeafAddress } from "./document.ts";
import type { Place } from "./place.ts";
import type { Value, ValueType } from "./value.ts";

export interface QualityPolicy {
  /** On bad quality: keep the last value, or take the one that came with it. */
  readonly bad: "hold" | "take";
  /** Milliseconds without a sign of life until the signal is bad (rule 8). */
  readonly staleAfter: number;
}

export interface ReportPolicy {
  /** Absolute change that counts, in the signal's unit; a smaller one renews liveness only. */
  readonly deadband?: number;
  /** Milliseconds after which an unchanged value is reported all the same. */
  readonly heartbeat?: number;
}

export interface WritePolicy {
  /** From the signal to what the device takes: inverse of `decode`. Throws HubError `invalid` where it cannot. */
  readonly encode: (value: Value) => Value;
  readonly min?: number;
  readonly max?: number;
  /** Over the twin's own points; `points.state` is `current("state")`. False refuses the write. */
  readonly when?: { readonly text: string; readonly holds: (current: (point: string) => Value | undefined) => boolean };
  /** `readback`: the device is asked for the value after the write, and what it says is committed. */
  readonly confirm: "none" | "readback";
}

export interface Derivation {
  /** Points of the same asset that it is made of. */
  readonly inputs: readonly string[];
  readonly evaluate: (current: (point: string) => Value | undefined) => Value;
}

/** Joins addresses that show the same signal. Compiled from one point of one asset of a mapping file. */
export interface Link {
  /** Stable over restarts and renames of tags: `<tenant>/<mapping>/<asset>/<point>`; the series' key. */
  readonly key: string;
  readonly point: string;
  /** All links of one `forEach` match share it. */
  readonly asset: string;
  readonly place: Place;
  /** The device's end; absent for AAS↔NGSI-LD without a device and for derived points. */
  readonly tag?: { readonly source: string; readonly tag: string };
  /** The ends in the two standards, at most one each. */
  readonly ends: readonly LeafAddress[];
  readonly type: ValueType;
  /** Unit of the signal as UNECE Rec 20 code. */
  readonly unit?: string;
  /** From the tag's value to the signal's: scaling, units, expressions, coercion to `type`. Throws HubError `invalid`. */
  readonly decode: (value: Value) => Value;
  readonly quality: QualityPolicy;
  readonly report: ReportPolicy;
  /** Whether its changes are kept in history. */
  readonly history: boolean;
  /** Absent: read-only. */
  readonly write?: WritePolicy;
  readonly derive?: Derivation;
}
