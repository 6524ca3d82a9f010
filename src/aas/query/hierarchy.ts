import type { Collection } from "../../core/document.ts";
import { type Condition, fieldsOf, type QueryTarget } from "./query.ts";
import type { Root } from "./query-field.ts";

/** What stands beside the target in the hierarchy of shells and submodels, and how it is reached. */
export interface Join {
  /** Roots whose fields are in it. */
  readonly roots: readonly Root[];
  /** The root that names it. */
  readonly root: Root | undefined;
  readonly collection: Collection;
  /** The look-up key of shells that names their submodels. */
  readonly key: string;
  readonly direction: "named" | "naming";
}

export function joinOf(target: QueryTarget): Join {
  if (target === "shell") {
    return { roots: ["$sm", "$sme"], root: "$sm", collection: "submodel", key: "submodel", direction: "named" };
  }
  const roots: readonly Root[] = target === "submodel" ? ["$aas"] : [];
  return { roots, root: roots[0], collection: "shell", key: "submodel", direction: "naming" };
}

/** Whether a condition speaks of the joined documents alone and so chooses among them; a negation does not. */
export function isChooser(condition: Condition, target: QueryTarget): boolean {
  const { root } = joinOf(target);
  switch (condition.kind) {
    case "compare": {
      const fields = fieldsOf(condition);
      return fields.length > 0 && fields.every((field) => field.root === root);
    }
    case "and":
    case "or":
      return condition.of.every((one) => isChooser(one, target));
    default:
      return false;
  }
}
