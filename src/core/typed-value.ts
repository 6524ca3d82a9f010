/**
 * Values that queries compare, by type. `moment` and `time` (of a day) are milliseconds since the epoch and since
 * midnight, both in UTC, and the minutes by which they were written ahead of it; `hex` is a number's digits, upper case.
 */
export type TypedValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "moment" | "time"; readonly at: number; readonly offset: number }
  | { readonly type: "hex"; readonly digits: string };

export type ValueTypeName = TypedValue["type"];

/** What a value can be turned into: another type, or a number that says when a moment is, in the zone it is written in. */
export type Conversion = ValueTypeName | "day-of-week" | "day-of-month" | "month" | "year";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The value as another type (XPath 3.0, casting); `undefined` where it cannot be cast. Text that is no number is NaN. */
export function convert(value: TypedValue, to: Conversion): TypedValue | undefined {
  switch (to) {
    case "string":
      return { type: "string", value: textOf(value) };
    case "number":
      return { type: "number", value: numberOf(value) };
    case "boolean":
      return booleanOf(value);
    case "hex":
      return hexOf(value);
    case "moment":
      return value.type === "moment" ? value : value.type === "string" ? parseMoment(value.value) : undefined;
    case "time":
      return timeOf(value);
    default:
      return value.type === "moment"
        ? { type: "number", value: field(value.at + value.offset * MINUTE, to) }
        : undefined;
  }
}

/** Days of the week as ISO 8601 counts them: Monday is 1. */
function field(local: number, name: "day-of-week" | "day-of-month" | "month" | "year"): number {
  const date = new Date(local);
  if (name === "year") return date.getUTCFullYear();
  if (name === "month") return date.getUTCMonth() + 1;
  return name === "day-of-month" ? date.getUTCDate() : date.getUTCDay() || 7;
}

function textOf(value: TypedValue): string {
  switch (value.type) {
    case "string":
      return value.value;
    case "number":
      return numberText(value.value);
    case "boolean":
      return String(value.value);
    case "hex":
      return value.digits;
    case "moment":
      return `${isoLocal(value.at, value.offset)}${zoneText(value.offset)}`;
    case "time":
      return `${isoLocal(value.at, value.offset).slice("1970-01-01T".length)}${zoneText(value.offset)}`;
  }
}

/** A number in the lexical form of XML Schema. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "INF" : "-INF";
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function numberOf(value: TypedValue): number {
  switch (value.type) {
    case "number":
      return value.value;
    case "boolean":
      return value.value ? 1 : 0;
    case "hex":
      return Number.parseInt(value.digits, 16);
    case "string": {
      const text = value.value.trim();
      if (NUMBER.test(text)) return Number(text);
      return text === "INF" ? Number.POSITIVE_INFINITY : text === "-INF" ? Number.NEGATIVE_INFINITY : Number.NaN;
    }
    default:
      return Number.NaN;
  }
}

function booleanOf(value: TypedValue): TypedValue | undefined {
  if (value.type === "boolean") return value;
  if (value.type === "number") return { type: "boolean", value: value.value !== 0 && !Number.isNaN(value.value) };
  if (value.type !== "string") return undefined;
  const text = value.value.trim();
  if (text === "true" || text === "1") return { type: "boolean", value: true };
  return text === "false" || text === "0" ? { type: "boolean", value: false } : undefined;
}

const HEX = /^(?:16#)?([0-9A-Fa-f]{1,2000})$/;

/** Digits with or without `16#` before them; leading zeros do not count. */
function hexOf(value: TypedValue): TypedValue | undefined {
  if (value.type === "hex") return value;
  if (value.type === "number") {
    if (!Number.isSafeInteger(value.value) || value.value < 0) return undefined;
    return { type: "hex", digits: value.value.toString(16).toUpperCase() };
  }
  const digits = value.type === "string" ? HEX.exec(value.value.trim())?.[1] : undefined;
  return digits === undefined ? undefined : { type: "hex", digits: digits.toUpperCase().replace(/^0+(?=.)/, "") };
}

const ZONE = "(Z|[+-]\\d{2}:\\d{2})?";
const TIME = "(\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d+))?)?";
const MOMENT = new RegExp(`^(-?\\d{4,6})-(\\d{2})-(\\d{2})(?:T?${TIME}${ZONE})?$`, "i");
const TIME_OF_DAY = new RegExp(`^${TIME}${ZONE}$`);

/** Without a zone: UTC. A date alone: its midnight. */
function parseMoment(text: string): TypedValue | undefined {
  const [, year, month, day, ...time] = MOMENT.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const midnight = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const date = new Date(midnight);
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  const clock = real ? clockOf(time) : undefined;
  if (clock === undefined) return undefined;
  return { type: "moment", at: midnight + clock.at - clock.offset * MINUTE, offset: clock.offset };
}

function timeOf(value: TypedValue): TypedValue | undefined {
  if (value.type === "time") return value;
  if (value.type === "moment") {
    const local = value.at + value.offset * MINUTE;
    return { type: "time", at: local - Math.floor(local / DAY) * DAY - value.offset * MINUTE, offset: value.offset };
  }
  const parsed = value.type === "string" ? TIME_OF_DAY.exec(value.value.trim()) : null;
  const clock = parsed === null ? undefined : clockOf(parsed.slice(1));
  return clock && { type: "time", at: clock.at - clock.offset * MINUTE, offset: clock.offset };
}

/** Hours, minutes, seconds, fraction and zone as they were matched; 24:00:00 is the end of the day. */
function clockOf([hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"]: readonly (
  | string
  | undefined
)[]): { readonly at: number; readonly offset: number } | undefined {
  const at = Number(hour) * 3_600_000 + Number(minute) * MINUTE + Number(`${second}.${fraction}`) * 1000;
  const offset =
    zone.toUpperCase() === "Z" ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  // A leap second is the first one of the next minute (RFC 3339).
  const sound = Number(minute) < 60 && Number(second) <= 60 && at <= DAY && Math.abs(offset) <= 14 * 60;
  return sound ? { at, offset } : undefined;
}

function isoLocal(at: number, offset: number): string {
  return new Date(at + offset * MINUTE)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, "");
}

function zoneText(offset: number): string {
  if (offset === 0) return "Z";
  const minutes = Math.abs(offset);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
