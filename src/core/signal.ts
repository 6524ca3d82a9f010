import type { Quality } from "./quality.ts";
import type { Value } from "./value.ts";

/** The current state of one linked point, neutral to both standards. Times are milliseconds since the epoch. */
export interface Signal {
  /** `undefined`: there was never a value (rule 9: the attribute is left out, the Property has no value). */
  readonly value: Value | undefined;
  readonly quality: Quality;
  readonly code?: string;
  /** The source's time of the value (a future clock is clamped to the time of reception). */
  readonly at: number;
  readonly receivedAt: number;
  /** When the hub committed this state (rule 10). */
  readonly modifiedAt: number;
  /** When the hub committed the first value of this signal. */
  readonly createdAt: number;
}
