import type { OperationForm } from "./aas-operation.ts";
import { created, json, noContent, paged } from "./answer.ts";
import { entryRoots } from "./descriptor-parameters.ts";
import { expectedOf, identifierOf, jsonBody, pageOfRequest, toBase64url } from "./parameters.ts";

const all = "/submodel-descriptors";
const one = `${all}/{submodelIdentifier}`;

/** IDTA-01002 v3.1.2, "Submodel Registry Interface". */
export const submodelDescriptorOperations: readonly OperationForm[] = [
  {
    name: "GetAllSubmodelDescriptors",
    method: "GET",
    path: all,
    query: ["limit", "cursor"],
    gives: "GetSubmodelDescriptorsResult",
    handle: async (request, { registry }) =>
      paged(await registry.submodels.list(entryRoots(request), undefined, pageOfRequest(request))),
  },
  {
    name: "PostSubmodelDescriptor",
    method: "POST",
    path: all,
    takes: "SubmodelDescriptor",
    gives: "SubmodelDescriptor",
    handle: async (request, { registry }) => {
      const descriptor = await registry.submodels.create(request.scope, await jsonBody(request));
      return created(descriptor, `${request.baseUrl}${all}/${toBase64url(descriptor.id)}`);
    },
  },
  {
    name: "GetSubmodelDescriptorById",
    method: "GET",
    path: one,
    gives: "SubmodelDescriptor",
    handle: async (request, { registry }) => {
      const id = identifierOf(request, "submodelIdentifier");
      const { descriptor, etag } = await registry.submodels.get(entryRoots(request), id);
      return json(descriptor, etag);
    },
  },
  {
    name: "PutSubmodelDescriptorById",
    method: "PUT",
    path: one,
    takes: "SubmodelDescriptor",
    gives: "SubmodelDescriptor",
    success: [201, 204],
    handle: async (request, { registry }) => {
      const id = identifierOf(request, "submodelIdentifier");
      const body = await jsonBody(request);
      const isNew = await registry.submodels.put(request.scope, id, body, expectedOf(request));
      return isNew ? created(body, `${request.baseUrl}${all}/${toBase64url(id)}`) : noContent();
    },
  },
  {
    name: "DeleteSubmodelDescriptorById",
    method: "DELETE",
    path: one,
    handle: async (request, { registry }) => {
      await registry.submodels.delete(request.scope, identifierOf(request, "submodelIdentifier"), expectedOf(request));
      return noContent();
    },
  },
];
