import type { SubmodelElement } from "../metamodel/types.ts";
import { fitsPattern, type NumberRange, rulesOf, type TemplateRules } from "./template-rules.ts";

/** One thing in which an instance is not what its template asks for. */
export interface Finding {
  /** idShortPath; empty for the submodel itself. */
  readonly path: string;
  readonly kind: "missing" | "too-many" | "wrong";
  readonly message: string;
  readonly expected: string;
}

/** Where what is missing should come from, for people. */
export function sourceOf(pattern: SubmodelElement, path: string): string {
  const [example] = rulesOf(pattern).examples;
  const like = example === undefined ? "" : `, such as ${example.replace(/@[a-z-]+$/i, "")}`;
  switch (pattern.modelType) {
    case "Property":
      return `a value at ${path} (${pattern.valueType}${like}), or a point that is linked to it`;
    case "MultiLanguageProperty":
      return `a text at ${path}, such as { en: ${example?.replace(/@[a-z-]+$/i, "") ?? "…"} }`;
    case "Range":
      return `two values at ${path}: { min: …, max: … }`;
    case "File":
    case "Blob":
      return `a file at ${path}: { contentType: …, value: … }`;
    case "ReferenceElement":
      return `what it refers to, at ${path}`;
    default:
      return `values below ${path}`;
  }
}

/** What is wrong with the value of one element; an element that has to be there has to say something. */
export function valueFindings(element: SubmodelElement, pattern: SubmodelElement, path: string): readonly Finding[] {
  const rules = rulesOf(pattern);
  const findings: Finding[] = [];
  const wrong = (message: string, expected: string): void => {
    findings.push({ path, kind: "wrong", message, expected });
  };
  const named = rules.allowedIdShort;
  if (named !== undefined && element.idShort !== undefined && element.idShort !== pattern.idShort) {
    if (fitsPattern(named, element.idShort) === false) wrong(`${path} has another name`, `idShort like ${named}`);
  }
  if (isEmpty(element)) {
    if (rules.cardinality?.min !== 1) return findings;
    const message = `${path} has no value: a ${element.modelType}, ${rules.cardinality.name}`;
    return [...findings, { path, kind: "missing", message, expected: sourceOf(pattern, path) }];
  }
  if (element.modelType === "Property")
    for (const said of textFindings(element.value ?? "", rules)) wrong(...said(path));
  if (element.modelType === "MultiLanguageProperty") {
    const there = (element.value ?? []).map(({ language }) => language.toLowerCase().split("-")[0]);
    const absent = rules.requiredLanguages.filter((language) => !there.includes(language.toLowerCase().split("-")[0]));
    if (absent.length > 0) wrong(`${path} has no text in ${absent.join(", ")}`, "a text for each (SMT/RequiredLang)");
  }
  return findings;
}

type Said = (path: string) => [message: string, expected: string];

function* textFindings(value: string, rules: TemplateRules): Generator<Said> {
  const { allowedRanges, allowedValue, choices } = rules;
  if (allowedValue !== undefined && fitsPattern(allowedValue, value) === false) {
    yield (path) => [`${path} is ${shown(value)}`, `a value like ${allowedValue} (SMT/AllowedValue)`];
  }
  if (allowedRanges.length > 0 && !allowedRanges.some((range) => isWithin(Number(value), range))) {
    yield (path) => [`${path} is ${shown(value)}`, `a number within ${allowedRanges.map(rangeText).join(" or ")}`];
  }
  if (choices.length > 0 && !choices.includes(value)) {
    yield (path) => [`${path} is ${shown(value)}`, `one of ${choices.join(", ")}`];
  }
}

function isEmpty(element: SubmodelElement): boolean {
  switch (element.modelType) {
    case "Property":
      return element.value === undefined || (element.value === "" && element.valueType !== "xs:string");
    case "MultiLanguageProperty":
      return (element.value ?? []).length === 0;
    case "File":
    case "ReferenceElement":
      return element.value === undefined;
    case "Range":
      return element.min === undefined && element.max === undefined;
    default:
      return false;
  }
}

function isWithin(value: number, { from, fromIncluded, to, toIncluded }: NumberRange): boolean {
  return (fromIncluded ? value >= from : value > from) && (toIncluded ? value <= to : value < to);
}

const rangeText = ({ from, fromIncluded, to, toIncluded }: NumberRange): string =>
  `${fromIncluded ? "[" : "("}${from}, ${to}${toIncluded ? "]" : ")"}`;

const shown = (value: string): string => JSON.stringify(value.slice(0, 100));
