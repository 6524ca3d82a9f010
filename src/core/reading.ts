import type { Quality } from "./quality.ts";
import type { Value } from "./value.ts";

/** What a connector saw. Times are milliseconds since the epoch. */
export interface Reading {
  /** The connection's name in `twinweave.yaml`. */
  readonly source: string;
  /** The canonical address of the point in its source, as `AddressSyntax.parse` gives it. */
  readonly tag: string;
  readonly value: Value;
  readonly quality: Quality;
  /** The protocol's own status, as it names it: `BadSensorFailure`, `GatewayPathUnavailable`, … */
  readonly code?: string;
  readonly sourceTime?: number;
  readonly receivedTime: number;
}
