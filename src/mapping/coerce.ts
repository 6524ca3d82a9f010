import type { Value, ValueType } from "../core/value.ts";
import { ValueProblem } from "./value-problem.ts";

interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

const bits = (size: bigint): Range => ({ low: -(2n ** (size - 1n)), high: 2n ** (size - 1n) - 1n });
const unsigned = (size: bigint): Range => ({ low: 0n, high: 2n ** size - 1n });

/** Whole numbers of XML Schema and their ranges; `integer` has none. */
const integers: Readonly<Partial<Record<ValueType, Range | "unbounded">>> = {
  byte: bits(8n),
  short: bits(16n),
  int: bits(32n),
  long: bits(64n),
  unsignedByte: unsigned(8n),
  unsignedShort: unsigned(16n),
  unsignedInt: unsigned(32n),
  unsignedLong: unsigned(64n),
  integer: "unbounded",
};

const texts: Readonly<Partial<Record<ValueType, { readonly pattern: RegExp; readonly form: string }>>> = {
  date: { pattern: /^-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?$/, form: "2026-11-22" },
  duration: { pattern: /^-?P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/, form: "PT1H30M" },
  anyURI: { pattern: /^[^\s<>"{}|\\^`]*$/, form: "a URI without blanks" },
  base64Binary: { pattern: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, form: "base64 text" },
};

export function isInteger(type: ValueType): boolean {
  return integers[type] !== undefined;
}

export function isNumeric(type: ValueType): boolean {
  return isInteger(type) || type === "float" || type === "double" || type === "decimal";
}

/**
 * The value as this type, or a ValueProblem. Text never becomes a number by itself, a number never loses its fraction,
 * and NaN and the infinities are float and double only.
 */
export function coercer(type: ValueType): (value: Value) => Value {
  const range = integers[type];
  if (range !== undefined) return (value) => toInteger(value, type, range);
  const text = texts[type];
  if (text !== undefined) return (value) => toText(value, type, text.pattern, text.form);
  switch (type) {
    case "boolean":
      return toBoolean;
    case "float":
      return (value) => toFloat(value);
    case "double":
      return (value) => toNumber(value, type);
    case "decimal":
      return toDecimal;
    case "dateTime":
      return toDateTime;
    case "string":
      return toPlainText;
    default:
      return (value) => value;
  }
}

/** How a value is named in messages: short, and with its kind. */
export function describe(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string")
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a structure";
  return String(value);
}

function refuse(value: Value, type: ValueType, expected: string): ValueProblem {
  return new ValueProblem(`${describe(value)} is no ${type}: ${expected}`);
}

function numberAdvice(value: Value): string {
  if (typeof value === "string") return 'a number is expected; expr: "double(value)" reads one from text';
  if (typeof value === "boolean") return 'a number is expected; expr: "value ? 1 : 0" makes one';
  return "a number is expected";
}

function toInteger(value: Value, type: ValueType, range: Range | "unbounded"): Value {
  if (typeof value !== "number" && typeof value !== "bigint") throw refuse(value, type, numberAdvice(value));
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw refuse(value, type, 'a whole number is expected; expr: "round(value)" makes one');
  }
  if (range !== "unbounded" && (value < range.low || value > range.high)) {
    throw refuse(value, type, `${range.low} to ${range.high}`);
  }
  if (typeof value === "number") return value === 0 ? 0 : value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function toNumber(value: Value, type: ValueType): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw refuse(value, type, numberAdvice(value));
}

function toFloat(value: Value): number {
  const wide = toNumber(value, "float");
  const narrow = Math.fround(wide);
  if (Number.isFinite(wide) && !Number.isFinite(narrow)) throw refuse(value, "float", "at most 3.4028235e38");
  return narrow;
}

function toDecimal(value: Value): Value {
  if (typeof value === "bigint") return value;
  const number = toNumber(value, "decimal");
  if (!Number.isFinite(number)) throw refuse(value, "decimal", "a finite number");
  return number;
}

function toBoolean(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1 || value === 0n || value === 1n) return Number(value) === 1;
  throw refuse(value, "boolean", 'true, false, 0 or 1; an expression makes one, e.g. expr: "value > 0"');
}

function toPlainText(value: Value): string {
  if (typeof value === "string") return value;
  if (value !== null && typeof value !== "object") return String(value);
  throw refuse(value, "string", "text; type: json takes any structure");
}

function toText(value: Value, type: ValueType, pattern: RegExp, form: string): string {
  if (typeof value === "string" && pattern.test(value)) return value;
  throw refuse(value, type, form);
}

/** An instant: with its zone; other zones become UTC. Digits beyond milliseconds are kept in UTC times. */
function toDateTime(value: Value): string {
  const match =
    typeof value === "string" ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value) : null;
  const at = match === null ? Number.NaN : Date.parse(match[0]);
  if (match === null || Number.isNaN(at))
    throw refuse(value, "dateTime", "a time with its zone, e.g. 2026-11-22T08:00:00Z");
  return match[2] === "Z" ? match[0] : new Date(at).toISOString();
}
