import { nearestWord } from "../core/nearest-word.ts";

/** What to say of a name that is not known: the near one first, else those that exist. */
export function knownNames(word: string, names: Iterable<string>): string {
  const all = [...names];
  const near = nearestWord(word, all);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (all.length === 0) return "there is none";
  const shown = all.slice(0, 20).map((name) => `"${name}"`);
  return `one of ${shown.join(", ")}${all.length > shown.length ? `, … (${all.length} in all)` : ""}`;
}
