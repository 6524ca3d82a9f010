import { dataElementTypes } from "../metamodel/literals.ts";
import { referenceText } from "../metamodel/reference.ts";
import type { Reference } from "../metamodel/types.ts";
import { type Invariant, isObject, type JsonObject } from "./check.ts";
import { at, type Report, shown } from "./report.ts";

/** AASd-117, AASd-022: elements outside lists have an idShort, each its own among its siblings. */
export function namedChildren(member: string): Invariant {
  return (value, pointer, report) => {
    const children = value[member];
    if (!Array.isArray(children)) return;
    const seen = new Map<string, number>();
    for (const [index, child] of children.entries()) {
      if (isObject(child)) nameOf(child, index, seen, at(at(pointer, member), index), report);
    }
  };
}

function nameOf(child: JsonObject, index: number, seen: Map<string, number>, pointer: string, report: Report): void {
  const { idShort } = child;
  if (idShort === undefined) {
    report.add(pointer, "the element has no idShort", "an idShort (items of a list alone need none)", "AASd-117");
  }
  if (typeof idShort !== "string") return;
  const first = seen.get(idShort);
  if (first === undefined) seen.set(idShort, index);
  else {
    const message = `the idShort ${shown(idShort)} stands at index ${first} already`;
    report.add(at(pointer, "idShort"), message, "an idShort of its own", "AASd-022");
  }
}

/** AASd-014: a self-managed entity names its asset. */
export const entityRules: Invariant = (value, pointer, report) => {
  if (value.entityType !== "SelfManagedEntity") return;
  if (value.globalAssetId !== undefined || value.specificAssetIds !== undefined) return;
  report.add(pointer, "a SelfManagedEntity without an asset", "globalAssetId or specificAssetIds", "AASd-014");
};

/** AASd-134: idShorts of all variables of an operation differ; AASd-117 holds for them too. */
export const operationRules: Invariant = (value, pointer, report) => {
  const seen = new Map<string, number>();
  let index = 0;
  for (const member of ["inputVariables", "outputVariables", "inoutputVariables"]) {
    const variables = value[member];
    if (!Array.isArray(variables)) continue;
    for (const [place, variable] of variables.entries()) {
      const element = isObject(variable) ? variable.value : undefined;
      const here = at(at(at(pointer, member), place), "value");
      const idShort = isObject(element) ? element.idShort : undefined;
      if (isObject(element) && idShort === undefined) {
        report.add(here, "the variable has no idShort", "an idShort", "AASd-117");
      }
      if (typeof idShort !== "string") continue;
      if (seen.has(idShort)) {
        const message = `two variables of the operation are called ${shown(idShort)}`;
        report.add(at(here, "idShort"), message, "an idShort of its own", "AASd-134");
      }
      seen.set(idShort, index++);
    }
  }
};

/** AASd-107, -108, -109, -114: all items of a list are of one kind. */
export const listRules: Invariant = (value, pointer, report) => {
  const { typeValueListElement: type, valueTypeListElement: valueType } = value;
  if ((type === "Property" || type === "Range") && valueType === undefined) {
    const message = `a list of ${type} without valueTypeListElement`;
    report.add(pointer, message, "valueTypeListElement such as xs:double", "AASd-109");
  }
  if (!Array.isArray(value.value)) return;
  let semantics = semanticText(value.semanticIdListElement);
  let rule = "AASd-107";
  for (const [index, item] of value.value.entries()) {
    if (!isObject(item)) continue;
    const here = at(at(pointer, "value"), index);
    itemTypes(item, type, valueType, here, report);
    const own = semanticText(item.semanticId);
    if (own === undefined) continue;
    if (semantics === undefined) {
      semantics = own;
      rule = "AASd-114";
    } else if (own !== semantics) {
      report.add(at(here, "semanticId"), "differs from the list's other items", semantics, rule);
    }
  }
};

function itemTypes(item: JsonObject, type: unknown, valueType: unknown, here: string, report: Report): void {
  if (typeof type === "string" && typeof item.modelType === "string" && !isKindOf(item.modelType, type)) {
    report.add(at(here, "modelType"), `a ${item.modelType} in a list of ${type}`, type, "AASd-108");
  }
  if ((type === "Property" || type === "Range") && typeof valueType === "string" && item.valueType !== valueType) {
    report.add(at(here, "valueType"), `${shown(item.valueType)} in a list of ${valueType}`, valueType, "AASd-109");
  }
}

function isKindOf(modelType: string, listType: string): boolean {
  if (listType === "SubmodelElement" || listType === modelType) return true;
  if (listType === "EventElement") return modelType === "BasicEventElement";
  return listType === "DataElement" && (dataElementTypes as readonly string[]).includes(modelType);
}

function semanticText(value: unknown): string | undefined {
  if (!isObject(value) || !Array.isArray(value.keys) || !value.keys.every(isObject)) return undefined;
  return referenceText(value as unknown as Reference);
}
