/** A length of time: months count by the calendar (UTC), the rest in milliseconds. Both 0: the whole of a range. */
export interface Period {
  readonly months: number;
  readonly ms: number;
}

const DAY = 86_400_000;
const DURATION =
  /^P(?!$)(?:(\d{1,6})W|(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?!$)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d{1,3})?)S)?)?)$/;

/** A duration of ISO 8601 such as `P1M`, `PT15M` or `P2W`; undefined where it is none. */
export function parsePeriod(text: string): Period | undefined {
  const found = DURATION.exec(text);
  if (found === null) return undefined;
  const [weeks, years, months, days, hours, minutes, seconds] = found
    .slice(1)
    .map((part) => Number((part ?? "0").replace(",", ".")));
  const whole = ((weeks ?? 0) * 7 + (days ?? 0)) * DAY;
  const ms = whole + (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + (seconds ?? 0) * 1000;
  return { months: (years ?? 0) * 12 + (months ?? 0), ms: Math.round(ms) };
}

/** The moment that is `count` periods after `origin`; the day stays within its month (31 January + 1 month: the last of February). */
export function addPeriods(origin: number, { months, ms }: Period, count: number): number {
  if (months === 0) return origin + ms * count;
  const date = new Date(origin);
  const month = date.getUTCMonth() + months * count;
  const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const time = origin - Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last)) + time + ms * count;
}

/** How many whole periods lie between `origin` and a later moment. */
export function periodsUntil(origin: number, period: Period, at: number): number {
  const length = period.months * 30.436_875 * DAY + period.ms;
  let count = Math.floor((at - origin) / length);
  while (addPeriods(origin, period, count) > at) count -= 1;
  while (addPeriods(origin, period, count + 1) <= at) count += 1;
  return count;
}
