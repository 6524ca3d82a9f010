import type { Filter } from "../../core/filter.ts";
import type { ApiRequest } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, jsonText, noContent, paged } from "./answer.ts";
import {
  expectedOf,
  identifierOf,
  jsonBody,
  pageOfRequest,
  referenceKeyOf,
  textOf,
  toBase64url,
} from "./parameters.ts";

const one = "/concept-descriptions/{cdIdentifier}";

/** IDTA-01002 v3.1.2, "Concept Description Repository Interface". */
export const conceptOperations: readonly OperationForm[] = [
  {
    name: "GetAllConceptDescriptions",
    method: "GET",
    path: "/concept-descriptions",
    query: ["idShort", "isCaseOf", "dataSpecificationRef", "limit", "cursor"],
    gives: "GetConceptDescriptionsResult",
    handle: async (request, { concepts }) =>
      paged(await concepts.texts(filterOf(request), pageOfRequest(request)), (text) => text),
  },
  {
    name: "PostConceptDescription",
    method: "POST",
    path: "/concept-descriptions",
    takes: "ConceptDescription",
    gives: "ConceptDescription",
    handle: async (request, { concepts }) => {
      const concept = await concepts.create(request.scope, await jsonBody(request));
      return created(concept, location(request, concept.id));
    },
  },
  {
    name: "GetConceptDescriptionById",
    method: "GET",
    path: one,
    gives: "ConceptDescription",
    handle: async (request, { concepts }) => {
      const { row } = await concepts.get(identifierOf(request, "cdIdentifier"));
      return jsonText(row.body, `"${row.version}"`);
    },
  },
  {
    name: "PutConceptDescriptionById",
    method: "PUT",
    path: one,
    takes: "ConceptDescription",
    gives: "ConceptDescription",
    success: [201, 204],
    handle: async (request, { concepts }) => {
      const id = identifierOf(request, "cdIdentifier");
      const body = await jsonBody(request);
      const isNew = await concepts.put(request.scope, id, body, expectedOf(request));
      return isNew ? created(body, location(request, id)) : noContent();
    },
  },
  {
    name: "DeleteConceptDescriptionById",
    method: "DELETE",
    path: one,
    handle: async (request, { concepts }) => {
      await concepts.delete(request.scope, identifierOf(request, "cdIdentifier"), expectedOf(request));
      return noContent();
    },
  },
];

function filterOf(request: ApiRequest): Filter | undefined {
  const wishes: readonly (readonly [string, string | undefined])[] = [
    ["idShort", textOf(request, "idShort")],
    ["isCaseOf", referenceKeyOf(request, "isCaseOf")],
    ["dataSpecification", referenceKeyOf(request, "dataSpecificationRef")],
  ];
  const of = wishes.flatMap(([name, value]): Filter[] =>
    value === undefined ? [] : [{ kind: "key", name, in: [value] }],
  );
  return of.length === 0 ? undefined : { kind: "all", of };
}

function location(request: ApiRequest, id: string): string {
  return `${request.baseUrl}/concept-descriptions/${toBase64url(id)}`;
}
