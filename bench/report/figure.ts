/** One measured figure, with what it is compared to where there is such a thing. */
export interface Figure {
  readonly section: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Measured in the same run. */
  readonly baseline?: { readonly what: string; readonly value: number };
  /** What is wanted of the value, or of its ratio to the baseline. */
  readonly target?: { readonly of: "value" | "ratio"; readonly atLeast?: number; readonly atMost?: number };
  readonly note?: string;
}

export function ratioOf({ value, baseline }: Figure): number | undefined {
  return baseline === undefined ? undefined : value / baseline.value;
}

/** Undefined where nothing was asked for. */
export function meetsTarget(figure: Figure): boolean | undefined {
  const { target } = figure;
  if (target === undefined) return undefined;
  const judged = target.of === "ratio" ? (ratioOf(figure) ?? Number.NaN) : figure.value;
  return judged >= (target.atLeast ?? -Infinity) && judged <= (target.atMost ?? Infinity);
}
