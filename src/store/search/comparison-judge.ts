import { bodyValues } from "../../core/body-values.ts";
import { type Comparison, type ComparisonSide, compileComparison } from "../../core/comparison.ts";
import type { BodyField, BodyPath } from "../../core/filter.ts";
import { numberText } from "../../core/typed-value.ts";
import { decodeValue } from "../form/value-codec.ts";
import { compilePattern } from "./patterns.ts";

/** Of each field in turn: the body, and for a live one the series of its link, then kind, number and text of its signal. */
export type ComparisonRow = readonly unknown[];

/** A pattern may come from a document's text: one that is none has no answer. */
export function patternTest(text: string): ((text: string) => boolean) | undefined {
  try {
    const pattern = compilePattern(text);
    return (other) => pattern.test(other);
  } catch {
    return undefined;
  }
}

export function compileRow(
  comparison: Comparison<BodyField>,
  patternOf: (text: string) => ((text: string) => boolean) | undefined,
): (row: ComparisonRow) => boolean | undefined {
  const holds = compileComparison(comparison, patternOf);
  const width = columnsOf(comparison.left);
  return (row) => holds(textsOf(comparison.left, row, 0), textsOf(comparison.right, row, width));
}

function columnsOf(side: ComparisonSide<BodyField>): number {
  if (side.kind === "constant") return 0;
  return side.field.live === true ? 5 : 1;
}

/** A linked part says what its signal says, and nothing before that has a value (rules 9 and 11). */
function textsOf(side: ComparisonSide<BodyField>, row: ComparisonRow, from: number): readonly string[] {
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
