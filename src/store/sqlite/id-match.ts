import type { DatabaseSync } from "node:sqlite";
import type { RE2JS } from "re2js";
import { compilePattern } from "../search/patterns.ts";
import { ID_MATCH } from "./filter-sql.ts";

/** Patterns kept compiled by one connection. */
const KEPT = 64;

/** Gives a connection the function `id_match(pattern, id)`: whether the pattern is found in the id, in linear time. */
export function registerIdMatch(database: DatabaseSync): void {
  const compiled = new Map<string, RE2JS>();
  const patternOf = (text: string): RE2JS => {
    const known = compiled.get(text);
    if (known !== undefined) return known;
    if (compiled.size >= KEPT) compiled.clear();
    const made = compilePattern(text);
    compiled.set(text, made);
    return made;
  };
  database.function(ID_MATCH, { deterministic: true, directOnly: true }, (pattern, id) =>
    patternOf(String(pattern)).test(String(id)) ? 1 : 0,
  );
}
