import { HubError } from "../../core/errors.ts";
import { childPath, parseIdShortPath, type Step } from "../id-short-path.ts";
import { childMember, childrenOf, withChildren } from "../metamodel/children.ts";
import type { XsdType } from "../metamodel/literals.ts";
import type { Property, SubmodelElement } from "../metamodel/types.ts";
import { isObject } from "../validation/check.ts";
import { isNumericType } from "../xsd/xsd-type.ts";

/** Why something cannot stand where it is wanted; whoever knows the line of the mapping file adds it. */
export function fillError(message: string, expected?: string): HubError {
  const right = expected === undefined ? {} : { expected };
  return new HubError("config", message, { problems: [{ place: "", message, ...right }] });
}

/**
 * The elements with the one at a path made by `make` from what is there; what is missing on the way is made as
 * collections and lists. @throws HubError `config`
 */
export function filledAt(
  elements: readonly SubmodelElement[],
  path: string,
  make: (before: SubmodelElement | undefined, step: Step) => SubmodelElement,
): readonly SubmodelElement[] {
  return filled(elements, parseIdShortPath(path), "", make);
}

function filled(
  elements: readonly SubmodelElement[],
  [step, ...rest]: readonly Step[],
  above: string,
  make: (before: SubmodelElement | undefined, step: Step) => SubmodelElement,
): readonly SubmodelElement[] {
  if (step === undefined) return elements;
  const here = childPath(above, step);
  const index = typeof step === "number" ? step : elements.findIndex(({ idShort }) => idShort === step);
  if (index > elements.length)
    throw fillError(`${here} leaves a gap in its list`, `${childPath(above, elements.length)} first`);
  const before = index < 0 ? undefined : elements[index];
  const [next] = rest;
  const element = next === undefined ? make(before, step) : container(before, step, next, rest, here, make);
  return before === undefined ? [...elements, element] : elements.with(index, element);
}

function container(
  before: SubmodelElement | undefined,
  step: Step,
  next: Step,
  rest: readonly Step[],
  here: string,
  make: (before: SubmodelElement | undefined, step: Step) => SubmodelElement,
): SubmodelElement {
  if (before !== undefined && childMember(before.modelType) === undefined) {
    throw fillError(`${here} is a ${before.modelType}: nothing can lie below it`, "a path through collections");
  }
  const isList = before?.modelType === "SubmodelElementList";
  if (before !== undefined && isList !== (typeof next === "number")) {
    const expected = isList ? `an index: ${here}[0]` : `an idShort: ${here}.Name`;
    throw fillError(`${here} is a ${before.modelType}`, expected);
  }
  const children = filled(before === undefined ? [] : childrenOf(before), rest, here, make);
  if (before !== undefined) return withChildren(before, children);
  const named = typeof step === "string" ? { idShort: step } : {};
  if (typeof next === "string") return { ...named, modelType: "SubmodelElementCollection", value: children };
  const [first] = children;
  const valueType = first?.modelType === "Property" ? { valueTypeListElement: first.valueType } : {};
  const type = first?.modelType ?? "Property";
  return { ...named, modelType: "SubmodelElementList", typeValueListElement: type, ...valueType, value: children };
}

/** A fixed value of a mapping file in the element that is there, or in a Property of its own. @throws HubError `config` */
export function withFixedValue(before: SubmodelElement | undefined, step: Step, value: unknown): SubmodelElement {
  switch (before?.modelType) {
    case undefined:
      return newElement(step, value);
    case "Property":
      return { ...before, value: lexicalText(value, before.valueType) };
    case "MultiLanguageProperty":
      return { ...before, value: languages(value) };
    case "File":
    case "Blob":
      if (isObject(value)) return { ...before, ...value } as SubmodelElement;
      return { ...before, value: lexicalText(value, "xs:string") };
    case "Range":
      if (!isObject(value)) throw fillError("a Range wants two values", "{ min: …, max: … }");
      return {
        ...before,
        ...Object.fromEntries(Object.entries(value).map(([name, one]) => [name, lexicalText(one, before.valueType)])),
      };
    case "ReferenceElement":
      return {
        ...before,
        value: {
          type: "ExternalReference",
          keys: [{ type: "GlobalReference", value: lexicalText(value, "xs:string") }],
        },
      };
    default:
      throw fillError(`a ${before?.modelType} takes no fixed value`, "the paths of Properties, texts and files");
  }
}

/** Whether a map is a text by language rather than a level of paths. */
export function isLanguageMap(value: unknown): value is Record<string, string> {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length > 0 && entries.every(([key, text]) => /^[a-z]{2,3}(?:-\w+)*$/.test(key) && typeof text === "string")
  );
}

function newElement(step: Step, value: unknown): SubmodelElement {
  const named = typeof step === "string" ? { idShort: step } : {};
  if (isLanguageMap(value)) return { ...named, modelType: "MultiLanguageProperty", value: languages(value) };
  const valueType = typeof value === "boolean" ? "xs:boolean" : typeof value === "number" ? "xs:double" : "xs:string";
  return { ...named, modelType: "Property", valueType, value: lexicalText(value, valueType) } satisfies Property;
}

function languages(value: unknown): readonly { language: string; text: string }[] {
  if (isLanguageMap(value)) return Object.entries(value).map(([language, text]) => ({ language, text }));
  return [{ language: "en", text: lexicalText(value, "xs:string") }];
}

function lexicalText(value: unknown, type: XsdType): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") {
    if (isNumericType(type) && !Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "INF" : "-INF";
    return String(value);
  }
  throw fillError("this is no simple value", "a string, a number, true or false");
}
