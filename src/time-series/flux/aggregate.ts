import type { Value } from "../../core/value.ts";
import type { Aggregate } from "./flux-query.ts";

/** What an aggregation has seen so far of one window. */
export interface Aggregation {
  add(value: Value, at: number): void;
  /** `undefined`: it has seen nothing. */
  readonly result: { readonly value: Value; readonly at: number } | undefined;
}

export function newAggregation(kind: Aggregate): Aggregation {
  switch (kind) {
    case "first":
      return selection((_value, kept) => kept === undefined);
    case "last":
      return selection(() => true);
    case "min":
      return selection((value, kept) => kept === undefined || Number(value) < Number(kept));
    case "max":
      return selection((value, kept) => kept === undefined || Number(value) > Number(kept));
    case "median":
      return median();
    default:
      return sums(kind);
  }
}

function selection(wins: (value: Value, kept: Value | undefined) => boolean): Aggregation {
  let kept: { readonly value: Value; readonly at: number } | undefined;
  return {
    add(value, at) {
      if (wins(value, kept?.value)) kept = { value, at };
    },
    get result() {
      return kept;
    },
  };
}

function sums(kind: "mean" | "sum" | "count" | "spread"): Aggregation {
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let last = 0;
  return {
    add(value, at) {
      const number = Number(value);
      count++;
      sum += number;
      min = Math.min(min, number);
      max = Math.max(max, number);
      last = at;
    },
    get result() {
      if (count === 0) return undefined;
      const value = { mean: sum / count, sum, count, spread: max - min }[kind];
      return { value, at: last };
    },
  };
}

function median(): Aggregation {
  const numbers: number[] = [];
  let last = 0;
  return {
    add(value, at) {
      numbers.push(Number(value));
      last = at;
    },
    get result() {
      if (numbers.length === 0) return undefined;
      const sorted = [...numbers].sort((a, b) => a - b);
      const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
      return { value: (low + high) / 2, at: last };
    },
  };
}
