import { parseIdShortPath, type Step } from "../id-short-path.ts";
import { childrenOf, withChildren } from "../metamodel/children.ts";
import type { SubmodelElement } from "../metamodel/types.ts";

/** The elements with the one at a path replaced; `undefined` where there is none. */
export function replacedAt(
  elements: readonly SubmodelElement[],
  path: string,
  next: (before: SubmodelElement) => SubmodelElement,
): readonly SubmodelElement[] | undefined {
  return replacedBelow(elements, parseIdShortPath(path), next);
}

function replacedBelow(
  elements: readonly SubmodelElement[],
  [step, ...rest]: readonly Step[],
  next: (before: SubmodelElement) => SubmodelElement,
): readonly SubmodelElement[] | undefined {
  const index = typeof step === "number" ? step : elements.findIndex(({ idShort }) => idShort === step);
  const element = elements[index];
  if (element === undefined) return undefined;
  if (rest.length === 0) return elements.with(index, next(element));
  const children = replacedBelow(childrenOf(element), rest, next);
  return children === undefined ? undefined : elements.with(index, withChildren(element, children));
}
