import fc from "fast-check";

/** The usual, and one time in `weight` + 1 something else. */
export const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 9): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });

export const oneOf = (...from: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...from);

/** Names and ids, good and bad. */
export const names = ["a", "b", "location", "scope", "type", "id", "@context", "a.b", "né", "", "__proto__", "1a"];
export const ids = [
  ...["urn:x:1", "urn:x:2", "urn:x:3", "urn:ngsi-ld:Instance:1"],
  ...["nope", "..", "%2e%2e", "urn:x:\u200b", "a b", "/", "@none"],
];
export const types = ["T", "U", "*", "T|U", "(T;U)", "", "a b", "https://example.org/T"];
export const times = ["2026-01-01T00:00:00Z", "2026-01-01", "now", "", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"];
