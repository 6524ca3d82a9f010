import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { bodyValues } from "../../core/body-values.ts";
import { type Comparison, type ComparisonSide, compileComparison } from "../../core/comparison.ts";
import type { BodyField, BodyPath } from "../../core/filter.ts";
import { numberText } from "../../core/typed-value.ts";
import { compilePattern } from "./id-match.ts";
import { COMPARES } from "./nested-sql.ts";
import type { SearchDeadline } from "./search-deadline.ts";
import { decodeValue } from "./value-codec.ts";

/** Comparisons and patterns kept compiled by one connection. */
const KEPT = 256;

type Row = readonly SQLOutputValue[];

/** Gives a connection the function `compares(comparison, …)`: 1, 0 or NULL; `nested-sql.ts` says what it is given. */
export function registerCompares(database: DatabaseSync, deadline: SearchDeadline): void {
  const compiled = new Map<string, (row: Row) => boolean | undefined>();
  const patterns = new Map<string, ((text: string) => boolean) | undefined>();
  const patternOf = (text: string) => kept(patterns, text, () => patternTest(text));
  database.function(COMPARES, { deterministic: true, directOnly: true, varargs: true }, (text, ...row) => {
    deadline.check();
    const compares = kept(compiled, String(text), () =>
      compile(JSON.parse(String(text)) as Comparison<BodyField>, patternOf),
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

/** A pattern may come from a document's text: one that is none has no answer. */
function patternTest(text: string): ((text: string) => boolean) | undefined {
  try {
    const pattern = compilePattern(text);
    return (other) => pattern.test(other);
  } catch {
    return undefined;
  }
}

function compile(
  comparison: Comparison<BodyField>,
  patternOf: (text: string) => ((text: string) => boolean) | undefined,
): (row: Row) => boolean | undefined {
  const holds = compileComparison(comparison, patternOf);
  const width = columnsOf(comparison.left);
  return (row) => holds(textsOf(comparison.left, row, 0), textsOf(comparison.right, row, width));
}

function columnsOf(side: ComparisonSide<BodyField>): number {
  if (side.kind === "constant") return 0;
  return side.field.live === true ? 5 : 1;
}

/** A linked part says what its signal says, and nothing before that has a value (rules 9 and 11). */
function textsOf(side: ComparisonSide<BodyField>, row: Row, from: number): readonly string[] {
  if (side.kind === "constant") return [];
  const [body, address, kind, num, text] = row.slice(from, from + columnsOf(side));
  if (address === null || address === undefined) {
    const json: unknown = JSON.parse(String(body));
    return side.field.paths.flatMap((path) => textsAt(json, path));
  }
  if (kind === null || kind === undefined) return [];
  const value = decodeValue(Number(kind), Number(num ?? Number.NaN), String(text ?? ""));
  if (value === undefined || value === null) return [];
  if (typeof value === "number") return [numberText(value)];
  return [typeof value === "object" ? JSON.stringify(value) : String(value)];
}

function textsAt(json: unknown, path: BodyPath): readonly string[] {
  return bodyValues(json, path).filter((one) => typeof one === "string");
}
