import { type BulkService, bulkJob } from "../../aas/registry/bulk-service.ts";
import type { AasServices } from "../../aas/services/aas-services.ts";
import { HubError } from "../../core/errors.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { json } from "./answer.ts";
import { identifierOf, jsonBody, toBase64url } from "./parameters.ts";

const bodyLimit = 16 * 1024 * 1024;

interface BulkNames {
  readonly path: string;
  readonly takes: string;
  readonly post: string;
  readonly put: string;
  readonly delete: string;
  of(services: AasServices): BulkService;
}

/** IDTA-01002 v3.1.2, "Bulk Operations": accepted, followed by a handle, carried out whole or not at all. */
export const bulkOperations: readonly OperationForm[] = [
  ...registryBulk({
    path: "/bulk/shell-descriptors",
    takes: "AssetAdministrationShellDescriptor[]",
    post: "BulkPostAssetAdministrationShellDescriptor",
    put: "BulkPutAssetAdministrationShellDescriptorById",
    delete: "BulkDeleteAssetAdministrationShellDescriptorById",
    of: ({ registry }) => registry.bulkShells,
  }),
  ...registryBulk({
    path: "/bulk/submodel-descriptors",
    takes: "SubmodelDescriptor[]",
    post: "BulkPostSubmodel",
    put: "BulkPutSubmodelDescriptorsById",
    delete: "BulkDeleteSubmodelDescriptorsById",
    of: ({ registry }) => registry.bulkSubmodels,
  }),
  {
    name: "BulkGetAsyncStatus",
    method: "GET",
    path: "/bulk/status/{handleId}",
    gives: "BaseOperationResult",
    success: [200, 302],
    handle: async (request, { handles }) => {
      const handle = knownForm(request);
      const { state } = await bulkJob(handles, handle);
      if (state !== "running") return redirect(`${request.baseUrl}/bulk/result/${toBase64url(handle)}`);
      return { ...json({ executionState: "Running" }), headers: { "retry-after": "1" } };
    },
  },
  {
    name: "BulkGetAsyncResult",
    method: "GET",
    path: "/bulk/result/{handleId}",
    success: [204],
    handle: async (request, { handles }) => {
      const handle = identifierOf(request, "handleId");
      const job = await bulkJob(handles, handle);
      if (job.state === "failed") throw job.error;
      // Who asks too early is sent back to where the end is told.
      return job.state === "running"
        ? redirect(`${request.baseUrl}/bulk/status/${toBase64url(handle)}`)
        : { status: 204 };
    },
  },
];

/** BulkGetAsyncStatus knows no 400: a handle that cannot be one is one that never was. @throws HubError `not-found` */
function knownForm(request: ApiRequest): string {
  try {
    return identifierOf(request, "handleId");
  } catch (cause) {
    throw new HubError("not-found", "there is no such handle: it is not even base64url", { cause });
  }
}

function registryBulk(names: BulkNames): readonly OperationForm[] {
  const form = (name: string, method: "POST" | "PUT" | "DELETE", takes: string, start: Start): OperationForm => ({
    name,
    method,
    path: names.path,
    takes,
    success: [202],
    bodyLimit,
    handle: async (request, services) =>
      accepted(request, await start(names.of(services), request, await jsonBody(request))),
  });
  return [
    form(names.post, "POST", names.takes, (bulk, { scope }, body) => bulk.create(scope, body)),
    form(names.put, "PUT", names.takes, (bulk, { scope }, body) => bulk.put(scope, body)),
    form(names.delete, "DELETE", "Identifier[]", (bulk, { scope }, body) => bulk.delete(scope, body)),
  ];
}

type Start = (bulk: BulkService, request: ApiRequest, body: unknown) => Promise<string>;

function accepted({ baseUrl }: ApiRequest, handle: string): ApiResponse {
  return { status: 202, headers: { location: `${baseUrl}/bulk/status/${toBase64url(handle)}` } };
}

function redirect(location: string): ApiResponse {
  return { status: 302, headers: { location } };
}
