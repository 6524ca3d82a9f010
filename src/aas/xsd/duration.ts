const grammar =
  /^(?<minus>-)?P(?=\d|T\d)(?:(?<years>\d+)Y)?(?:(?<months>\d+)M)?(?:(?<days>\d+)D)?(?:T(?=\d)(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;

const second = 1_000;
const day = 86_400 * second;

/** Milliseconds of an xs:duration; a month counts 30 days, a year 365. `undefined`: the text is none. */
export function durationMs(text: string): number | undefined {
  const groups = grammar.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const part = (name: string): number => Number(groups[name] ?? 0);
  const days = part("years") * 365 + part("months") * 30 + part("days");
  const seconds = (part("hours") * 60 + part("minutes")) * 60 + part("seconds");
  return (groups.minus === undefined ? 1 : -1) * (days * day + seconds * second);
}
