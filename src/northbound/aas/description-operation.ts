import type { OperationForm } from "./aas-operation.ts";
import { json } from "./answer.ts";
import { profilesOf } from "./profiles.ts";

/**
 * IDTA-01002 v3.1.2, "Description Interface": the profiles that are served whole, and no other.
 * @param served everything else of the surface
 * @param templates whether the surface holds templates and nothing else
 */
export function descriptionOperation(served: readonly OperationForm[], templates = false): OperationForm {
  const path = "/description";
  const profiles = profilesOf([...served, { method: "GET", path }], templates);
  return {
    name: "GetSelfDescription",
    method: "GET",
    path,
    gives: "ServiceDescription",
    handle: () => json({ profiles }),
  };
}
