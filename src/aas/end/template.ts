import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { HubError } from "../../core/errors.ts";
import { parseJson } from "../json/exact-json.ts";
import { childrenOf, withChildren, withElements } from "../metamodel/children.ts";
import type { ConceptDescription, Qualifier, Submodel, SubmodelElement } from "../metamodel/types.ts";
import { isObject } from "../validation/check.ts";
import { validateConcept, validateSubmodel } from "../validation/validate.ts";
import { membersOfValue } from "../value-only/content.ts";

/** Bytes; the largest official template has about a third of it. */
const largest = 4 * 1024 * 1024;

/** What a template file holds of use for one submodel. */
export interface Template {
  readonly submodel: Submodel;
  /** Those of the environment around it. */
  readonly concepts: readonly ConceptDescription[];
}

/**
 * Reads a submodel from a file: a submodel itself, or an environment with one (of several: the one of this idShort).
 * @throws HubError `config` or, with its problems, `invalid`
 */
export async function readTemplate(folder: string, file: string, idShort: string): Promise<Template> {
  const path = resolve(folder, file);
  const unreadable = (cause?: unknown) => new HubError("config", `the template ${file} cannot be read`, { cause });
  const facts = await stat(path).catch((cause: unknown) => Promise.reject(unreadable(cause)));
  if (!facts.isFile()) throw unreadable();
  if (facts.size > largest) throw new HubError("config", `the template ${file} is larger than ${largest} bytes`);
  const text = await readFile(path, "utf8").catch((cause: unknown) => Promise.reject(unreadable(cause)));
  const content = contentOf(text, file);
  return { submodel: validateSubmodel(chosen(content, file, idShort)), concepts: conceptsOf(content) };
}

/** Says nothing of what the file holds instead: problems are shown to clients, and it may be any file. */
function contentOf(text: string, file: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new HubError("config", `the template ${file} is not JSON`, { cause });
  }
}

function chosen(content: unknown, file: string, idShort: string): unknown {
  if (!isObject(content) || !Array.isArray(content.submodels)) return content;
  const submodels: readonly unknown[] = content.submodels;
  const named = submodels.filter((one) => isObject(one) && one.idShort === idShort);
  const [only, ...others] = named.length > 0 ? named : submodels;
  if (only !== undefined && others.length === 0) return only;
  const message = `the template ${file} holds ${submodels.length} submodels and not one called ${idShort}`;
  throw new HubError("config", message);
}

function conceptsOf(content: unknown): readonly ConceptDescription[] {
  if (!isObject(content) || !Array.isArray(content.conceptDescriptions)) return [];
  return content.conceptDescriptions.map((concept: unknown, index) => {
    try {
      return validateConcept(concept);
    } catch (cause) {
      const { code, message, problems } = HubError.from(cause);
      const placed = problems.map((one) => ({ ...one, place: `/conceptDescriptions/${index}${one.place}` }));
      throw new HubError(code, message, { problems: placed, cause });
    }
  });
}

/**
 * An instance of a template (IDTA submodel templates): kind Instance, example values gone, qualifiers of the template
 * gone, optional elements gone that nothing fills. What is no template is taken as it is.
 * @param wanted whether the element at a path, or one below it, is filled or linked
 */
export function instantiated(template: Submodel, wanted: (path: string) => boolean): Submodel {
  if (template.kind !== "Template") return template;
  const elements = (template.submodelElements ?? []).flatMap((element) =>
    instanceOf(element, element.idShort ?? "", wanted),
  );
  return { ...withElements(withoutTemplateQualifiers(template), elements), kind: "Instance" };
}

function instanceOf(
  element: SubmodelElement,
  path: string,
  wanted: (path: string) => boolean,
): readonly SubmodelElement[] {
  if (isOptional(element) && !wanted(path)) return [];
  const bare = withoutTemplateQualifiers(element);
  // Items of a template's list are examples; a mapping that owns the list makes its own.
  if (bare.modelType === "SubmodelElementList") return [withChildren(bare, [])];
  const children = childrenOf(bare).flatMap((child) => instanceOf(child, `${path}.${child.idShort ?? ""}`, wanted));
  return [withoutExample(withChildren(bare, children), element.qualifiers ?? [])];
}

/** SMT/Cardinality; `Cardinality` and `Multiplicity` in older templates. */
function isOptional({ qualifiers = [] }: SubmodelElement): boolean {
  return qualifiers.some(
    ({ type, value }) => /^(?:SMT\/)?(?:Cardinality|Multiplicity)$/.test(type) && (value ?? "").startsWith("ZeroTo"),
  );
}

function withoutExample(element: SubmodelElement, qualifiers: readonly Qualifier[]): SubmodelElement {
  if (childrenOf(element).length > 0 || element.modelType === "BasicEventElement") return element;
  const initial = qualifiers.find(({ type }) => type === "SMT/DefaultValue" || type === "SMT/InitialValue")?.value;
  const left = (membersOfValue(element.modelType) ?? []).filter((member) => member !== "contentType");
  const bare = Object.fromEntries(Object.entries(element).filter(([member]) => !left.includes(member)));
  const filled = initial === undefined || element.modelType !== "Property" ? bare : { ...bare, value: initial };
  return filled as unknown as SubmodelElement;
}

function withoutTemplateQualifiers<T extends { readonly qualifiers?: readonly Qualifier[] }>(owner: T): T {
  const { qualifiers = [], ...rest } = owner;
  const kept = qualifiers.filter(({ kind, type }) => kind !== "TemplateQualifier" && !type.startsWith("SMT/"));
  return (kept.length === 0 ? rest : { ...rest, qualifiers: kept }) as T;
}
