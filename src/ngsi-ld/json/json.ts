import { isRawNumber, type RawNumber, rawNumber } from "../../core/raw-number.ts";

export type Json = null | boolean | number | string | RawNumber | readonly Json[] | JsonObject;
export type JsonObject = { readonly [member: string]: Json };

/** Source text access (ES2026), which the type library does not know yet. */
const json = JSON as unknown as {
  parse(text: string, reviver?: (key: string, value: Json, context: { readonly source?: string }) => Json): Json;
  stringify(value: Json): string;
};

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const LONG_INTEGER = /[0-9]{16}/;
const INTEGER = /^-?[0-9]+$/;

/** Like `JSON.parse`, but integers beyond 2^53 keep their digits. Throws SyntaxError. */
export function parseJson(text: string): Json {
  if (!LONG_INTEGER.test(text)) return json.parse(text);
  return json.parse(text, (_key, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && INTEGER.test(source)
      ? rawNumber(source)
      : value,
  );
}

export const stringifyJson = (value: Json): string => json.stringify(value);

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isRawNumber(a) || isRawNumber(b)) return isRawNumber(a) && isRawNumber(b) && a.rawJSON === b.rawJSON;
  if (isArray(a) && isArray(b)) return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const members = Object.keys(a);
  return members.length === Object.keys(b).length && members.every((key) => key in b && sameJson(a[key], b[key]));
}
