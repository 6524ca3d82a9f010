import { childPath } from "../id-short-path.ts";
import { plainJson } from "../json/exact-json.ts";
import { childrenOf } from "../metamodel/children.ts";
import type { XsdType } from "../metamodel/literals.ts";
import type {
  Blob,
  File,
  LangString,
  MultiLanguageProperty,
  Property,
  Range,
  SubmodelElement,
} from "../metamodel/types.ts";
import { isObject, type JsonObject } from "../validation/check.ts";
import { at, type Report, shown } from "../validation/report.ts";
import { isLexical, lexicalExample } from "../xsd/lexical.ts";
import { jsonTypeName, lexicalFromJson } from "./json-value.ts";

/** One element whose own value a ValueOnly body sets. */
export interface ValueEdit {
  readonly path: string;
  /** JSON pointer into the body. */
  readonly pointer: string;
  /** The element with the new value; children as they were. */
  readonly element: SubmodelElement;
}

/**
 * What a ValueOnly body (parsed by `parseExactJson`) changes in an element, leaf by leaf; the structure stays, so
 * names that it does not have, and lists of another length, are problems.
 */
export function valueEdits(
  element: SubmodelElement,
  path: string,
  value: unknown,
  pointer: string,
  report: Report,
): readonly ValueEdit[] {
  const own = (next: SubmodelElement): readonly ValueEdit[] => [{ path, pointer, element: next }];
  switch (element.modelType) {
    case "Property":
      return own(withLexical(element, "value", value, element.valueType, pointer, report));
    case "Range":
      return own(rangeWith(element, value, pointer, report));
    case "MultiLanguageProperty":
      return own(languagesWith(element, value, pointer, report));
    case "File":
    case "Blob":
      return own(withMembers<File | Blob>(element, value, ["contentType", "value"], pointer, report));
    case "ReferenceElement":
      return own({ ...element, value: plainJson(value) } as SubmodelElement);
    case "RelationshipElement":
      return own(withMembers(element, value, ["first", "second"], pointer, report));
    case "BasicEventElement":
      return own(withMembers(element, value, ["observed"], pointer, report));
    case "AnnotatedRelationshipElement":
      return partly(element, path, value, ["first", "second"], "annotations", pointer, report);
    case "Entity":
      return partly(
        element,
        path,
        value,
        ["entityType", "globalAssetId", "specificAssetIds"],
        "statements",
        pointer,
        report,
      );
    case "SubmodelElementCollection":
      return namedEdits(childrenOf(element), path, value, pointer, report);
    case "SubmodelElementList":
      return itemEdits(element, path, value, pointer, report);
    case "Capability":
    case "Operation":
      report.add(pointer, `a ${element.modelType} has no value`, "an element that holds a value");
      return [];
  }
}

/** The edits of elements by idShort: of a submodel (`path` undefined) or of a collection. */
export function namedEdits(
  elements: readonly SubmodelElement[],
  path: string | undefined,
  value: unknown,
  pointer: string,
  report: Report,
): readonly ValueEdit[] {
  if (!isObject(value)) {
    report.add(pointer, `${shown(value)} is no object of values`, "a JSON object with the idShorts as members");
    return [];
  }
  // A body may name every element of a large submodel: looking through all for each would take minutes.
  const byName = new Map(elements.map((element) => [element.idShort, element]));
  const names = [...byName.keys()].filter((name) => name !== undefined).slice(0, 50);
  return Object.entries(value).flatMap(([name, child]) => {
    const element = byName.get(name);
    if (element !== undefined) {
      return valueEdits(element, childPath(path, name), child, at(pointer, name), report);
    }
    report.add(at(pointer, name), `there is no element ${shown(name)} here`, `one of ${names.join(", ")}`);
    return [];
  });
}

function itemEdits(
  list: SubmodelElement,
  path: string,
  value: unknown,
  pointer: string,
  report: Report,
): readonly ValueEdit[] {
  const items = childrenOf(list);
  if (!Array.isArray(value) || value.length !== items.length) {
    const message = Array.isArray(value)
      ? `${value.length} values for ${items.length} items`
      : `${shown(value)} is no array`;
    report.add(pointer, message, `an array of ${items.length} values (null leaves an item alone)`);
    return [];
  }
  return items.flatMap((item, index) =>
    value[index] === null ? [] : valueEdits(item, childPath(path, index), value[index], at(pointer, index), report),
  );
}

/** Elements with values of their own beside elements below them. */
function partly(
  element: SubmodelElement,
  path: string,
  value: unknown,
  members: readonly string[],
  below: "annotations" | "statements",
  pointer: string,
  report: Report,
): readonly ValueEdit[] {
  if (!isObject(value)) {
    report.add(pointer, `${shown(value)} is no value of ${element.modelType}`, "a JSON object");
    return [];
  }
  const { [below]: children, ...own } = value;
  const edits =
    Object.keys(own).length === 0
      ? []
      : [{ path, pointer, element: withMembers(element, own, members, pointer, report) }];
  if (children === undefined) return edits;
  return [...edits, ...namedEdits(childrenOf(element), path, children, at(pointer, below), report)];
}

function withLexical<T extends Property | Range>(
  element: T,
  member: "value" | "min" | "max",
  value: unknown,
  type: XsdType,
  pointer: string,
  report: Report,
): T {
  const text = lexicalFromJson(value, type);
  if (text === undefined) {
    report.add(
      pointer,
      `${shown(plainJson(value))} is no value of ${type}`,
      `${jsonTypeName(type)}: ${lexicalExample(type)}`,
    );
  } else if (!isLexical(type, text)) {
    report.add(pointer, `${shown(text)} is no ${type}`, lexicalExample(type));
  } else return { ...element, [member]: text };
  return element;
}

function rangeWith(element: Range, value: unknown, pointer: string, report: Report): Range {
  const checked = withMembers(element, value, ["min", "max"], pointer, report);
  if (!isObject(value) || checked === element) return element;
  let range = element;
  for (const member of ["min", "max"] as const) {
    if (value[member] === undefined) continue;
    range = withLexical(range, member, value[member], element.valueType, at(pointer, member), report);
  }
  return range;
}

/** `[{"en": "Pump"}, {"de": "Pumpe"}]`; one object with all languages is taken too, as the OpenAPI describes it. */
function languagesWith(
  element: MultiLanguageProperty,
  value: unknown,
  pointer: string,
  report: Report,
): MultiLanguageProperty {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = items.flatMap((item) =>
    isObject(item) ? Object.entries(item).map(([language, text]) => ({ language, text })) : [undefined],
  );
  if (texts.length > 0 && texts.every(isLangString)) return { ...element, value: texts };
  report.add(pointer, "no texts by language", '[{"en": "text"}, …]');
  return element;
}

function withMembers<T extends SubmodelElement>(
  element: T,
  value: unknown,
  members: readonly string[],
  pointer: string,
  report: Report,
): T {
  if (!isObject(value)) {
    report.add(
      pointer,
      `${shown(plainJson(value))} is no value of ${element.modelType}`,
      `an object with ${members.join(", ")}`,
    );
    return element;
  }
  const unknown = Object.keys(value).filter((name) => !members.includes(name));
  for (const name of unknown) {
    report.add(at(pointer, name), `${element.modelType} has no value ${shown(name)}`, `one of ${members.join(", ")}`);
  }
  return unknown.length > 0 ? element : ({ ...element, ...(plainJson(value) as JsonObject) } as T);
}

function isLangString(item: { language: string; text: unknown } | undefined): item is LangString {
  return typeof item?.text === "string";
}
