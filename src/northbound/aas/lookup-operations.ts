import { assetKey } from "../../aas/services/shell-kind.ts";
import { isObject } from "../../aas/validation/check.ts";
import { at } from "../../aas/validation/report.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import type { ApiRequest } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, json, noContent, paged } from "./answer.ts";
import { assetKeysOf, identifierOf, jsonBody, pageOfRequest, toBase64url } from "./parameters.ts";

const one = "/lookup/shells/{aasIdentifier}";
/** Asset links that one search may name: each is a look-up. */
const mostLinks = 100;

/** IDTA-01002 v3.1.2, "Asset Administration Shell Basic Discovery Interface". */
export const lookupOperations: readonly OperationForm[] = [
  {
    name: "GetAllAssetAdministrationShellIdsByAssetLink",
    method: "GET",
    path: "/lookup/shells",
    query: ["assetIds", "limit", "cursor"],
    gives: "GetShellIdsResult",
    handle: async (request, { discovery }) =>
      paged(await discovery.find(bounded(assetKeysOf(request)), pageOfRequest(request))),
  },
  {
    name: "SearchAllAssetAdministrationShellIdsByAssetLink",
    method: "POST",
    path: "/lookup/shellsByAssetLink",
    query: ["limit", "cursor"],
    takes: "AssetLink[]",
    gives: "GetShellIdsResult",
    success: [200],
    right: "read",
    handle: async (request, { discovery }) => {
      const keys = searchedKeys(await jsonBody(request));
      return paged(await discovery.find(bounded(keys), pageOfRequest(request)));
    },
  },
  {
    name: "GetAllAssetLinksById",
    method: "GET",
    path: one,
    gives: "SpecificAssetId[]",
    handle: async (request, { discovery }) => json(await discovery.links(shellOf(request))),
  },
  {
    name: "PostAllAssetLinksById",
    method: "POST",
    path: one,
    takes: "SpecificAssetId[]",
    gives: "SpecificAssetId[]",
    handle: async (request, { discovery }) => {
      const id = shellOf(request);
      const links = await discovery.put(request.scope, id, await jsonBody(request));
      return created(links, `${request.baseUrl}/lookup/shells/${toBase64url(id)}`);
    },
  },
  {
    name: "DeleteAllAssetLinksById",
    method: "DELETE",
    path: one,
    handle: async (request, { discovery }) => {
      await discovery.delete(request.scope, shellOf(request));
      return noContent();
    },
  },
];

const shellOf = (request: ApiRequest): string => identifierOf(request, "aasIdentifier");

/** A list of AssetLinks as keys. @throws HubError `invalid` */
function searchedKeys(body: unknown): readonly string[] {
  const problems: Problem[] = [];
  const expected = '{"name": "globalAssetId", "value": "…"}';
  if (!Array.isArray(body)) {
    problems.push({ place: "", message: "no array", expected: `an array of ${expected}` });
  }
  const keys = (Array.isArray(body) ? (body as readonly unknown[]) : []).flatMap((link, index) => {
    if (isObject(link) && isText(link.name, 64) && isText(link.value, 2048)) {
      const unknown = Object.keys(link).find((member) => member !== "name" && member !== "value");
      if (unknown === undefined) return [assetKey(link.name, link.value)];
      problems.push({ place: at(at("", index), unknown), message: `AssetLink has no member "${unknown}"`, expected });
    } else problems.push({ place: at("", index), message: "no AssetLink", expected });
    return [];
  });
  if (problems.length > 0)
    throw new HubError("invalid", "the search is not valid", { problems: problems.slice(0, 100) });
  return keys;
}

const isText = (value: unknown, longest: number): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= longest;

function bounded(keys: readonly string[]): readonly string[] {
  if (keys.length <= mostLinks) return keys;
  throw new HubError("malformed", `a search names at most ${mostLinks} asset links, not ${keys.length}`);
}
