import { isRawNumber, rawNumber } from "../../core/raw-number.ts";
import type { Value } from "../../core/value.ts";
import { isArray, isObject, type Json, type JsonObject } from "./json.ts";

const XSD_DOUBLE = "http://www.w3.org/2001/XMLSchema#double";

/** JSON-LD's forms for what plain JSON cannot say: typed literals for NaN and infinities, the JSON null literal (4.5.0). */
const nonFinite = (text: string): JsonObject => ({ "@type": XSD_DOUBLE, "@value": text });
const NOT_A_NUMBER = nonFinite("NaN");
const INFINITE = nonFinite("INF");
const MINUS_INFINITE = nonFinite("-INF");
const JSON_NULL: JsonObject = { "@type": "@json", "@value": null };

/** A signal's value as the value of an attribute, exact for 64-bit integers. */
export function jsonOfValue(value: Value): Json {
  return value === null ? JSON_NULL : inner(value);
}

function inner(value: Value): Json {
  if (typeof value === "bigint") return rawNumber(value.toString());
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? NOT_A_NUMBER : value > 0 ? INFINITE : MINUS_INFINITE;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inner(member)]));
}

/** The other way; a JSON-LD typed literal gives its value. */
export function valueOfJson(json: Json): Value {
  if (isRawNumber(json)) return BigInt(json.rawJSON);
  if (isArray(json)) return json.map(valueOfJson);
  if (!isObject(json)) return json as Value;
  const literal = json["@value"];
  if (literal === undefined) {
    return Object.fromEntries(Object.entries(json).map(([key, member]) => [key, valueOfJson(member)]));
  }
  if (json["@type"] !== XSD_DOUBLE || typeof literal !== "string") return valueOfJson(literal);
  return literal === "INF" ? Number.POSITIVE_INFINITY : literal === "-INF" ? Number.NEGATIVE_INFINITY : Number(literal);
}
