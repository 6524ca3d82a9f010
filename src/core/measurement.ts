import type { Quality } from "./quality.ts";
import type { Value } from "./value.ts";

interface State {
  readonly value: Value | undefined;
  readonly quality: Quality;
  readonly at: number;
  readonly deleted?: boolean;
}

/**
 * Whether a row of history is a measurement that counts: with a value that is not bad, and not the same one again that
 * only tells of another quality (rule 8). `before` is the row before it of its series.
 */
export function isMeasurement(row: State, before: State | undefined): boolean {
  if (row.value === undefined || row.value === null || row.deleted === true || row.quality === "bad") return false;
  return before?.at !== row.at || before.value !== row.value;
}
