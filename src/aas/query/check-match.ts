import type { Report } from "../validation/report.ts";
import { listPoints } from "./list-points.ts";
import { type Condition, fieldsOf, ownRoot, type QueryTarget } from "./query.ts";
import type { QueryField, Root } from "./query-field.ts";

/** From the top of the hierarchy down. */
const hierarchy: readonly Root[] = ["$aas", "$sm", "$sme"];

/**
 * All fields of a $match lead through one list, except those of what contains it without a list of their own
 * ("Match of Elements in Lists", Note 1, and the example that names the submodel beside its elements).
 */
export function checkMatch(conditions: readonly Condition[], place: string, target: QueryTarget, report: Report): void {
  const fields = conditions.flatMap(fieldsOf);
  const through = fields.find((field) => listPoints(field).length > 0);
  const list = through && listPoints(through)[0]?.key;
  if (through === undefined || list === undefined) return;
  for (const field of fields) {
    const [first] = listPoints(field);
    if (first === undefined ? contains(field, through, target) : first.key === list) continue;
    report.add(
      place,
      `${field.text} does not lead through the list of ${through.text}`,
      "in one $match only fields of one list, and of what contains it",
      "Match of Elements in Lists, Note 1",
    );
  }
}

/** Of shells and submodels that are not asked for there may be several: each is what contains its own lists. */
function contains(field: QueryField, inner: QueryField, target: QueryTarget): boolean {
  const [outer, at] = [hierarchy.indexOf(field.root), hierarchy.indexOf(inner.root)];
  if (outer < 0 || at < 0) return false;
  return outer < at || (outer === at && field.root !== "$sme" && field.root !== ownRoot[target]);
}
