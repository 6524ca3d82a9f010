import { HubError } from "../../core/errors.ts";
import type { ConceptDescription } from "../metamodel/types.ts";
import { referenceKeys } from "../parts.ts";
import { validateConcept } from "../validation/validate.ts";
import type { IdentifiableKind } from "./identifiable-service.ts";

export const conceptKind: IdentifiableKind<ConceptDescription> = {
  collection: "concept",
  validate: validateConcept,
  keys: ({ idShort, isCaseOf = [], embeddedDataSpecifications = [] }) => ({
    ...(idShort === undefined ? {} : { idShort: [idShort] }),
    isCaseOf: [...new Set(isCaseOf.flatMap(referenceKeys))],
    dataSpecification: [
      ...new Set(embeddedDataSpecifications.flatMap(({ dataSpecification }) => referenceKeys(dataSpecification))),
    ],
  }),
  notFound: (id) => new HubError("not-found", `there is no concept description ${JSON.stringify(id.slice(0, 200))}`),
};
