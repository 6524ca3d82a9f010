import { exactIntegers } from "../../core/raw-number.ts";
import type { Value } from "../../core/value.ts";

/** Sixteen digits in a row: the shortest text that may pass 2^53. Without it the fast parser is exact. */
const mayBeLong = /\d{16}/;
/** Longer integers are not 64 bit, and making a bigint of a megabyte of digits takes seconds. */
const MAX_DIGITS = 40;

type Reviver = (this: unknown, key: string, value: Value, context: { readonly source?: string }) => Value;

const keepIntegers: Reviver = (_key, value, { source }) => {
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) return value;
  return source.length <= MAX_DIGITS && /^-?\d+$/.test(source) ? BigInt(source) : value;
};

/** JSON, with integers beyond 2^53 as bigint. Throws SyntaxError, as JSON.parse does. */
export function parseExactJson(text: string): Value {
  if (!mayBeLong.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepIntegers as Parameters<typeof JSON.parse>[1]);
}

/** The JSON of a value, bigint as an integer. Undefined where JSON cannot say it: NaN, infinity. */
export function exactJson(value: Value): string | undefined {
  if (hasUnsayable(value)) return undefined;
  return JSON.stringify(value, exactIntegers);
}

function hasUnsayable(value: Value): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(hasUnsayable);
}
