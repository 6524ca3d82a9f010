/** A number that JavaScript cannot hold, kept as it was spelled; `JSON.stringify` writes it as it stands. */
export interface RawNumber {
  readonly rawJSON: string;
}

/** Part of ECMAScript's JSON source text access that TypeScript's library does not describe yet. */
const json = JSON as unknown as {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};

/** A number that `JSON.stringify` writes digit for digit: 64-bit integers and decimals are wider than a double. */
export function rawNumber(digits: string): RawNumber {
  return json.rawJSON(digits);
}

export function isRawNumber(value: unknown): value is RawNumber {
  return json.isRawJSON(value);
}

/** A replacer for `JSON.stringify`: 64-bit integers keep their digits. */
export function exactIntegers(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? rawNumber(value.toString()) : value;
}
