/** The page's part on fuzzing; test/conformance/ngsi-ld/fuzz holds it. */
export const fuzzSection = [
  "## Fuzzing",
  "",
  "fast-check makes requests of every operation of the surface's table, most of them nearly right: ids, names, queries,",
  "geometries, times and bodies of the operation's own form with something odd in them. No answer is a 5xx (but 504 for a",
  "context that nobody serves), none takes more than three seconds, and heap and handles come back.",
  "",
].join("\n");
