import { modelReference } from "../../aas/metamodel/reference.ts";
import type { Shell } from "../../aas/metamodel/types.ts";
import type { AasServices } from "../../aas/services/aas-services.ts";
import { pageOf } from "../../aas/services/paging.ts";
import { referredSubmodel } from "../../aas/services/shell-kind.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, json, jsonText, noContent, paged } from "./answer.ts";
import { expectedOf, identifierOf, jsonBody, pageOfRequest, refuseModifiers, toBase64url } from "./parameters.ts";
import type { ShellRoot } from "./shell-root.ts";

/** IDTA-01002 v3.1.2, "Asset Administration Shell Interface", for one shell at a root. */
export function shellOperations(root: ShellRoot): readonly OperationForm[] {
  const { path, one } = root;
  const named = (name: string): string => `${name}${root.suffix}`;

  async function read(
    request: ApiRequest,
    services: AasServices,
    view: (shell: Shell) => unknown,
  ): Promise<ApiResponse> {
    const { row, value } = await services.shells.get(await root.locate(request, services));
    return json(view(value), `"${row.version}"`);
  }

  return [
    {
      name: `Get${one}`,
      method: "GET",
      path,
      gives: "AssetAdministrationShell",
      handle: async (request, services) => {
        const { row } = await services.shells.get(await root.locate(request, services));
        return jsonText(row.body, `"${row.version}"`);
      },
    },
    {
      name: `Put${one}`,
      method: "PUT",
      path,
      takes: "AssetAdministrationShell",
      gives: "AssetAdministrationShell",
      success: [201, 204],
      handle: async (request, services) => {
        const body = await jsonBody(request);
        const id = await root.locateNew(request, services, body);
        const isNew = await services.shells.put(request.scope, id, body, expectedOf(request));
        return isNew ? created(body, root.url(request)) : noContent();
      },
    },
    {
      name: named(`Get${one}-Reference`),
      method: "GET",
      path: `${path}/$reference`,
      gives: "Reference",
      handle: async (request, services) => {
        refuseModifiers(request, "reference");
        return await read(request, services, ({ id }) => modelReference("AssetAdministrationShell", id));
      },
    },
    {
      name: named("GetAssetInformation"),
      method: "GET",
      path: `${path}/asset-information`,
      gives: "AssetInformation",
      handle: async (request, services) => await read(request, services, (shell) => shell.assetInformation),
    },
    {
      name: named("PutAssetInformation"),
      method: "PUT",
      path: `${path}/asset-information`,
      takes: "AssetInformation",
      handle: async (request, services) => {
        const id = await root.locate(request, services);
        await services.shells.putAssetInformation(request.scope, id, await jsonBody(request), expectedOf(request));
        return noContent();
      },
    },
    {
      name: named("GetAllSubmodelReferences"),
      method: "GET",
      path: `${path}/submodel-refs`,
      query: ["limit", "cursor"],
      gives: "GetReferencesResult",
      handle: async (request, services) => {
        const { value } = await services.shells.get(await root.locate(request, services));
        return paged(pageOf(value.submodels ?? [], pageOfRequest(request)));
      },
    },
    {
      name: named("PostSubmodelReference"),
      method: "POST",
      path: `${path}/submodel-refs`,
      takes: "Reference",
      gives: "Reference",
      handle: async (request, services) => {
        const id = await root.locate(request, services);
        const reference = await services.shells.addReference(request.scope, id, await jsonBody(request));
        const submodel = toBase64url(referredSubmodel(reference) ?? "");
        return created(reference, `${root.url(request)}/submodel-refs/${submodel}`);
      },
    },
    {
      name: named("DeleteSubmodelReference"),
      method: "DELETE",
      path: `${path}/submodel-refs/{submodelIdentifier}`,
      handle: async (request, services) => {
        const submodel = identifierOf(request, "submodelIdentifier");
        await services.shells.removeReference(request.scope, await root.locate(request, services), submodel);
        return noContent();
      },
    },
  ];
}
