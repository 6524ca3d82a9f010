import { HubError } from "../../core/errors.ts";
import type { Value, ValueType } from "../../core/value.ts";
import type { XsdType } from "../metamodel/literals.ts";
import { isLexical, lexicalExample } from "./lexical.ts";
import { isFloatType, isNumericType } from "./xsd-type.ts";

/** A signal's value in the lexical form of its element's type; `undefined`: it has no value (rule 9, and null). */
export function lexicalOf(value: Value | undefined, type: XsdType): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return numberText(value, type);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * A lexical text as the value of a signal: integers beyond 2^53 become bigint. Throws `invalid` where the text is not
 * of the element's type, naming what would be right.
 */
export function signalValueOf(text: string, type: XsdType, signalType: ValueType, place: string): Value {
  if (!isLexical(type, text)) {
    const message = `"${text.slice(0, 100)}" is no ${type}`;
    throw new HubError("invalid", message, { problems: [{ place, message, expected: lexicalExample(type) }] });
  }
  if (type === "xs:boolean") return text === "true" || text === "1";
  if (isFloatType(type) || signalType === "float" || signalType === "double") return floatOf(text);
  if (!isNumericType(type)) return text;
  if (type === "xs:decimal") return signalType === "decimal" ? text : Number(text);
  const whole = BigInt(text.replace(/^\+/, ""));
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

function numberText(value: number, type: XsdType): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "INF" : "-INF";
  if (Object.is(value, -0)) return isFloatType(type) ? "-0" : "0";
  const text = String(value);
  // Only the floating point types have an exponent in their lexical form.
  return isFloatType(type) || !text.includes("e") ? text : plainDecimal(text);
}

/** `1e+21` and `1.5e-7` written out. */
function plainDecimal(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]?\d+)$/.exec(text) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return point >= digits.length
    ? `${sign}${digits}${"0".repeat(point - digits.length)}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function floatOf(text: string): number {
  if (text === "INF") return Number.POSITIVE_INFINITY;
  return text === "-INF" ? Number.NEGATIVE_INFINITY : Number(text);
}
