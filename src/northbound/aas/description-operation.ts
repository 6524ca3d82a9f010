import type { OperationForm } from "./aas-operation.ts";
import { json } from "./answer.ts";

/**
 * The profiles that are served whole, and no other (IDTA-01002 v3.1.2, ServiceDescription), in the versions that are
 * served. The repositories of shells and submodels are not among them: their profiles ask for thumbnails and attachments.
 * A test compares this list with the operations.
 */
export const servedProfiles: readonly string[] = ["3/0", "3/1"].map(
  (version) => `https://admin-shell.io/aas/API/${version}/ConceptDescriptionRepositoryServiceSpecification/SSP-001`,
);

export const descriptionOperation: OperationForm = {
  name: "GetSelfDescription",
  method: "GET",
  path: "/description",
  gives: "ServiceDescription",
  handle: () => json({ profiles: servedProfiles }),
};
