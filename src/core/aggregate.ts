import { HubError } from "./errors.ts";
import type { Value } from "./value.ts";

/** The methods of CIM 009 4.5.19.1. */
export const aggregateMethods = ["totalCount", "distinctCount", "sum", "avg", "min", "max", "stddev", "sumsq"] as const;
export type AggregateMethod = (typeof aggregateMethods)[number];

/** What the methods make of the values of one period; those that have no meaning for them are left out. */
export interface AggregatePeriod {
  /** Milliseconds since the epoch; `end` is not part of it. */
  readonly start: number;
  readonly end: number;
  readonly results: Readonly<Partial<Record<AggregateMethod, Value>>>;
}

const MOST_DISTINCT = 100_000;
const TIME_OF_DAY = /^T?(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?Z?$/;
const SECONDS_A_DAY = 86_400;

/** Numbers seen so far; the deviation by Welford's method, which does not cancel. */
interface Numbers {
  count: number;
  sum: number;
  squares: number;
  mean: number;
  deviations: number;
  min: number;
  max: number;
}

const newNumbers = (): Numbers => ({
  count: 0,
  sum: 0,
  squares: 0,
  mean: 0,
  deviations: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
});

function addNumber(numbers: Numbers, value: number): void {
  numbers.count += 1;
  numbers.sum += value;
  numbers.squares += value * value;
  const distance = value - numbers.mean;
  numbers.mean += distance / numbers.count;
  numbers.deviations += distance * (value - numbers.mean);
  numbers.min = Math.min(numbers.min, value);
  numbers.max = Math.max(numbers.max, value);
}

/** Values that are ordered but not added: texts, dates. */
interface Extremes {
  min: { readonly rank: string | number; readonly value: Value } | undefined;
  max: { readonly rank: string | number; readonly value: Value } | undefined;
}

/**
 * Brings the values of one period together (CIM 009 4.5.19.1, tables 1 to 3): numbers and booleans as numbers, arrays by
 * their sizes, texts in the order of their code units, DateTime, Date and Time by when they are, all else counted.
 */
export class Aggregation {
  readonly #numbers = newNumbers();
  readonly #sizes = newNumbers();
  readonly #times = newNumbers();
  readonly #ordered: Extremes = { min: undefined, max: undefined };
  readonly #distinct: Set<string> | undefined;
  #count = 0;

  constructor(methods: readonly AggregateMethod[]) {
    this.#distinct = methods.includes("distinctCount") ? new Set() : undefined;
  }

  /** `counted`: the value has no meaning but its identity, as a relationship's target. Throws HubError `too-complex`. */
  add(value: Value, counted = false): void {
    this.#count += 1;
    this.#distinct?.add(identity(value));
    if ((this.#distinct?.size ?? 0) > MOST_DISTINCT) {
      throw new HubError("too-complex", `a period holds more than ${MOST_DISTINCT} distinct values`);
    }
    if (counted) return;
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
      addNumber(this.#numbers, Number(value));
    } else if (Array.isArray(value)) {
      addNumber(this.#sizes, value.length);
    } else if (typeof value === "string") {
      this.#order(value, value);
    } else {
      this.#addTyped(value);
    }
  }

  result(method: AggregateMethod): Value | undefined {
    if (this.#count === 0) return undefined;
    switch (method) {
      case "totalCount":
        return this.#count;
      case "distinctCount":
        return this.#distinct?.size;
      case "min":
      case "max":
        return this.#extreme(method);
      case "stddev":
      case "sumsq":
        return this.#numbers.count === 0 ? undefined : numeric(this.#numbers, method);
      case "sum":
      case "avg": {
        const summed = [this.#numbers, this.#sizes].find(({ count }) => count > 0);
        if (summed !== undefined) return numeric(summed, method);
        return method === "avg" && this.#times.count > 0 ? timeOfDay(this.#times.mean) : undefined;
      }
    }
  }

  #extreme(method: "min" | "max"): Value | undefined {
    for (const numbers of [this.#numbers, this.#sizes]) if (numbers.count > 0) return numbers[method];
    return this.#ordered[method]?.value;
  }

  #order(rank: string | number, value: Value): void {
    const { min, max } = this.#ordered;
    if (min === undefined || (typeof min.rank === typeof rank && rank < min.rank)) this.#ordered.min = { rank, value };
    if (max === undefined || (typeof max.rank === typeof rank && rank > max.rank)) this.#ordered.max = { rank, value };
  }

  /** JSON-LD typed literals of times (4.6.3). */
  #addTyped(value: Value): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const { "@type": type, "@value": text } = value as { readonly [member: string]: Value };
    if (typeof text !== "string") return;
    if (type === "DateTime" || type === "Date") {
      const at = Date.parse(text.replace(",", "."));
      if (!Number.isNaN(at)) this.#order(at, text);
    } else if (type === "Time") {
      const [, hour, minute, second, fraction = "0"] = TIME_OF_DAY.exec(text) ?? [];
      if (hour === undefined) return;
      const at = Number(hour) * 3600 + Number(minute) * 60 + Number(`${second}.${fraction}`);
      addNumber(this.#times, at);
      this.#order(at, text);
    }
  }
}

function numeric(numbers: Numbers, method: "sum" | "avg" | "stddev" | "sumsq"): number {
  switch (method) {
    case "sum":
      return numbers.sum;
    case "avg":
      return numbers.sum / numbers.count;
    case "sumsq":
      return numbers.squares;
    case "stddev":
      return Math.sqrt(numbers.deviations / numbers.count);
  }
}

function timeOfDay(seconds: number): string {
  return new Date((seconds % SECONDS_A_DAY) * 1000).toISOString().slice("1970-01-01T".length);
}

const identity = (value: Value): string =>
  `${typeof value} ${JSON.stringify(value, (_key, member) => (typeof member === "bigint" ? `${member}n` : member))}`;
