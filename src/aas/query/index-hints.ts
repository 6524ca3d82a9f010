import type { Comparison } from "../../core/comparison.ts";
import type { Filter } from "../../core/filter.ts";
import { assetKey } from "../services/shell-kind.ts";
import type { Condition, QueryTarget } from "./query.ts";
import type { QueryField } from "./query-field.ts";

/**
 * A condition over the keys of documents that every document passes whose field equals a constant: found by index, it
 * spares the walk through all. `undefined` where there is none.
 */
export function documentEquality(comparison: Comparison<QueryField>): Filter | undefined {
  const equal = equality(comparison);
  if (equal === undefined) return undefined;
  const { field, value } = equal;
  const name = `${field.root}#${field.attribute.map(String).join(".")}`;
  switch (name) {
    case "$aas#id":
    case "$sm#id":
    case "$cd#id":
    case "$aasdesc#id":
    case "$smdesc#id":
      return { kind: "id", in: [value] };
    case "$aas#idShort":
    case "$sm#idShort":
    case "$cd#idShort":
    case "$aasdesc#idShort":
    case "$smdesc#idShort":
      return { kind: "key", name: "idShort", in: [value] };
    case "$aas#assetInformation.globalAssetId":
    case "$aasdesc#globalAssetId":
      return { kind: "key", name: "assetId", in: [assetKey("globalAssetId", value)] };
    default:
      return (field.root === "$sm" || field.root === "$smdesc") && isFirstKey(field) ? semanticHint(value) : undefined;
  }
}

/** What every document that passes the condition passes too, of what look-up keys can tell. */
export function necessaryFilter(condition: Condition): Filter | undefined {
  if (condition.kind === "compare") return documentEquality(condition.comparison);
  if (condition.kind !== "and") return undefined;
  const of = condition.of.flatMap((one) => necessaryFilter(one) ?? []);
  return of.length === 0 ? undefined : { kind: "all", of };
}

/** A specific asset identifier whose name and value one $match asks for. */
export function assetHint(conditions: readonly Condition[], target: QueryTarget): Filter | undefined {
  if (target !== "shell") return undefined;
  const asked = (member: string): string | undefined =>
    conditions
      .flatMap((one) => (one.kind === "compare" ? (equality(one.comparison) ?? []) : []))
      .find(({ field }) => field.text === `$aas#assetInformation.specificAssetIds[].${member}`)?.value;
  const [name, value] = [asked("name"), asked("value")];
  if (name === undefined || value === undefined) return undefined;
  return { kind: "key", name: "assetId", in: [assetKey(name, value)] };
}

function equality({ operator, left, right }: Comparison<QueryField>) {
  if (operator !== "=") return undefined;
  const [field, constant] = left.kind === "field" ? [left, right] : [right, left];
  if (field.kind !== "field" || constant.kind !== "constant" || field.as.length > 0) return undefined;
  return constant.value.type === "string" ? { field: field.field, value: constant.value.value } : undefined;
}

const isFirstKey = ({ attribute }: QueryField): boolean =>
  JSON.stringify(attribute) === JSON.stringify(["semanticId", "keys", { index: 0 }, "value"]);

/** The types that a first key can have (AASd-123, AASd-124); references of several keys are kept whole as a key. */
const firstKeys = ["GlobalReference", "AssetAdministrationShell", "ConceptDescription", "Identifiable", "Submodel"];

/** The look-up key `semanticId` holds the last key's value, and the whole reference. */
function semanticHint(value: string): Filter {
  const longer = firstKeys.map(
    (type): Filter => ({ kind: "key-pattern", name: "semanticId", prefix: `(${type})${value}/`, pattern: "" }),
  );
  return { kind: "any", of: [{ kind: "key", name: "semanticId", in: [value] }, ...longer] };
}
