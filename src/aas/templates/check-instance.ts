import { childPath } from "../id-short-path.ts";
import { childMember, childrenOf } from "../metamodel/children.ts";
import type { Reference, Submodel, SubmodelElement } from "../metamodel/types.ts";
import { rulesOf } from "./template-rules.ts";
import { type Finding, sourceOf, valueFindings } from "./value-findings.ts";

/**
 * Everything in which a submodel is no instance of a template: what is missing, what stands too often, what has another
 * type or meaning, values that the template's qualifiers (SMT/Cardinality, SMT/EitherOr, SMT/AllowedRange, …) do not
 * allow. Elements beyond the template are the submodel's own affair.
 * @param isLinked whether an element gets its value elsewhere: from a point of a mapping, for instance
 */
export function checkInstance(
  submodel: Submodel,
  template: Submodel,
  isLinked: (path: string) => boolean = () => false,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (template.semanticId !== undefined && !sameMeaning(submodel.semanticId, template.semanticId)) {
    findings.push({
      path: "",
      kind: "wrong",
      message: "the submodel means something else",
      expected: `semanticId ${lastKey(template.semanticId)}`,
    });
  }
  checkLevel(submodel.submodelElements ?? [], template.submodelElements ?? [], "", { findings, isLinked });
  return findings;
}

interface Course {
  readonly findings: Finding[];
  readonly isLinked: (path: string) => boolean;
}

function checkLevel(
  elements: readonly SubmodelElement[],
  patterns: readonly SubmodelElement[],
  above: string,
  course: Course,
): void {
  const left = new Set(elements);
  // Those of the same name first, so that a look-alike of another name does not take their place.
  const found = patterns.map((pattern) => {
    const named = elements.filter((one) => left.has(one) && one.idShort === pattern.idShort);
    for (const one of named) left.delete(one);
    return named;
  });
  for (const [index, pattern] of patterns.entries()) {
    for (const one of left) {
      if (!isAnother(one, pattern)) continue;
      left.delete(one);
      found[index]?.push(one);
    }
  }
  const classes = new Map<string, string[]>();
  for (const [index, pattern] of patterns.entries()) {
    const { eitherOr } = rulesOf(pattern);
    if (eitherOr === undefined || (found[index]?.length ?? 0) === 0) continue;
    classes.set(eitherOr, [...(classes.get(eitherOr) ?? []), pattern.idShort ?? ""]);
  }
  for (const [index, pattern] of patterns.entries()) {
    const own = found[index] ?? [];
    const { eitherOr } = rulesOf(pattern);
    const instead = eitherOr !== undefined && own.length === 0 && classes.has(eitherOr);
    if (!instead) checkCount(own.length, pattern, above, course);
    for (const one of own) checkElement(one, pattern, childPath(above, one.idShort ?? ""), course);
  }
  for (const names of classes.values()) {
    if (names.length < 2) continue;
    const message = `${names.join(" and ")} stand side by side`;
    course.findings.push({ path: above, kind: "too-many", message, expected: "only one of them (SMT/EitherOr)" });
  }
}

function checkCount(count: number, pattern: SubmodelElement, above: string, { findings }: Course): void {
  const { cardinality } = rulesOf(pattern);
  const path = childPath(above, pattern.idShort ?? "");
  if (cardinality !== undefined && count < cardinality.min) {
    const message = `${path} is missing: a ${pattern.modelType}, ${cardinality.name}`;
    findings.push({ path, kind: "missing", message, expected: sourceOf(pattern, path) });
  }
  if (cardinality?.max !== undefined && count > cardinality.max) {
    const message = `${path} stands ${count} times`;
    findings.push({ path, kind: "too-many", message, expected: `at most one (${cardinality.name})` });
  }
}

function checkElement(element: SubmodelElement, pattern: SubmodelElement, path: string, course: Course): void {
  const wrong = (message: string, expected: string): void => {
    course.findings.push({ path, kind: "wrong", message, expected });
  };
  if (element.modelType !== pattern.modelType) {
    wrong(`${path} is a ${element.modelType}`, `a ${pattern.modelType}`);
    return;
  }
  if ("valueType" in pattern && "valueType" in element && element.valueType !== pattern.valueType) {
    wrong(`${path} is of ${element.valueType}`, `valueType ${pattern.valueType}`);
  }
  if (pattern.semanticId !== undefined && !isOpen(pattern) && !sameMeaning(element.semanticId, pattern.semanticId)) {
    wrong(`${path} means something else`, `semanticId ${lastKey(pattern.semanticId)}`);
  }
  if (!course.isLinked(path)) course.findings.push(...valueFindings(element, pattern, path));
  if (pattern.modelType === "SubmodelElementList") checkItems(element, pattern, path, course);
  else if (childMember(pattern.modelType) !== undefined && !isOpen(pattern)) {
    checkLevel(childrenOf(element), childrenOf(pattern), path, course);
  }
}

/** All items of a list are like the one that its template shows. */
function checkItems(list: SubmodelElement, pattern: SubmodelElement, path: string, course: Course): void {
  const [item] = childrenOf(pattern);
  if (item === undefined) return;
  const items = childrenOf(list);
  const { cardinality } = rulesOf(item);
  if (items.length === 0 && cardinality?.min === 1) {
    const message = `${path} has no item: at least one ${item.modelType}, ${cardinality.name}`;
    course.findings.push({ path: `${path}[0]`, kind: "missing", message, expected: sourceOf(item, `${path}[0]`) });
  }
  for (const [index, one] of items.entries()) checkElement(one, item, childPath(path, index), course);
}

/** `InternalSegment01` beside `InternalSegment`: one more of the same meaning, where more may be. */
function isAnother(element: SubmodelElement, pattern: SubmodelElement): boolean {
  const { cardinality } = rulesOf(pattern);
  if (element.modelType !== pattern.modelType || cardinality?.max === 1 || isOpen(pattern)) return false;
  return pattern.semanticId !== undefined && sameMeaning(element.semanticId, pattern.semanticId);
}

/** A place for anything: `ArbitraryProperty` and its like have a meaning that instances replace. */
function isOpen({ semanticId }: SubmodelElement): boolean {
  return /\/SMT\/General\/Arbitrary/.test(semanticId === undefined ? "" : lastKey(semanticId));
}

const lastKey = (reference: Reference): string => reference.keys.at(-1)?.value ?? "";

/** By the values of the keys: published templates and instances differ in the types of references. */
function sameMeaning(given: Reference | undefined, wanted: Reference): boolean {
  return given !== undefined && lastKey(given) === lastKey(wanted);
}
