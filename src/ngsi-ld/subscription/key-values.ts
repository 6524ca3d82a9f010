import type { Json } from "../json/json.ts";
import { isObject } from "../json/json.ts";
import { listOf, refuse } from "./members.ts";
import type { KeyValue } from "./subscription.ts";

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Header fields that the hub writes itself: a receiver's own would contradict them. */
const HEADERS_OF_HUB: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "link",
  "ngsild-tenant",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const MAX_PAIRS = 32;
const MAX_PAIR = 8_192;

/** CIM 009 5.2.22. Throws HubError `invalid`. */
export function parseKeyValues(json: Json, what: string): readonly KeyValue[] {
  const entries = listOf(json, what);
  if (entries.length > MAX_PAIRS) refuse(`${what} holds more than ${MAX_PAIRS} pairs`);
  return entries.map((entry) => {
    const { key, value } = isObject(entry) ? entry : refuse(`${what} must hold objects with key and value`);
    if (typeof key !== "string" || typeof value !== "string" || key === "") {
      return refuse(`${what} must hold a name as key and a text as value`);
    }
    return key.length + value.length <= MAX_PAIR
      ? { key, value }
      : refuse(`a pair in ${what} is longer than ${MAX_PAIR} characters`);
  });
}

/** 6.3.8: each pair becomes a header. */
export function checkHeaders(pairs: readonly KeyValue[]): void {
  for (const { key, value } of pairs) {
    if (!HEADER_NAME.test(key) || !HEADER_VALUE.test(value)) {
      refuse(`receiverInfo must hold a header's name as key and its text as value, which "${key}" does not`);
    }
    if (HEADERS_OF_HUB.has(key.toLowerCase())) refuse(`the header ${key} is the hub's to write, not receiverInfo's`);
  }
}

/** The value of a pair, its key in whatever case. */
export const valueOfKey = (pairs: readonly KeyValue[] | undefined, name: string): string | undefined =>
  pairs?.find(({ key }) => key.toLowerCase() === name.toLowerCase())?.value;
