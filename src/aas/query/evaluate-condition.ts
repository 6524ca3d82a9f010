import { bodyValues } from "../../core/body-values.ts";
import { type ComparisonSide, compileComparison, type PatternPort } from "../../core/comparison.ts";
import { listPoints } from "./list-points.ts";
import { type MatchList, matchLists } from "./match-lists.ts";
import type { Condition } from "./query.ts";
import type { QueryField } from "./query-field.ts";

/** Whether one JSON document passes; `undefined`: unknown (see `Filter` of the core). */
export type Evaluation = (document: unknown) => boolean | undefined;

type Bound = ReadonlyMap<string, { readonly item: unknown; readonly attribute: number }>;
type Evaluate = (document: unknown, bound: Bound) => boolean | undefined;

/**
 * A condition over documents that are at hand, without elements and without others beside them: descriptors, which are
 * made when they are asked for and stand in no store.
 */
export function compileEvaluation(condition: Condition, patterns: PatternPort): Evaluation {
  const evaluate = compile(condition, patterns);
  return (document) => evaluate(document, new Map());
}

function compile(condition: Condition, patterns: PatternPort): Evaluate {
  switch (condition.kind) {
    case "constant":
      return () => condition.value;
    case "not": {
      const of = compile(condition.of, patterns);
      return (document, bound) => {
        const result = of(document, bound);
        return result === undefined ? undefined : !result;
      };
    }
    case "and":
    case "or": {
      const of = condition.of.map((one) => compile(one, patterns));
      return (document, bound) =>
        together(
          of.map((one) => one(document, bound)),
          condition.kind,
        );
    }
    case "match": {
      const of = condition.of.map((one) => compile(one, patterns));
      return matching(matchLists(condition.of), (document, bound) =>
        together(
          of.map((one) => one(document, bound)),
          "and",
        ),
      );
    }
    case "compare":
      return compare(condition, patterns);
  }
}

function together(results: readonly (boolean | undefined)[], kind: "and" | "or"): boolean | undefined {
  if (results.includes(undefined)) return undefined;
  return kind === "and" ? !results.includes(false) : results.includes(true);
}

/** Tries the items of each list, one after the other. */
function matching([list, ...others]: readonly MatchList[], of: Evaluate): Evaluate {
  if (list === undefined) return of;
  const inner = matching(others, of);
  const { field, point } = list;
  return (document, bound) => {
    if (bound.has(point.key)) return inner(document, bound);
    const results = valuesOf(field, point.attribute, document, bound).map((item) =>
      inner(document, new Map([...bound, [point.key, { item, attribute: point.attribute }]])),
    );
    if (results.includes(true)) return true;
    return results.length > 0 && results.every((result) => result === undefined) ? undefined : false;
  };
}

function compare({ comparison }: Extract<Condition, { kind: "compare" }>, patterns: PatternPort): Evaluate {
  const { operator, left, right } = comparison;
  const holds = compileComparison(comparison, patterns);
  const isEqual = operator === "=" || operator === ">=" || operator === "<=";
  const fields = left.kind === "field" && right.kind === "field";
  return (document, bound) => {
    const [lefts, rights] = [textsOf(left, document, bound), textsOf(right, document, bound)];
    // Two fields that are both empty are equal ("Comparison Operators", example).
    if (fields && isEqual && lefts.length === 0 && rights.length === 0) return true;
    return holds(lefts, rights);
  };
}

function textsOf(side: ComparisonSide<QueryField>, document: unknown, bound: Bound): readonly string[] {
  if (side.kind === "constant") return [];
  const values = valuesOf(side.field, side.field.attribute.length, document, bound);
  return values.filter((value) => typeof value === "string");
}

/** What stands where a field's attribute leads up to a length, from the innermost item that is bound. */
function valuesOf(field: QueryField, length: number, document: unknown, bound: Bound): readonly unknown[] {
  const fixed = listPoints(field).findLast(({ key, attribute }) => attribute <= length && bound.has(key));
  const from = fixed && bound.get(fixed.key);
  const path = field.attribute.slice(from?.attribute ?? 0, length);
  return bodyValues(from === undefined ? document : from.item, path);
}
