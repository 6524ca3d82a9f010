import { type ListPoint, listPoints } from "./list-points.ts";
import { type Condition, comparedFields, fieldsOf } from "./query.ts";
import type { QueryField } from "./query-field.ts";

/** A list that a $match binds, and a field that leads through it. */
export interface MatchList {
  readonly field: QueryField;
  readonly point: ListPoint;
}

/**
 * The lists of which a $match binds one element for all its members, outer ones first: those that its comparisons name;
 * where it holds further $match alone, the list that these have in common. A $match inside binds what is left.
 */
export function matchLists(conditions: readonly Condition[]): readonly MatchList[] {
  const direct = conditions.flatMap((one) => (one.kind === "compare" ? comparedFields(one.comparison) : []));
  const lists = (field: QueryField): readonly MatchList[] => listPoints(field).map((point) => ({ field, point }));
  if (direct.length > 0) return direct.flatMap(lists);
  const found = conditions.flatMap(fieldsOf).find((field) => listPoints(field).length > 0);
  return found === undefined ? [] : lists(found).slice(0, 1);
}
