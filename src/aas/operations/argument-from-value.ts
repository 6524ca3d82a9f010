import { plainJson } from "../json/exact-json.ts";
import { childrenOf, withChildren } from "../metamodel/children.ts";
import type { Property, SubmodelElement, SubmodelElementList } from "../metamodel/types.ts";
import { replacedAt } from "../services/element-tree.ts";
import { isObject } from "../validation/check.ts";
import { at, type Report, shown } from "../validation/report.ts";
import { valueEdits } from "../value-only/apply-value.ts";

/**
 * An argument in format "Value" (from `parseExactJson`) as the element that its variable describes. Unlike a PATCH of
 * `$value`, a list is as long as the client sends it. What does not fit is reported.
 */
export function argumentFromValue(
  variable: SubmodelElement,
  value: unknown,
  pointer: string,
  report: Report,
): SubmodelElement {
  switch (variable.modelType) {
    case "SubmodelElementList":
      return listFrom(variable, value, pointer, report);
    case "SubmodelElementCollection":
      if (isObject(value)) return collectionFrom(variable, value, pointer, report);
      report.add(
        pointer,
        `${shown(plainJson(value))} is no object of values`,
        "a JSON object with the idShorts as members",
      );
      return variable;
    default: {
      const root = variable.idShort ?? "Item";
      let elements: readonly SubmodelElement[] = [{ ...variable, idShort: root }];
      for (const { path, element } of valueEdits(variable, root, value, pointer, report)) {
        elements = replacedAt(elements, path, (before) => withChildren(element, childrenOf(before))) ?? elements;
      }
      return named(elements[0] ?? variable, variable.idShort);
    }
  }
}

function listFrom(list: SubmodelElementList, value: unknown, pointer: string, report: Report): SubmodelElement {
  if (!Array.isArray(value)) {
    report.add(pointer, `${shown(plainJson(value))} is no array`, "a JSON array");
    return list;
  }
  const examples = childrenOf(list);
  const items = value.flatMap((item, index): readonly SubmodelElement[] => {
    const example = examples[index] ?? examples[0] ?? itemOf(list);
    const here = at(pointer, index);
    if (example !== undefined) return [argumentFromValue(example, item, here, report)];
    report.add(here, `the list does not say what its ${list.typeValueListElement} items look like`);
    return [];
  });
  return withChildren(list, items);
}

/** What the type of a list alone tells of its items. */
function itemOf({ typeValueListElement, valueTypeListElement }: SubmodelElementList): SubmodelElement | undefined {
  if (typeValueListElement === "Property" && valueTypeListElement !== undefined) {
    return { modelType: "Property", valueType: valueTypeListElement } satisfies Property;
  }
  if (typeValueListElement === "MultiLanguageProperty") return { modelType: "MultiLanguageProperty" };
  return typeValueListElement === "ReferenceElement" ? { modelType: "ReferenceElement" } : undefined;
}

function collectionFrom(
  collection: SubmodelElement,
  value: Readonly<Record<string, unknown>>,
  pointer: string,
  report: Report,
): SubmodelElement {
  const children = childrenOf(collection);
  const names = children.flatMap(({ idShort }) => idShort ?? []);
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue;
    report.add(at(pointer, name), `there is no element ${shown(name)} here`, `one of ${names.join(", ")}`);
  }
  const next = children.map((child) => {
    const { idShort } = child;
    if (idShort === undefined || value[idShort] === undefined) return child;
    return argumentFromValue(child, value[idShort], at(pointer, idShort), report);
  });
  return withChildren(collection, next);
}

function named(element: SubmodelElement, idShort: string | undefined): SubmodelElement {
  if (idShort !== undefined) return { ...element, idShort };
  const { idShort: _root, ...rest } = element;
  return rest as SubmodelElement;
}
