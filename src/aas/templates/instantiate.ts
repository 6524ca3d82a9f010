import { childPath } from "../id-short-path.ts";
import { childrenOf, withChildren, withElements } from "../metamodel/children.ts";
import type { Qualifier, Submodel, SubmodelElement } from "../metamodel/types.ts";
import { membersOfValue } from "../value-only/content.ts";
import { isTemplateQualifier, rulesOf } from "./template-rules.ts";

/** Whether the element at a path, or one below it, is filled or linked. */
export type Wanted = (path: string) => boolean;

/**
 * An instance of a template (IDTA submodel templates): kind Instance, example values gone, qualifiers of the template
 * gone, optional elements gone that nothing fills, an item of a list for each index that is wanted. What is no template
 * is taken as it is.
 */
export function instantiated(template: Submodel, wanted: Wanted): Submodel {
  if (template.kind !== "Template") return template;
  const elements = (template.submodelElements ?? []).flatMap((element) =>
    instanceOf(element, element.idShort ?? "", wanted),
  );
  return { ...withElements(withoutTemplateQualifiers(template), elements), kind: "Instance" };
}

function instanceOf(element: SubmodelElement, path: string, wanted: Wanted): readonly SubmodelElement[] {
  const { cardinality, eitherOr } = rulesOf(element);
  const isOptional = cardinality?.min === 0 || eitherOr !== undefined;
  if (isOptional && !wanted(path)) return [];
  return [made(element, path, wanted)];
}

function made(element: SubmodelElement, path: string, wanted: Wanted): SubmodelElement {
  const bare = withoutTemplateQualifiers(element);
  if (bare.modelType === "SubmodelElementList") return withChildren(bare, items(element, path, wanted));
  const children = childrenOf(element).flatMap((child) =>
    instanceOf(child, childPath(path, child.idShort ?? ""), wanted),
  );
  return withoutExample(withChildren(bare, children), rulesOf(element).initialValue);
}

/** The items of a template's list show what an item looks like: each one wanted is made after the first. */
function items(list: SubmodelElement, path: string, wanted: Wanted): readonly SubmodelElement[] {
  const [pattern] = childrenOf(list);
  const result: SubmodelElement[] = [];
  if (pattern === undefined) return result;
  for (let here = childPath(path, 0); wanted(here); here = childPath(path, result.length)) {
    result.push(made(pattern, here, wanted));
  }
  return result;
}

function withoutExample(element: SubmodelElement, initial: string | undefined): SubmodelElement {
  if (childrenOf(element).length > 0 || element.modelType === "BasicEventElement") return element;
  const left = (membersOfValue(element.modelType) ?? []).filter((member) => member !== "contentType");
  const bare = Object.fromEntries(Object.entries(element).filter(([member]) => !left.includes(member)));
  const filled = initial === undefined || element.modelType !== "Property" ? bare : { ...bare, value: initial };
  return filled as unknown as SubmodelElement;
}

function withoutTemplateQualifiers<T extends { readonly qualifiers?: readonly Qualifier[] }>(owner: T): T {
  const { qualifiers = [], ...rest } = owner;
  const kept = qualifiers.filter((qualifier) => !isTemplateQualifier(qualifier));
  return (kept.length === 0 ? rest : { ...rest, qualifiers: kept }) as T;
}
