import type { OperationForm } from "./aas-operation.ts";

/** Names of IDTA's OpenAPI that follow no rule, by method and path. */
const irregular: Readonly<Record<string, string>> = {
  "PATCH /aas/submodels/{submodelIdentifier}/$metadata": "PatchSubmodeByIdMetadata_AAS",
  "GET /aas/submodels/{submodelIdentifier}/submodel-elements/$reference": "GetAllSubmodelElementsReference_AAS",
  "GET /aas/submodels/{submodelIdentifier}/submodel-elements/$path": "GetAllSubmodelElementsPath_AAS",
  "PATCH /aas/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}": "PatchSubmodelElementValueByPath_AAS",
  "PATCH /aas/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}/$metadata":
    "PatchSubmodelElementValueByPath-Metadata_AAS",
  "PATCH /aas/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}/$value":
    "PatchSubmodelElementValueByPathValueOnly_AAS",
  "PATCH /shells/{aasIdentifier}/submodels/{submodelIdentifier}": "PatchSubmodel_AasRepository",
  "PATCH /shells/{aasIdentifier}/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}":
    "PatchSubmodelElementValueByPath_AasRepository",
  "PATCH /shells/{aasIdentifier}/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}/$metadata":
    "PatchSubmodelElementValueByPath-Metadata",
  "PATCH /shells/{aasIdentifier}/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}/$value":
    "PatchSubmodelElementValueByPath-ValueOnly",
  "GET /submodels/{submodelIdentifier}/submodel-elements": "GetAllSubmodelElements_SubmodelRepository",
};

/** The `operationId` of IDTA's OpenAPI: it tells the trees below its roots apart, each in a way of its own. */
export function officialName({ method, path, name }: OperationForm): string {
  const known = irregular[`${method} ${path}`];
  if (known !== undefined) return known;
  if (/^\/submodel(?:\/|$)/.test(path)) return name.replace("_SubmodelService", "").replace("SubmodelById", "Submodel");
  const isElement = path.startsWith("/submodels/{submodelIdentifier}/submodel-elements");
  return isElement && !name.includes("_Submodel") ? `${name}_SubmodelRepo` : name;
}
