const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** What `parseDuration` takes, for schemas. */
export const DURATION_PATTERN = "^[0-9]+(\\.[0-9]+)? ?(ms|s|m|min|h|d)$";

const DURATION = new RegExp(
  DURATION_PATTERN.replace("[0-9]+(\\.[0-9]+)?", "(?<amount>$&)").replace("(ms|", "(?<unit>ms|"),
);

/** Milliseconds of a duration such as `500ms`, `30s`, `10m`, `1.5h` or `90d`; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  const { amount, unit } = DURATION.exec(text)?.groups ?? {};
  const factor = UNITS_MS[unit ?? ""];
  return factor === undefined ? undefined : Math.round(Number(amount) * factor);
}
