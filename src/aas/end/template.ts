import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { HubError } from "../../core/errors.ts";
import { parseJson } from "../json/exact-json.ts";
import { childrenOf, withChildren, withElements } from "../metamodel/children.ts";
import type { Qualifier, Submodel, SubmodelElement } from "../metamodel/types.ts";
import { isObject } from "../validation/check.ts";
import { validateSubmodel } from "../validation/validate.ts";
import { membersOfValue } from "../value-only/content.ts";

/** Bytes; the largest official template has about a third of it. */
const largest = 4 * 1024 * 1024;

/**
 * Reads a submodel from a file: a submodel itself, or an environment with one (of several: the one of this idShort).
 * @throws HubError `config` or, with its problems, `invalid`
 */
export async function readTemplate(folder: string, file: string, idShort: string): Promise<Submodel> {
  const path = resolve(folder, file);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new HubError("config", `the template ${file} cannot be read`, { cause });
  });
  if (text.length > largest) throw new HubError("config", `the template ${file} is larger than ${largest} bytes`);
  return validateSubmodel(chosen(parseJson(text), file, idShort));
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
