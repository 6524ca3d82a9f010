const millisecondsIn: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `30s`, `1.5h` as milliseconds; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)$/.exec(text);
  const factor = millisecondsIn[match?.[2] ?? ""];
  return factor === undefined ? undefined : Math.round(Number(match?.[1]) * factor);
}
