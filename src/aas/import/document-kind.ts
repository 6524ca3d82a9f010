import { validateConcept, validateShell, validateSubmodel } from "../validation/validate.ts";
import type { IdentifiableClass } from "../xml/xml-shapes.ts";

const kinds = {
  AssetAdministrationShell: { collection: "shell", report: "shells", validate: validateShell },
  Submodel: { collection: "submodel", report: "submodels", validate: validateSubmodel },
  ConceptDescription: { collection: "concept", report: "conceptDescriptions", validate: validateConcept },
} as const satisfies Readonly<Record<IdentifiableClass, object>>;

/** Where documents of a class are kept, how a report calls them, and who judges them. */
export const kindOf = (type: IdentifiableClass) => kinds[type];
