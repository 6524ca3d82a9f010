import type { ApiRequest } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, json, noContent, paged } from "./answer.ts";
import { entryRoots } from "./descriptor-parameters.ts";
import { expectedOf, identifierOf, jsonBody, pageOfRequest, toBase64url } from "./parameters.ts";

const all = "/shell-descriptors/{aasIdentifier}/submodel-descriptors";
const one = `${all}/{submodelIdentifier}`;

/** IDTA-01002 v3.1.2, "Submodel Registry Interface" by superpath: within the descriptor of one shell. */
export const nestedDescriptorOperations: readonly OperationForm[] = [
  {
    name: "GetAllSubmodelDescriptorsThroughSuperpath",
    method: "GET",
    path: all,
    query: ["limit", "cursor"],
    gives: "GetSubmodelDescriptorsResult",
    handle: async (request, { registry }) =>
      paged(await registry.nested.list(entryRoots(request), shellOf(request), pageOfRequest(request))),
  },
  {
    name: "PostSubmodelDescriptor-ThroughSuperpath",
    method: "POST",
    path: all,
    takes: "SubmodelDescriptor",
    gives: "SubmodelDescriptor",
    handle: async (request, { registry }) => {
      const descriptor = await registry.nested.create(request.scope, shellOf(request), await jsonBody(request));
      return created(descriptor, location(request, descriptor.id));
    },
  },
  {
    name: "GetSubmodelDescriptorByIdThroughSuperpath",
    method: "GET",
    path: one,
    gives: "SubmodelDescriptor",
    handle: async (request, { registry }) => {
      const submodel = identifierOf(request, "submodelIdentifier");
      const { descriptor, etag } = await registry.nested.get(entryRoots(request), shellOf(request), submodel);
      return json(descriptor, etag);
    },
  },
  {
    name: "PutSubmodelDescriptorByIdThroughSuperpath",
    method: "PUT",
    path: one,
    takes: "SubmodelDescriptor",
    gives: "SubmodelDescriptor",
    success: [201, 204],
    handle: async (request, { registry }) => {
      const shell = shellOf(request);
      const id = identifierOf(request, "submodelIdentifier");
      const body = await jsonBody(request);
      const isNew = await registry.nested.put(request.scope, shell, id, body, expectedOf(request));
      return isNew ? created(body, location(request, id)) : noContent();
    },
  },
  {
    name: "DeleteSubmodelDescriptorByIdThroughSuperpath",
    method: "DELETE",
    path: one,
    handle: async (request, { registry }) => {
      const submodel = identifierOf(request, "submodelIdentifier");
      await registry.nested.delete(request.scope, shellOf(request), submodel, expectedOf(request));
      return noContent();
    },
  },
];

const shellOf = (request: ApiRequest): string => identifierOf(request, "aasIdentifier");

function location(request: ApiRequest, submodel: string): string {
  const shell = toBase64url(shellOf(request));
  return `${request.baseUrl}/shell-descriptors/${shell}/submodel-descriptors/${toBase64url(submodel)}`;
}
