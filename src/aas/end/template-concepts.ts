import type { Place } from "../../core/place.ts";
import type { PlannedDocument } from "../../core/plan.ts";
import type { ConceptDescription, Submodel } from "../metamodel/types.ts";
import { conceptKind } from "../services/concept-kind.ts";
import { referredIds } from "../services/referred-ids.ts";

/**
 * The concept descriptions of a template file that the submodel made from it refers to. Every asset of the template
 * wants the same ones, and a client's own version of one is left alone: so they are adopted, never claimed.
 */
export function plannedConcepts(
  concepts: readonly ConceptDescription[],
  submodel: Submodel,
  owner: string,
  place: Place,
): readonly PlannedDocument[] {
  if (concepts.length === 0) return [];
  const referred = referredIds(submodel);
  return concepts
    .filter(({ id }) => referred.has(id))
    .map((concept) => ({
      collection: "concept",
      document: { id: concept.id, body: JSON.stringify(concept), keys: conceptKind.keys(concept), owner },
      parts: [],
      place,
      adopt: true,
    }));
}
