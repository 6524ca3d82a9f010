import { HubError } from "../../core/errors.ts";
import type { Value } from "../../core/value.ts";
import { checkText } from "./text-check.ts";

/** How a value is written; the numbers are in the files, so none may ever change its meaning. */
export const valueKind = {
  none: 0,
  null: 1,
  false: 2,
  true: 3,
  number: 4,
  /** SQLite has no NaN: it would be bound as NULL. */
  nan: 5,
  /** Decimal text, exact at any size; `num` holds the nearest double for comparisons. */
  bigint: 6,
  string: 7,
  /** Plain JSON text. */
  json: 8,
  /** JSON text in which every string is tagged, for structures with leaves that JSON cannot show. */
  taggedJson: 9,
} as const;

export interface EncodedValue {
  readonly kind: number;
  readonly num: number;
  /** Empty where the kind needs none. */
  readonly text: string;
}

const noText = "";
const plain = (kind: number, num = Number.NaN): EncodedValue => ({ kind, num, text: noText });

/** Throws `invalid` for text that no store can keep (see `checkText`). */
export function encodeValue(value: Value | undefined): EncodedValue {
  switch (typeof value) {
    case "number":
      return Number.isNaN(value) ? plain(valueKind.nan) : plain(valueKind.number, value);
    case "boolean":
      return plain(value ? valueKind.true : valueKind.false, value ? 1 : 0);
    case "bigint":
      return { kind: valueKind.bigint, num: Number(value), text: value.toString() };
    case "string":
      checkText(value, "value");
      return { kind: valueKind.string, num: Number.NaN, text: value };
    case "undefined":
      return plain(valueKind.none);
    default:
      return value === null ? plain(valueKind.null) : encodeStructure(value);
  }
}

export function decodeValue(kind: number, num: number, text: string): Value | undefined {
  switch (kind) {
    case valueKind.none:
      return undefined;
    case valueKind.null:
      return null;
    case valueKind.false:
      return false;
    case valueKind.true:
      return true;
    case valueKind.number:
      return num;
    case valueKind.nan:
      return Number.NaN;
    case valueKind.bigint:
      return BigInt(text);
    case valueKind.string:
      return text;
    case valueKind.json:
      return JSON.parse(text) as Value;
    case valueKind.taggedJson:
      return untag(JSON.parse(text) as Value);
    default:
      throw new HubError("store-corrupt", `the store holds a value of the unknown kind ${kind}`);
  }
}

function encodeStructure(value: Value): EncodedValue {
  const kind = needsTags(value) ? valueKind.taggedJson : valueKind.json;
  return { kind, num: Number.NaN, text: JSON.stringify(kind === valueKind.json ? value : tag(value)) };
}

/** Whether JSON would lose a leaf: bigint, NaN, an infinity or a negative zero. Checks the texts on its way. */
function needsTags(value: Value): boolean {
  switch (typeof value) {
    case "bigint":
      return true;
    case "number":
      return !Number.isFinite(value) || Object.is(value, -0);
    case "string":
      checkText(value, "value");
      return false;
    case "object": {
      if (value === null) return false;
      let needed = false;
      for (const [key, member] of Object.entries(value)) {
        checkText(key, "value");
        if (needsTags(member)) needed = true;
      }
      return needed;
    }
    default:
      return false;
  }
}

/** `s`: a string; `n`: a number that JSON has no text for; `i`: a bigint. Every other leaf is its own JSON. */
function tag(value: Value): Value {
  if (typeof value === "string") return `s${value}`;
  if (typeof value === "bigint") return `i${value}`;
  if (typeof value === "number" && needsTags(value)) return Object.is(value, -0) ? "n-0" : `n${value}`;
  return mapMembers(value, tag);
}

function untag(value: Value): Value {
  if (typeof value !== "string") return mapMembers(value, untag);
  const text = value.slice(1);
  if (value.startsWith("i")) return BigInt(text);
  return value.startsWith("n") ? Number(text) : text;
}

function mapMembers(value: Value, map: (member: Value) => Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member)]));
}
