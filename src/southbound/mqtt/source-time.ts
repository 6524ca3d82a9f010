import type { Value } from "../../core/value.ts";

/** ISO 8601, or seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
export function sourceTime(value: Value | undefined): number | undefined {
  const ms = typeof value === "string" ? fromText(value) : fromNumber(value);
  return ms !== undefined && Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? ms : undefined;
}

function fromText(text: string): number | undefined {
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return Date.parse(text);
  return /^-?\d+(\.\d+)?$/.test(text) ? fromNumber(Number(text)) : undefined;
}

function fromNumber(value: Value | undefined): number | undefined {
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  const number = Number(value);
  const size = Math.abs(number);
  // 1e11 seconds are the year 5138, 1e11 milliseconds are 1973, and so on for each step of a thousand.
  if (size < 1e11) return Math.round(number * 1e3);
  if (size < 1e14) return Math.round(number);
  return Math.round(size < 1e17 ? number / 1e3 : number / 1e6);
}
