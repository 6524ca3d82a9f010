import type { OperationForm } from "./aas-operation.ts";
import { json } from "./answer.ts";

/**
 * The profiles that are served whole, and no other (IDTA-01002 v3.1.2, ServiceDescription). The repositories of shells
 * and submodels join them once files and serialization are there.
 */
export const servedProfiles: readonly string[] = [
  "https://admin-shell.io/aas/API/3/1/ConceptDescriptionRepositoryServiceSpecification/SSP-001",
];

export const descriptionOperation: OperationForm = {
  name: "GetSelfDescription",
  method: "GET",
  path: "/description",
  gives: "ServiceDescription",
  handle: () => json({ profiles: servedProfiles }),
};
