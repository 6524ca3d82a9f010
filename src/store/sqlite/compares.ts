import type { DatabaseSync } from "node:sqlite";
import type { Comparison } from "../../core/comparison.ts";
import type { BodyField } from "../../core/filter.ts";
import { type ComparisonRow, compileRow, patternTest } from "../search/comparison-judge.ts";
import { COMPARES } from "./nested-sql.ts";
import type { SearchDeadline } from "./search-deadline.ts";

/** Comparisons and patterns kept compiled by one connection. */
const KEPT = 256;

/** Gives a connection the function `compares(comparison, …)`: 1, 0 or NULL; `nested-sql.ts` says what it is given. */
export function registerCompares(database: DatabaseSync, deadline: SearchDeadline): void {
  const compiled = new Map<string, (row: ComparisonRow) => boolean | undefined>();
  const patterns = new Map<string, ((text: string) => boolean) | undefined>();
  const patternOf = (text: string) => kept(patterns, text, () => patternTest(text));
  database.function(COMPARES, { deterministic: true, directOnly: true, varargs: true }, (text, ...row) => {
    deadline.check();
    const compares = kept(compiled, String(text), () =>
      compileRow(JSON.parse(String(text)) as Comparison<BodyField>, patternOf),
    );
    const result = compares(row);
    return result === undefined ? null : result ? 1 : 0;
  });
}

function kept<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined || known.has(key)) return found as T;
  if (known.size >= KEPT) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}
