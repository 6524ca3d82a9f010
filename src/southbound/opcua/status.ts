import type { StatusCode } from "node-opcua-client";
import type { Quality } from "../../core/quality.ts";

/** Severity is in the two upper bits of a StatusCode (OPC 10000-4, 7.38). */
export function qualityOf(status: StatusCode): Quality {
  const severity = status.value >>> 30;
  if (severity === 0) return "good";
  return severity === 1 ? "uncertain" : "bad";
}

/** Overflow: values were lost in the server's queue of this point (info type DataValue, bit 7; OPC 10000-4, 7.38). */
export function overflowed(status: StatusCode): boolean {
  const value = status.value;
  return (value & 0x0c00) === 0x0400 && (value & 0x0080) !== 0;
}

/** The code's name without info bits; `undefined` for plain Good. */
export function codeName(status: StatusCode): string | undefined {
  if (status.value === 0) return undefined;
  const name = status.name.split("#")[0];
  return name === "Good" ? undefined : name;
}
