import { childrenOf, withChildren } from "../metamodel/children.ts";
import type { Submodel, SubmodelElement } from "../metamodel/types.ts";
import type { JsonObject } from "../validation/check.ts";

/**
 * PATCH of an element in format Normal: members that are sent replace, members that are not stay; elements below are
 * met by idShort (in lists by index), new ones go last, none is removed. The result still wants validation.
 */
export function mergedElement(before: SubmodelElement, patch: JsonObject): SubmodelElement {
  if (patch.modelType !== undefined && patch.modelType !== before.modelType) return patch as unknown as SubmodelElement;
  const children = childrenOf(patch as unknown as SubmodelElement);
  const whole = { ...before, ...patch, modelType: before.modelType } as SubmodelElement;
  if (!Array.isArray(children)) return whole;
  const isList = before.modelType === "SubmodelElementList";
  const merged = mergedChildren(childrenOf(before), children, isList);
  return merged.length === 0 ? whole : withChildren(whole, merged);
}

/** The same for a submodel. */
export function mergedSubmodel(before: Submodel, patch: JsonObject): Submodel {
  const whole = { ...before, ...patch } as Submodel;
  const { submodelElements: elements } = patch;
  if (!Array.isArray(elements)) return whole;
  return { ...whole, submodelElements: mergedChildren(before.submodelElements ?? [], elements, false) };
}

function mergedChildren(
  before: readonly SubmodelElement[],
  patches: readonly SubmodelElement[],
  byIndex: boolean,
): readonly SubmodelElement[] {
  const merged = [...before];
  for (const [index, patch] of patches.entries()) {
    const place = byIndex
      ? index
      : before.findIndex(({ idShort }) => idShort !== undefined && idShort === patch?.idShort);
    const known = merged[place];
    if (known === undefined) merged.push(patch);
    else merged[place] = mergedElement(known, patch as unknown as JsonObject);
  }
  return merged;
}
