import type { ElementType } from "./literals.ts";
import type { Submodel, SubmodelElement } from "./types.ts";

/**
 * The member in which an element holds the elements below it, the ones that an idShortPath can reach
 * (IDTA-01002 v3.1.2, "Addressing Resources", table of child aggregation fields).
 */
const members: Readonly<Partial<Record<ElementType, string>>> = {
  SubmodelElementCollection: "value",
  SubmodelElementList: "value",
  Entity: "statements",
  AnnotatedRelationshipElement: "annotations",
};

export function childMember(type: string): string | undefined {
  return Object.hasOwn(members, type) ? members[type as ElementType] : undefined;
}

/** The elements directly below an element; none for those that hold a value only. */
export function childrenOf(element: SubmodelElement): readonly SubmodelElement[] {
  const member = childMember(element.modelType);
  if (member === undefined) return [];
  return (element as unknown as Record<string, readonly SubmodelElement[] | undefined>)[member] ?? [];
}

/** The element with other children; the member is left out where there are none (the schema wants at least one). */
export function withChildren<T extends SubmodelElement>(element: T, children: readonly SubmodelElement[]): T {
  const member = childMember(element.modelType);
  if (member === undefined) return element;
  const { [member]: _replaced, ...rest } = element as unknown as Record<string, unknown>;
  return (children.length === 0 ? rest : { ...rest, [member]: children }) as unknown as T;
}

/** The submodel with other elements right below it. */
export function withElements(submodel: Submodel, elements: readonly SubmodelElement[]): Submodel {
  const { submodelElements: _replaced, ...rest } = submodel;
  return elements.length === 0 ? rest : { ...rest, submodelElements: elements };
}
