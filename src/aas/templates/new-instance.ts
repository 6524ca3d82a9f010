import { HubError, type Problem } from "../../core/errors.ts";
import { isAtOrBelow, isIdShortPath } from "../id-short-path.ts";
import { withElements } from "../metamodel/children.ts";
import type { Submodel, SubmodelElement } from "../metamodel/types.ts";
import { validateSubmodel } from "../validation/validate.ts";
import { checkInstance } from "./check-instance.ts";
import { fillError, filledAt, withFixedValue } from "./fill.ts";
import { fixedValues } from "./fixed-values.ts";
import { instantiated } from "./instantiate.ts";
import type { Finding } from "./value-findings.ts";

export interface NewInstance {
  readonly submodel: Submodel;
  /** What it lacks, or has wrong, by its template. */
  readonly findings: readonly Finding[];
}

/**
 * A submodel made from a template and fixed values by idShort path.
 * @throws HubError `config` with a problem for each value that has no place, by its JSON pointer
 */
export function newInstance(
  template: Submodel,
  head: { readonly id: string; readonly idShort?: string },
  values: Readonly<Record<string, unknown>>,
): NewInstance {
  const given = [...fixedValues(values)];
  const wanted = (path: string): boolean => given.some((one) => isAtOrBelow(one.path, path));
  const bare = instantiated(template, wanted);
  const problems: Problem[] = [];
  let elements: readonly SubmodelElement[] = bare.submodelElements ?? [];
  for (const { path, value, pointer } of given) {
    try {
      if (!isIdShortPath(path)) throw fillError(`"${path}" is no idShort path`, "idShorts joined by dots");
      elements = filledAt(elements, path, (before, step) => withFixedValue(before, step, value));
    } catch (thrown) {
      const error = HubError.from(thrown);
      if (error.code !== "config") throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, place: pointer })));
    }
  }
  if (problems.length > 0) throw new HubError("config", "some values have no place in the template", { problems });
  const submodel: Submodel = { ...withElements(bare, elements), ...head, kind: "Instance" };
  return { submodel, findings: [...checkInstance(submodel, template), ...metamodelFindings(submodel)] };
}

/** An entity without its asset, for instance, which the template cannot know. */
function metamodelFindings(submodel: Submodel): readonly Finding[] {
  try {
    validateSubmodel(submodel);
    return [];
  } catch (thrown) {
    const { code, problems, message } = HubError.from(thrown);
    if (code !== "invalid") throw thrown;
    if (problems.length === 0) return [{ path: "", kind: "wrong", message, expected: "the metamodel" }];
    return problems.map((problem) => ({
      path: "",
      kind: "wrong",
      message: `${problem.place}: ${problem.message}`,
      expected: problem.expected ?? problem.rule ?? "the metamodel",
    }));
  }
}
