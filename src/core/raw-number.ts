/** Part of ECMAScript's JSON source text access that TypeScript's library does not describe yet. */
const json = JSON as unknown as { rawJSON(text: string): unknown };

/** A number that `JSON.stringify` writes digit for digit: 64-bit integers and decimals are wider than a double. */
export function rawNumber(digits: string): unknown {
  return json.rawJSON(digits);
}
