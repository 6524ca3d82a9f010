import { HubError } from "../../core/errors.ts";
import { isObject, type Json } from "../json/json.ts";

/** Which language of a LanguageProperty is shown (CIM 009 4.15): ranges, the most wanted first. */
export interface LanguageFilter {
  readonly ranges: readonly string[];
  /** Ranges of weight 0: shown only where there is nothing else. */
  readonly unwanted: readonly string[];
}

const RANGE = /^(?:\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}|-\*)*)$/;

/** Reads the form of `Accept-Language` (RFC 3282, RFC 5646): `fr-CH,fr;q=0.9,*;q=0.5`. Throws HubError `invalid`. */
export function parseLanguageFilter(text: string): LanguageFilter {
  const weighed = text.split(",").map((part) => {
    const [range = "", ...parameters] = part.split(";").map((one) => one.trim());
    const written = parameters.find((one) => /^q\s*=/i.test(one))?.split("=")[1];
    const weight = written === undefined ? 1 : Number(written);
    if (!RANGE.test(range) || Number.isNaN(weight) || weight < 0 || weight > 1) {
      throw new HubError("invalid", `lang=${text} is no list of language ranges such as fr-CH,fr;q=0.9 (CIM 009 4.15)`);
    }
    return { range: range.toLowerCase(), weight };
  });
  const sorted = weighed.toSorted((one, other) => other.weight - one.weight);
  return {
    ranges: sorted.filter(({ weight }) => weight > 0).map(({ range }) => range),
    unwanted: sorted.filter(({ weight }) => weight === 0).map(({ range }) => range),
  };
}

/** The text, or texts, of the language that fits best, else of any; the tag as it is written there. */
export function textIn(
  languageMap: Json | undefined,
  { ranges, unwanted }: LanguageFilter,
): { readonly lang: string; readonly value: Json } | undefined {
  const texts = isObject(languageMap) ? languageMap : {};
  const tags = Object.keys(texts);
  const wanted = tags.filter((tag) => !unwanted.some((range) => range !== "*" && covers(range, tag.toLowerCase())));
  const lang = ranges.map((range) => bestFor(range, wanted)).find((tag) => tag !== undefined) ?? wanted[0] ?? tags[0];
  return lang === undefined ? undefined : { lang, value: texts[lang] as Json };
}

/** The tag itself, one that is more special, then ever more general ones (RFC 4647, 3.3 and 3.4). */
function bestFor(range: string, tags: readonly string[]): string | undefined {
  if (range === "*") return tags[0];
  const special =
    tags.find((tag) => tag.toLowerCase() === range) ?? tags.find((tag) => covers(range, tag.toLowerCase()));
  if (special !== undefined) return special;
  for (let end = range.lastIndexOf("-"); end > 0; end = range.lastIndexOf("-", end - 1)) {
    const general = range.slice(0, end);
    const found = tags.find((tag) => tag.toLowerCase() === general);
    if (found !== undefined) return found;
  }
  return undefined;
}

const covers = (range: string, tag: string): boolean => tag === range || tag.startsWith(`${range}-`);
