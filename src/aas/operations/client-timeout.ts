import { type Report, shown } from "../validation/report.ts";
import { isLexical, lexicalExample } from "../xsd/lexical.ts";

const parts =
  /^(?<sign>-?)P(?:(?<years>\d+)Y)?(?:(?<months>\d+)M)?(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds; a year and a month as long as they usually are, far beyond any bound. */
const unitMs: Readonly<Record<string, number>> = {
  years: 31_536_000_000,
  months: 2_592_000_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
};

/** `clientTimeoutDuration` (xs:duration) in ms; `undefined` where it is none, which the report says. */
export function clientTimeout(value: unknown, report: Report): number | undefined {
  const place = "/clientTimeoutDuration";
  if (typeof value !== "string" || !isLexical("xs:duration", value)) {
    report.add(place, `${shown(value)} is no xs:duration`, lexicalExample("xs:duration"));
    return undefined;
  }
  const { sign, ...amounts } = parts.exec(value)?.groups ?? {};
  const ms = Object.entries(amounts).reduce(
    (sum, [unit, amount]) => sum + Number(amount ?? 0) * (unitMs[unit] ?? 0),
    0,
  );
  if (sign !== "-" && ms >= 1) return Math.round(ms);
  report.add(place, `${shown(value)} leaves no time`, "a duration above zero, such as PT30S");
  return undefined;
}
