import { HubError } from "../core/errors.ts";

/** 4.6.2: a letter, then letters, numbers and underscores; optionally with a prefix. */
const NAME = /^\p{L}[\p{L}\p{N}_]*(?::\p{L}[\p{L}\p{N}_]*)?$/u;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;
/** 4.6.4: code points that make two ids look alike: format characters, fillers, variation selectors, noncharacters. */
const DECEPTIVE =
  /\p{Cf}|\p{Cc}|\p{Noncharacter_Code_Point}|\p{Variation_Selector}|\u{34f}|\u{115f}|\u{1160}|\u{3164}|\u{ffa0}/u;
/** 4.18: levels are names, divided by slashes; no level is empty. */
const SCOPE = /^\/?\p{L}[\p{L}\p{N}_]*(?:\/\p{L}[\p{L}\p{N}_]*)*$/u;

export const isUri = (text: unknown): text is string =>
  typeof text === "string" && text.length <= 2048 && ABSOLUTE.test(text) && !DECEPTIVE.test(text);

/** A term, a prefixed name or a whole IRI. */
export const isName = (text: string): boolean =>
  NAME.test(text) || (text.includes("://") && isUri(text)) || isUrn(text);
const isUrn = (text: string): boolean => text.startsWith("urn:") && isUri(text);

export const isScope = (text: unknown): text is string => typeof text === "string" && SCOPE.test(text);

/** 5.2.2: ids are URIs. Throws HubError `invalid` unless it is one; `what` names the place. */
export function requireUri(text: unknown, what: string): string {
  if (isUri(text)) return text;
  throw new HubError("invalid", `${what} must be a URI, not ${JSON.stringify(text)}`);
}

export function requireName(text: unknown, what: string): string {
  if (typeof text === "string" && isName(text)) return text;
  throw new HubError(
    "invalid",
    `${what} ${JSON.stringify(text)} is not a name: a letter, then letters, digits and _ (CIM 009 4.6.2)`,
  );
}

/** ISO 8601 UTC with `Z` (4.6.3), fractional seconds allowed. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?Z$/;

export const isDateTime = (text: unknown): text is string =>
  typeof text === "string" && DATE_TIME.test(text) && !Number.isNaN(Date.parse(text.replace(",", ".")));

export function requireDateTime(text: unknown, what: string): string {
  if (isDateTime(text)) return text;
  throw new HubError(
    "invalid",
    `${what} must be a DateTime in UTC such as 2026-11-22T10:00:00Z, not ${JSON.stringify(text)}`,
  );
}
