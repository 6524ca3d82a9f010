import type { QueryPage } from "../../aas/query/query-service.ts";
import type { AasServices } from "../../aas/services/aas-services.ts";
import { defaultModifiers } from "../../aas/value-only/modifiers.ts";
import type { DocumentRow } from "../../core/document.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { jsonText } from "./answer.ts";
import { type EntityApi, entryRoots } from "./descriptor-parameters.ts";
import { jsonBody, pageOfRequest } from "./parameters.ts";

/** Far more than a query of the most conditions takes. */
const bodyLimit = 256 * 1024;

interface QueryForm {
  readonly name: string;
  readonly path: string;
  readonly gives: string;
  handle(request: ApiRequest, services: AasServices): Promise<ApiResponse>;
}

const query = (form: QueryForm): OperationForm => ({
  method: "POST",
  query: ["limit", "cursor"],
  takes: "Query",
  success: [200],
  right: "read",
  bodyLimit,
  ...form,
});

/** IDTA-01002 v3.1.2, the Query operations of repositories and registries; a query is a body in JSON. */
export const queryOperations = (entities: EntityApi | undefined): readonly OperationForm[] => [
  query({
    name: "QueryAssetAdministrationShells",
    path: "/query/shells",
    gives: "QueryResultAssetAdministrationShell",
    handle: async (request, { query: { shells } }) =>
      found(await shells(await jsonBody(request), pageOfRequest(request)), "AssetAdministrationShell", bodies),
  }),
  query({
    name: "QuerySubmodels",
    path: "/query/submodels",
    gives: "QueryResultSubmodel",
    handle: async (request, services) => {
      const page = await services.query.submodels(await jsonBody(request), pageOfRequest(request));
      return await found(page, "Submodel", (rows) => submodelTexts(rows, services));
    },
  }),
  query({
    name: "QueryConceptDescriptions",
    path: "/query/concept-descriptions",
    gives: "QueryResultConceptDescription",
    handle: async (request, { query: { concepts } }) =>
      found(await concepts(await jsonBody(request), pageOfRequest(request)), "ConceptDescription", bodies),
  }),
  query({
    name: "QueryAssetAdministrationShellDescriptors",
    path: "/query/shell-descriptors",
    gives: "QueryResultAssetAdministrationShellDescriptor",
    handle: async (request, { query: { shellDescriptors } }) => {
      const body = await jsonBody(request);
      const page = await shellDescriptors(body, entryRoots(request, entities), pageOfRequest(request));
      return await found(page, "AssetAdministrationShellDescriptor", (items) =>
        items.map((one) => JSON.stringify(one)),
      );
    },
  }),
  query({
    name: "QuerySubmodelDescriptors",
    path: "/query/submodel-descriptors",
    gives: "QueryResultSubmodelDescriptor",
    handle: async (request, { query: { submodelDescriptors } }) => {
      const body = await jsonBody(request);
      const page = await submodelDescriptors(body, entryRoots(request, entities), pageOfRequest(request));
      return await found(page, "SubmodelDescriptor", (items) => items.map((one) => JSON.stringify(one)));
    },
  }),
];

const bodies = (rows: readonly DocumentRow[]): readonly string[] => rows.map(({ body }) => body);

/** In the order of the rows, as they are read now: what was deleted since is left out. */
async function submodelTexts(rows: readonly DocumentRow[], { reader }: AasServices): Promise<readonly string[]> {
  if (rows.length === 0) return [];
  const { items } = await reader.views({ kind: "id", in: rows.map(({ id }) => id) }, { limit: rows.length });
  return items.map((view) => reader.text(view, "normal", defaultModifiers).text);
}

/** QueryResult: what was found with its type, in pages. */
async function found<T extends { readonly id: string }>(
  { items, cursor, select }: QueryPage<T>,
  type: string,
  texts: (items: readonly T[]) => Promise<readonly string[]> | readonly string[],
): Promise<ApiResponse> {
  const paging = { ...(cursor === undefined ? {} : { cursor }), resultType: select === "id" ? "Identifier" : type };
  const result = select === "id" ? items.map(({ id }) => JSON.stringify(id)) : await texts(items);
  return jsonText(`{"paging_metadata":${JSON.stringify(paging)},"result":[${result.join(",")}]}`);
}
