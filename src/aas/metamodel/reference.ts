import type { Step } from "../id-short-path.ts";
import type { KeyType } from "./literals.ts";
import type { Reference, SubmodelElement } from "./types.ts";

export function externalReference(value: string): Reference {
  return { type: "ExternalReference", keys: [{ type: "GlobalReference", value }] };
}

export function modelReference(type: KeyType, value: string): Reference {
  return { type: "ModelReference", keys: [{ type, value }] };
}

/** The reference to an element: its submodel, then one key a step; items of a list by their index (AASd-128). */
export function elementReference(
  submodel: string,
  steps: readonly Step[],
  chain: readonly SubmodelElement["modelType"][],
): Reference {
  return {
    type: "ModelReference",
    keys: [
      { type: "Submodel", value: submodel },
      ...steps.map((step, depth) => ({ type: chain[depth] ?? "SubmodelElement", value: String(step) }) as const),
    ],
  };
}

/**
 * One text for a reference, equal where its chain of keys is equal: the look-up key of `semanticId` filters. Types of
 * reference and `referredSemanticId` do not count (IDTA-01001 v3.1, "Matching Algorithm for References").
 */
export function referenceText(reference: Reference): string {
  return reference.keys.map((key) => `(${key.type})${key.value}`).join("/");
}
