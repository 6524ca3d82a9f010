import type { OperationForm } from "./aas-operation.ts";
import { json } from "./answer.ts";

/**
 * The profiles that are served whole, and no other (IDTA-01002 v3.1.2, ServiceDescription). Every profile asks for
 * `/serialization`, files or queries, so that none is whole yet; a test compares this list with the operations.
 */
export const servedProfiles: readonly string[] = [];

export const descriptionOperation: OperationForm = {
  name: "GetSelfDescription",
  method: "GET",
  path: "/description",
  gives: "ServiceDescription",
  handle: () => json({ profiles: servedProfiles }),
};
