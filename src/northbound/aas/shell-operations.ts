import { modelReference } from "../../aas/metamodel/reference.ts";
import type { Shell } from "../../aas/metamodel/types.ts";
import type { AasServices } from "../../aas/services/aas-services.ts";
import { pageOf } from "../../aas/services/paging.ts";
import { referredSubmodel } from "../../aas/services/shell-kind.ts";
import type { Filter } from "../../core/filter.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, json, noContent, paged } from "./answer.ts";
import {
  assetKeysOf,
  expectedOf,
  identifierOf,
  jsonBody,
  pageOfRequest,
  refuseModifiers,
  textOf,
  toBase64url,
} from "./parameters.ts";

const one = "/shells/{aasIdentifier}";
const filters = ["assetIds", "idShort", "limit", "cursor"] as const;

/** IDTA-01002 v3.1.2, "Asset Administration Shell Repository Interface" and "Asset Administration Shell Interface". */
export const shellOperations: readonly OperationForm[] = [
  {
    name: "GetAllAssetAdministrationShells",
    method: "GET",
    path: "/shells",
    query: filters,
    gives: "GetAssetAdministrationShellsResult",
    handle: async (request, services) => paged(await listed(request, services)),
  },
  {
    name: "PostAssetAdministrationShell",
    method: "POST",
    path: "/shells",
    takes: "AssetAdministrationShell",
    gives: "AssetAdministrationShell",
    handle: async (request, { shells }) => {
      const shell = await shells.create(request.scope, await jsonBody(request));
      return created(shell, location(request, shell.id));
    },
  },
  {
    name: "GetAllAssetAdministrationShells-Reference",
    method: "GET",
    path: "/shells/$reference",
    query: filters,
    gives: "GetReferencesResult",
    handle: async (request, services) => {
      refuseModifiers(request, "reference");
      const page = await listed(request, services);
      return paged({ ...page, items: page.items.map(({ id }) => modelReference("AssetAdministrationShell", id)) });
    },
  },
  {
    name: "GetAssetAdministrationShellById",
    method: "GET",
    path: one,
    gives: "AssetAdministrationShell",
    handle: async (request, services) => await read(request, services, (shell) => shell),
  },
  {
    name: "PutAssetAdministrationShellById",
    method: "PUT",
    path: one,
    takes: "AssetAdministrationShell",
    gives: "AssetAdministrationShell",
    success: [201, 204],
    handle: async (request, { shells }) => {
      const id = identifierOf(request, "aasIdentifier");
      const body = await jsonBody(request);
      const isNew = await shells.put(request.scope, id, body, expectedOf(request));
      return isNew ? created(body, location(request, id)) : noContent();
    },
  },
  {
    name: "DeleteAssetAdministrationShellById",
    method: "DELETE",
    path: one,
    handle: async (request, { shells }) => {
      await shells.delete(request.scope, identifierOf(request, "aasIdentifier"), expectedOf(request));
      return noContent();
    },
  },
  {
    name: "GetAssetAdministrationShellById-Reference",
    method: "GET",
    path: `${one}/$reference`,
    gives: "Reference",
    handle: async (request, services) => {
      refuseModifiers(request, "reference");
      return await read(request, services, ({ id }) => modelReference("AssetAdministrationShell", id));
    },
  },
  {
    name: "GetAssetInformation",
    method: "GET",
    path: `${one}/asset-information`,
    gives: "AssetInformation",
    handle: async (request, services) => await read(request, services, (shell) => shell.assetInformation),
  },
  {
    name: "PutAssetInformation",
    method: "PUT",
    path: `${one}/asset-information`,
    takes: "AssetInformation",
    handle: async (request, { shells }) => {
      const id = identifierOf(request, "aasIdentifier");
      await shells.putAssetInformation(request.scope, id, await jsonBody(request), expectedOf(request));
      return noContent();
    },
  },
  {
    name: "GetAllSubmodelReferences",
    method: "GET",
    path: `${one}/submodel-refs`,
    query: ["limit", "cursor"],
    gives: "GetReferencesResult",
    handle: async (request, { shells }) => {
      const { value } = await shells.get(identifierOf(request, "aasIdentifier"));
      return paged(pageOf(value.submodels ?? [], pageOfRequest(request)));
    },
  },
  {
    name: "PostSubmodelReference",
    method: "POST",
    path: `${one}/submodel-refs`,
    takes: "Reference",
    gives: "Reference",
    handle: async (request, { shells }) => {
      const id = identifierOf(request, "aasIdentifier");
      const reference = await shells.addReference(request.scope, id, await jsonBody(request));
      const submodel = toBase64url(referredSubmodel(reference) ?? "");
      return created(reference, `${location(request, id)}/submodel-refs/${submodel}`);
    },
  },
  {
    name: "DeleteSubmodelReference",
    method: "DELETE",
    path: `${one}/submodel-refs/{submodelIdentifier}`,
    handle: async (request, { shells }) => {
      const submodel = identifierOf(request, "submodelIdentifier");
      await shells.removeReference(request.scope, identifierOf(request, "aasIdentifier"), submodel);
      return noContent();
    },
  },
];

async function read(
  request: ApiRequest,
  { shells }: AasServices,
  view: (shell: Shell) => unknown,
): Promise<ApiResponse> {
  const { row, value } = await shells.get(identifierOf(request, "aasIdentifier"));
  return json(view(value), `"${row.version}"`);
}

async function listed(request: ApiRequest, { shells }: AasServices): ReturnType<AasServices["shells"]["list"]> {
  const idShort = textOf(request, "idShort");
  const of: Filter[] = assetKeysOf(request).map((key) => ({ kind: "key", name: "assetId", in: [key] }));
  if (idShort !== undefined) of.push({ kind: "key", name: "idShort", in: [idShort] });
  return await shells.list(of.length === 0 ? undefined : { kind: "all", of }, pageOfRequest(request));
}

function location(request: ApiRequest, id: string): string {
  return `${request.baseUrl}/shells/${toBase64url(id)}`;
}
