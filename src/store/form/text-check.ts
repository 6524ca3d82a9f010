import { HubError } from "../../core/errors.ts";

/**
 * What both stores can keep: text without U+0000 (PostgreSQL has none) and without lone surrogates (no UTF-8 for them).
 * Throws `invalid`, naming the place.
 */
export function checkText(text: string, place: string): void {
  if (text.includes("\0")) throw refusal(place, "holds the character U+0000");
  if (!text.isWellFormed()) throw refusal(place, "holds half of a surrogate pair");
}

function refusal(place: string, what: string): HubError {
  const problem = { place, message: `${place} ${what}`, expected: "well-formed Unicode text without U+0000" };
  return new HubError("invalid", problem.message, { problems: [problem] });
}
