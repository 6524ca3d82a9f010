import { childrenOf } from "../metamodel/children.ts";
import type { LangString, SubmodelElement } from "../metamodel/types.ts";
import { jsonFromLexical } from "./json-value.ts";
import type { Modifiers } from "./modifiers.ts";

/**
 * An element in format "Value" (IDTA-01001 v3.1, "Value-Only Serialization in JSON"), for `JSON.stringify`;
 * `undefined` where it has no value. With level core, containers right below are there but empty.
 */
export function valueOnly(element: SubmodelElement, modifiers: Modifiers): unknown {
  return valueAt(element, modifiers, 0);
}

/** Elements right below a submodel by idShort: the form of the submodel itself. */
export function valuesOnly(elements: readonly SubmodelElement[], modifiers: Modifiers): Record<string, unknown> {
  return namedValues(elements, modifiers, 1);
}

function valueAt(element: SubmodelElement, modifiers: Modifiers, depth: number): unknown {
  switch (element.modelType) {
    case "Property":
      return element.value === undefined ? undefined : jsonFromLexical(element.value, element.valueType);
    case "Range": {
      const { min, max, valueType } = element;
      return present({
        min: min === undefined ? undefined : jsonFromLexical(min, valueType),
        max: max === undefined ? undefined : jsonFromLexical(max, valueType),
      });
    }
    case "MultiLanguageProperty":
      return element.value?.map(({ language, text }: LangString) => ({ [language]: text }));
    case "File":
      return present({ contentType: element.contentType, value: element.value });
    case "Blob":
      return present({
        contentType: element.contentType,
        value: modifiers.extent === "withBlobValue" ? element.value : undefined,
      });
    case "ReferenceElement":
      return element.value;
    case "RelationshipElement":
      return present({ first: element.first, second: element.second });
    case "AnnotatedRelationshipElement":
      return present({
        first: element.first,
        second: element.second,
        annotations: below(element, modifiers, depth, namedOrNone),
      });
    case "Entity":
      return present({
        statements: below(element, modifiers, depth, namedOrNone),
        entityType: element.entityType,
        globalAssetId: element.globalAssetId,
        specificAssetIds: element.specificAssetIds,
      });
    case "BasicEventElement":
      return { observed: element.observed };
    case "SubmodelElementCollection":
      return isCutOff(modifiers, depth)
        ? {}
        : below(element, modifiers, depth, depth === 0 ? namedValues : namedOrNone);
    case "SubmodelElementList":
      if (isCutOff(modifiers, depth)) return [];
      return listValues(childrenOf(element), modifiers, depth + 1);
    case "Capability":
    case "Operation":
      return undefined;
  }
}

/** Level core: what is asked for and what lies right below it. */
const isCutOff = ({ level }: Modifiers, depth: number): boolean => level === "core" && depth >= 1;

type Named = (elements: readonly SubmodelElement[], modifiers: Modifiers, depth: number) => unknown;

function below(element: SubmodelElement, modifiers: Modifiers, depth: number, named: Named): unknown {
  return isCutOff(modifiers, depth) ? undefined : named(childrenOf(element), modifiers, depth + 1);
}

const namedOrNone: Named = (elements, modifiers, depth) => present(namedValues(elements, modifiers, depth));

function namedValues(
  elements: readonly SubmodelElement[],
  modifiers: Modifiers,
  depth: number,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const element of elements) {
    const value = valueAt(element, modifiers, depth);
    if (value !== undefined && element.idShort !== undefined) values[element.idShort] = value;
  }
  return values;
}

/** Items keep their index: one without a value is null, unless none has one. */
function listValues(items: readonly SubmodelElement[], modifiers: Modifiers, depth: number): unknown {
  const values = items.map((item) => valueAt(item, modifiers, depth));
  if (values.every((value) => value === undefined)) return depth === 1 ? [] : undefined;
  return values.map((value) => value ?? null);
}

function present(values: Record<string, unknown>): Record<string, unknown> | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
