import type { DocumentKeys, NewDocument, NewPart, PartRow } from "../core/document.ts";
import { childPath, type Step } from "./id-short-path.ts";
import { childMember, childrenOf, withChildren, withElements } from "./metamodel/children.ts";
import { referenceText } from "./metamodel/reference.ts";
import type { HasSemantics, Reference, Submodel, SubmodelElement } from "./metamodel/types.ts";
import { isNumericType } from "./xsd/xsd-type.ts";

export interface SplitSubmodel {
  readonly document: NewDocument;
  readonly parts: readonly NewPart[];
}

/** A submodel as it is stored: its head, and one part an element in document order (parents before children). */
export function splitSubmodel(submodel: Submodel, owner?: string): SplitSubmodel {
  const head = withElements(submodel, []);
  return {
    document: {
      id: submodel.id,
      body: JSON.stringify(head),
      keys: submodelKeys(submodel),
      ...(owner === undefined ? {} : { owner }),
    },
    parts: (submodel.submodelElements ?? []).flatMap((element) =>
      splitElement(element, undefined, element.idShort ?? ""),
    ),
  };
}

/** An element and all below it as parts. `step` is its idShort, or its index in a list. */
export function splitElement(element: SubmodelElement, parent: string | undefined, step: Step): readonly NewPart[] {
  const key = childPath(parent, step);
  const own: NewPart = {
    key,
    ...(parent === undefined ? {} : { parent }),
    name: element.idShort ?? String(step),
    kind: element.modelType,
    body: JSON.stringify(withChildren(element, [])),
    ...indexedValue(element),
  };
  const isList = element.modelType === "SubmodelElementList";
  const below = childrenOf(element).flatMap((child, index) =>
    splitElement(child, key, isList ? index : (child.idShort ?? "")),
  );
  return [own, ...below];
}

/** Joins the parts of one element and of all below it; `parts[0]` is the element itself. */
export function joinElement(parts: readonly PartRow[]): SubmodelElement | undefined {
  const [first] = parts;
  return first === undefined ? undefined : joinForest(parts, first.parent)[0];
}

/** Joins head and parts back into the submodel that was split. */
export function joinSubmodel(body: string, parts: readonly PartRow[]): Submodel {
  return withElements(JSON.parse(body) as Submodel, joinForest(parts, undefined));
}

/** The elements right below a submodel, of their parts and all below them. */
export function joinElements(parts: readonly PartRow[]): readonly SubmodelElement[] {
  return joinForest(parts, undefined);
}

function joinForest(parts: readonly PartRow[], root: string | undefined): readonly SubmodelElement[] {
  const byParent = new Map<string | undefined, PartRow[]>();
  for (const part of parts) {
    const siblings = byParent.get(part.parent);
    if (siblings === undefined) byParent.set(part.parent, [part]);
    else siblings.push(part);
  }
  const build = (part: PartRow): SubmodelElement => {
    const element = JSON.parse(part.body) as SubmodelElement;
    if (childMember(element.modelType) === undefined) return element;
    return withChildren(element, (byParent.get(part.key) ?? []).map(build));
  };
  return (byParent.get(root) ?? []).map(build);
}

/** Look-up keys: `semanticId` holds each reference whole and by the value of its last key, supplemental ones too. */
function submodelKeys(submodel: Submodel): DocumentKeys {
  return {
    ...(submodel.idShort === undefined ? {} : { idShort: [submodel.idShort] }),
    ...semanticKeys(submodel),
    kind: [submodel.kind ?? "Instance"],
  };
}

export function semanticKeys(semantics: HasSemantics): DocumentKeys {
  const references = [semantics.semanticId, ...(semantics.supplementalSemanticIds ?? [])];
  const texts = references.flatMap((reference) => (reference === undefined ? [] : referenceKeys(reference)));
  return texts.length === 0 ? {} : { semanticId: [...new Set(texts)] };
}

export function referenceKeys(reference: Reference): readonly string[] {
  const last = reference.keys.at(-1);
  return last === undefined ? [] : [referenceText(reference), last.value];
}

/**
 * What indexed queries compare: a Property's value as a number where its type is one, else as text; of other elements the
 * one text that they say. Those that say several, or a Blob's content, are found without.
 */
function indexedValue(element: SubmodelElement): Pick<NewPart, "num" | "text"> {
  switch (element.modelType) {
    case "Property": {
      if (element.value === undefined) return {};
      const number = isNumericType(element.valueType) ? Number(element.value) : Number.NaN;
      return Number.isFinite(number) ? { num: number, text: element.value } : { text: element.value };
    }
    case "File":
      return element.value === undefined ? {} : { text: element.value };
    case "MultiLanguageProperty": {
      const [only, ...others] = element.value ?? [];
      return only === undefined || others.length > 0 ? {} : { text: only.text };
    }
    default:
      return {};
  }
}
