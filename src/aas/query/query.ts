import type { Comparison } from "../../core/comparison.ts";
import type { QueryField, Root } from "./query-field.ts";

/** A condition of the AAS Query Language, read and typed (IDTA-01002 v3.1.2, "Query Language"). */
export type Condition =
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "match"; readonly of: readonly Condition[] }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "compare"; readonly comparison: Comparison<QueryField> };

export interface Query {
  readonly condition: Condition;
  /** `$select: id`: identifiers instead of what they identify. */
  readonly select?: "id";
}

/** What a query asks for. */
export type QueryTarget = "shell" | "submodel" | "concept" | "shellDescriptor" | "submodelDescriptor";

/** The roots that conditions on each target can have ("Search in AAS Hierarchy"). */
export const rootsOf: Readonly<Record<QueryTarget, readonly Root[]>> = {
  shell: ["$aas", "$sm", "$sme"],
  submodel: ["$aas", "$sm", "$sme"],
  concept: ["$cd"],
  shellDescriptor: ["$aasdesc"],
  submodelDescriptor: ["$smdesc"],
};

/** The root that names what is asked for. */
export const ownRoot: Readonly<Record<QueryTarget, Root>> = {
  shell: "$aas",
  submodel: "$sm",
  concept: "$cd",
  shellDescriptor: "$aasdesc",
  submodelDescriptor: "$smdesc",
};

/** The fields of a condition, in order. */
export function fieldsOf(condition: Condition): readonly QueryField[] {
  switch (condition.kind) {
    case "constant":
      return [];
    case "not":
      return fieldsOf(condition.of);
    case "compare":
      return comparedFields(condition.comparison);
    default:
      return condition.of.flatMap(fieldsOf);
  }
}

export function comparedFields({ left, right }: Comparison<QueryField>): readonly QueryField[] {
  return [left, right].flatMap((side) => (side.kind === "field" ? [side.field] : []));
}
