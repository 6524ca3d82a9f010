import { RE2JS } from "re2js";
import type { Comparison } from "../../core/comparison.ts";
import { HubError } from "../../core/errors.ts";
import type { BodyField, Filter } from "../../core/filter.ts";

/** Throws `invalid` for a pattern that RE2 does not know; called before a filter becomes SQL. */
export function checkPatterns(filter: Filter | undefined): void {
  if (filter === undefined) return;
  if (filter.kind === "id-pattern" || filter.kind === "key-pattern") compilePattern(filter.pattern);
  else if (filter.kind === "said" || filter.kind === "own") {
    if (filter.test.kind === "match") compilePattern(filter.test.pattern);
  } else if (filter.kind === "compare") checkComparison(filter.comparison);
  else if (filter.kind === "all" || filter.kind === "any") for (const part of filter.of) checkPatterns(part);
  else if ("of" in filter) checkPatterns(filter.of);
}

function checkComparison({ operator, right }: Comparison<BodyField>): void {
  if (operator === "match" && right.kind === "constant" && right.value.type === "string") {
    compilePattern(right.value.value);
  }
}

export function compilePattern(text: string): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (cause) {
    throw new HubError("invalid", `the pattern ${JSON.stringify(text)} is not a regular expression of RE2`, { cause });
  }
}
