import type { OperationForm } from "./aas-operation.ts";
import { created, json, noContent, paged } from "./answer.ts";
import { descriptorFilter, type EntityApi, entryRoots } from "./descriptor-parameters.ts";
import { expectedOf, identifierOf, jsonBody, pageOfRequest, toBase64url } from "./parameters.ts";

const all = "/shell-descriptors";
const one = `${all}/{aasIdentifier}`;

/** IDTA-01002 v3.1.2, "Asset Administration Shell Registry Interface"; submodels' descriptors below are a file of their own. */
export function shellDescriptorOperations(entities: EntityApi | undefined): readonly OperationForm[] {
  return [
    {
      name: "GetAllAssetAdministrationShellDescriptors",
      method: "GET",
      path: all,
      query: ["assetKind", "assetType", "limit", "cursor"],
      gives: "GetAssetAdministrationShellDescriptorsResult",
      handle: async (request, { registry }) =>
        paged(
          await registry.shells.list(entryRoots(request, entities), descriptorFilter(request), pageOfRequest(request)),
        ),
    },
    {
      name: "PostAssetAdministrationShellDescriptor",
      method: "POST",
      path: all,
      takes: "AssetAdministrationShellDescriptor",
      gives: "AssetAdministrationShellDescriptor",
      handle: async (request, { registry }) => {
        const descriptor = await registry.shells.create(request.scope, await jsonBody(request));
        return created(descriptor, `${request.baseUrl}${all}/${toBase64url(descriptor.id)}`);
      },
    },
    {
      name: "GetAssetAdministrationShellDescriptorById",
      method: "GET",
      path: one,
      gives: "AssetAdministrationShellDescriptor",
      handle: async (request, { registry }) => {
        const id = identifierOf(request, "aasIdentifier");
        const { descriptor, etag } = await registry.shells.get(entryRoots(request, entities), id);
        return json(descriptor, etag);
      },
    },
    {
      name: "PutAssetAdministrationShellDescriptorById",
      method: "PUT",
      path: one,
      takes: "AssetAdministrationShellDescriptor",
      gives: "AssetAdministrationShellDescriptor",
      success: [201, 204],
      handle: async (request, { registry }) => {
        const id = identifierOf(request, "aasIdentifier");
        const body = await jsonBody(request);
        const isNew = await registry.shells.put(request.scope, id, body, expectedOf(request));
        return isNew ? created(body, `${request.baseUrl}${all}/${toBase64url(id)}`) : noContent();
      },
    },
    {
      name: "DeleteAssetAdministrationShellDescriptorById",
      method: "DELETE",
      path: one,
      handle: async (request, { registry }) => {
        await registry.shells.delete(request.scope, identifierOf(request, "aasIdentifier"), expectedOf(request));
        return noContent();
      },
    },
  ];
}
