import { HubError, type Problem } from "../../core/errors.ts";
import { placeText } from "../../core/place.ts";
import type { LiveLeaf, Overlay } from "../../twin/contract.ts";
import { isAtOrBelow, parseIdShortPath } from "../id-short-path.ts";
import { childrenOf } from "../metamodel/children.ts";
import type { Property, SubmodelElement } from "../metamodel/types.ts";
import { replaceInElement } from "../overlay/overlay.ts";
import { descend } from "../value-only/content.ts";
import { lexicalOf } from "../xsd/signal-text.ts";

/** The linked leaves of a submodel, or those at or below one of its elements. */
export function leavesUnder(twin: Overlay, submodel: string, path?: string): readonly LiveLeaf[] {
  const leaves = twin.leaves("submodel", submodel);
  return path === undefined ? leaves : leaves.filter((leaf) => isAtOrBelow(leaf.part, path));
}

/** Rule 6: what holds a linked leaf is not deleted by a client. @throws HubError `conflict` naming the mapping lines */
export function refuseDelete(leaves: readonly LiveLeaf[], what: string): void {
  if (leaves.length === 0) return;
  const problems = leaves.slice(0, 20).map((leaf) => linkedProblem(leaf, "is linked"));
  throw new HubError("conflict", `${what} holds what a mapping links; only a change of the mapping removes it`, {
    problems,
  });
}

export interface KeptLeaves {
  /** The elements as they may be stored: linked leaves without a value of their own. */
  readonly elements: readonly SubmodelElement[];
  /** Paths of linked leaves for which the client sent another value than they show: reported, never written. */
  readonly kept: readonly string[];
}

/**
 * Rule 5: a document write keeps linked leaves. `elements` stand right below `root` (a container's path) or, without
 * one, below the submodel; `before` is what is stored there now.
 * @throws HubError `conflict` where a linked leaf would be dropped or get another type, naming the mapping lines
 */
export function keepLeaves(
  leaves: readonly LiveLeaf[],
  elements: readonly SubmodelElement[],
  before: readonly SubmodelElement[],
): KeptLeaves {
  if (leaves.length === 0) return { elements, kept: [] };
  const problems: Problem[] = [];
  const kept: string[] = [];
  for (const leaf of leaves) {
    const next = elementAt(elements, leaf.part);
    const stored = elementAt(before, leaf.part);
    if (next === undefined) problems.push(linkedProblem(leaf, "would be dropped"));
    else if (next.modelType !== "Property" || !sameType(next, stored)) {
      const type = stored?.modelType === "Property" ? stored.valueType : "its own valueType";
      problems.push({ ...linkedProblem(leaf, "would get another type"), expected: `a Property of ${type}` });
    } else if (next.value !== undefined && next.value !== lexicalOf(leaf.signal?.value, next.valueType)) {
      kept.push(leaf.part);
    }
  }
  if (problems.length > 0) {
    throw new HubError("conflict", "the document drops or retypes what a mapping links", { problems });
  }
  const paths = new Set(leaves.map((leaf) => leaf.part));
  const bare = (property: Property): Property => {
    const { value: _value, ...rest } = property;
    return rest;
  };
  return { elements: elements.map((one) => replaceInElement(one, one.idShort ?? "", paths, bare)), kept };
}

/** The element at a path below the submodel's own elements. */
export function elementAt(elements: readonly SubmodelElement[], path: string): SubmodelElement | undefined {
  const [first, ...rest] = parseIdShortPath(path);
  let element = first === undefined ? undefined : descend(elements, first);
  for (const step of rest) element = element === undefined ? undefined : descend(childrenOf(element), step);
  return element;
}

export function linkedProblem(leaf: LiveLeaf, what: string): Problem {
  const line = placeText(leaf.link.place);
  return { place: leaf.part, message: `${leaf.part} ${what}; it is linked at ${line}`, rule: line };
}

function sameType(next: Property, stored: SubmodelElement | undefined): boolean {
  return stored === undefined || (stored.modelType === "Property" && stored.valueType === next.valueType);
}
