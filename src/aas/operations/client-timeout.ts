import { type Report, shown } from "../validation/report.ts";
import { durationMs } from "../xsd/duration.ts";
import { lexicalExample } from "../xsd/lexical.ts";

/** `clientTimeoutDuration` (xs:duration) in ms; `undefined` where it is none, which the report says. */
export function clientTimeout(value: unknown, report: Report): number | undefined {
  const place = "/clientTimeoutDuration";
  const ms = typeof value === "string" ? durationMs(value) : undefined;
  if (ms === undefined) {
    report.add(place, `${shown(value)} is no xs:duration`, lexicalExample("xs:duration"));
    return undefined;
  }
  if (ms >= 1) return Math.round(ms);
  report.add(place, `${shown(value)} leaves no time`, "a duration above zero, such as PT30S");
  return undefined;
}
