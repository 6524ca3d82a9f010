import { modelReference } from "../../aas/metamodel/reference.ts";
import type { Filter } from "../../core/filter.ts";
import type { ApiRequest } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, noContent, paged } from "./answer.ts";
import {
  assetKeysOf,
  expectedOf,
  identifierOf,
  jsonBody,
  pageOfRequest,
  refuseModifiers,
  textOf,
} from "./parameters.ts";
import { repositoryShell, shellUrl } from "./shell-root.ts";

const filters = ["assetIds", "idShort", "limit", "cursor"] as const;

/** IDTA-01002 v3.1.2, "Asset Administration Shell Repository Interface": all shells, new ones, and the end of one. */
export const shellListOperations: readonly OperationForm[] = [
  {
    name: "GetAllAssetAdministrationShells",
    method: "GET",
    path: "/shells",
    query: filters,
    gives: "GetAssetAdministrationShellsResult",
    handle: async (request, { shells }) =>
      paged(await shells.texts(filterOf(request), pageOfRequest(request)), (text) => text),
  },
  {
    name: "PostAssetAdministrationShell",
    method: "POST",
    path: "/shells",
    takes: "AssetAdministrationShell",
    gives: "AssetAdministrationShell",
    handle: async (request, { shells }) => {
      const shell = await shells.create(request.scope, await jsonBody(request));
      return created(shell, shellUrl(request, shell.id));
    },
  },
  {
    name: "GetAllAssetAdministrationShells-Reference",
    method: "GET",
    path: "/shells/$reference",
    query: filters,
    gives: "GetReferencesResult",
    handle: async (request, { shells }) => {
      refuseModifiers(request, "reference");
      const page = await shells.list(filterOf(request), pageOfRequest(request));
      return paged({ ...page, items: page.items.map(({ id }) => modelReference("AssetAdministrationShell", id)) });
    },
  },
  {
    name: "DeleteAssetAdministrationShellById",
    method: "DELETE",
    path: repositoryShell.path,
    handle: async (request, { shells }) => {
      await shells.delete(request.scope, identifierOf(request, "aasIdentifier"), expectedOf(request));
      return noContent();
    },
  },
];

function filterOf(request: ApiRequest): Filter | undefined {
  const idShort = textOf(request, "idShort");
  const of: Filter[] = assetKeysOf(request).map((key) => ({ kind: "key", name: "assetId", in: [key] }));
  if (idShort !== undefined) of.push({ kind: "key", name: "idShort", in: [idShort] });
  return of.length === 0 ? undefined : { kind: "all", of };
}
