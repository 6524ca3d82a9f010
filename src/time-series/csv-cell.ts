import type { Value } from "../core/value.ts";

/** RFC 4180: quoted where it has to be. */
export function csvCell(text: string, delimiter = ","): string {
  const mustQuote = text.includes('"') || text.includes(delimiter) || text.includes("\n") || text.includes("\r");
  return mustQuote ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A value as it stands in a cell: NaN and infinities by XSD's and InfluxDB's common names. */
export function valueText(value: Value): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" && !Number.isFinite(value))
    return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
