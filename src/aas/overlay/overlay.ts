import type { Signal } from "../../core/signal.ts";
import type { LiveLeaf, Overlay } from "../../twin/contract.ts";
import { childPath, type Step } from "../id-short-path.ts";
import { childrenOf, withChildren, withElements } from "../metamodel/children.ts";
import type { Property, Submodel, SubmodelElement } from "../metamodel/types.ts";
import { lexicalOf } from "../xsd/signal-text.ts";
import { signalQualifiers } from "./signal-qualifiers.ts";

/** What a linked leaf turns into; given the stored Property and its path. */
export type LeafView = (property: Property, path: string) => SubmodelElement;

/** A linked Property as it is read: value, quality and time from the signal, all else as stored (rules 7 and 9). */
export function overlaid(stored: Property, signal: Signal | undefined): Property {
  const { value: _stored, ...rest } = stored;
  if (signal === undefined) return rest;
  const value = lexicalOf(signal.value, stored.valueType);
  const qualifiers = [...(stored.qualifiers ?? []), ...signalQualifiers(signal)];
  return value === undefined ? { ...rest, qualifiers } : { ...rest, value, qualifiers };
}

/** The paths of linked leaves. */
export type LinkedPaths = Pick<ReadonlySet<string>, "has">;

/** Looks linked leaves up one by one: for a piece of a submodel, whose size counts and not that of all its links. */
export function liveLookUp(twin: Overlay, submodel: string): { readonly paths: LinkedPaths; readonly view: LeafView } {
  return {
    paths: { has: (path) => twin.leaf("submodel", submodel, path) !== undefined },
    view: (property, path) => overlaid(property, twin.leaf("submodel", submodel, path)?.signal),
  };
}

/** Lays the signals of all linked leaves over their paths. */
export function liveView(leaves: readonly LiveLeaf[]): {
  readonly paths: ReadonlySet<string>;
  readonly view: LeafView;
} {
  const byPath = new Map(leaves.map((leaf) => [leaf.part, leaf]));
  return {
    paths: new Set(byPath.keys()),
    view: (property, path) => overlaid(property, byPath.get(path)?.signal),
  };
}

/** The submodel with its linked leaves replaced; branches without one are shared with what came in. */
export function replaceLeaves(submodel: Submodel, paths: ReadonlySet<string>, view: LeafView): Submodel {
  if (paths.size === 0) return submodel;
  const elements = (submodel.submodelElements ?? []).map((element) =>
    replaceInElement(element, childPath(undefined, element.idShort ?? ""), paths, view),
  );
  return withElements(submodel, elements);
}

/** The same for an element and what lies below it. */
export function replaceInElement(
  element: SubmodelElement,
  path: string,
  paths: LinkedPaths,
  view: LeafView,
): SubmodelElement {
  if (element.modelType === "Property") return paths.has(path) ? view(element, path) : element;
  const children = childrenOf(element);
  if (children.length === 0) return element;
  const isList = element.modelType === "SubmodelElementList";
  const step = (child: SubmodelElement, index: number): Step => (isList ? index : (child.idShort ?? ""));
  return withChildren(
    element,
    children.map((child, index) => replaceInElement(child, childPath(path, step(child, index)), paths, view)),
  );
}
