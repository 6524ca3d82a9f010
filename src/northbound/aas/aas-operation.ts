import type { AasServices } from "../../aas/services/aas-services.ts";
import type { Right } from "../../core/scope.ts";
import type { ApiRequest, ApiResponse, Method, Operation } from "../operation-types.ts";

export type QueryParameter =
  | "aasId"
  | "aasIds"
  | "assetIds"
  | "assetKind"
  | "assetType"
  | "cursor"
  | "dataSpecificationRef"
  | "extent"
  | "idShort"
  | "includeConceptDescriptions"
  | "isCaseOf"
  | "level"
  | "limit"
  | "semanticId"
  | "submodelIds";

/** An operation with what its OpenAPI description is made from. */
export interface AasOperation extends Operation {
  readonly query: readonly QueryParameter[];
  /** Schema of the body and of the answer, by the names of IDTA's OpenAPI. */
  readonly takes?: string;
  readonly gives?: string;
  /** Instead of JSON: the parts of a form whose `file` is one, and a file as the answer. */
  readonly takesForm?: readonly string[];
  readonly givesFile?: true;
  /** Media types beside JSON in which the answer can be had. */
  readonly givesTypes?: readonly string[];
  /** Status codes of success. */
  readonly success: readonly number[];
}

/** The services of the tenant that is asked. @throws HubError `unknown-tenant` */
export type ServicesOf = (tenant: string) => Promise<AasServices> | AasServices;

export interface OperationForm {
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly query?: readonly QueryParameter[];
  readonly takes?: string;
  readonly gives?: string;
  readonly takesForm?: readonly string[];
  readonly givesFile?: true;
  readonly givesTypes?: readonly string[];
  readonly success?: readonly number[];
  /** Where the method does not say it: a POST that only searches. */
  readonly right?: Right;
  /** Bytes; default 4 MiB. */
  readonly bodyLimit?: number;
  handle(request: ApiRequest, services: AasServices): Promise<ApiResponse> | ApiResponse;
}

/** Makes operations of a tenant's services: clause, right and usual codes follow from name and method. */
export function defineOperations(servicesOf: ServicesOf, forms: readonly OperationForm[]): readonly AasOperation[] {
  return forms.map(({ handle, ...form }) => ({
    query: [],
    success: [form.method === "GET" ? 200 : form.method === "POST" ? 201 : 204],
    right: form.method === "GET" ? "read" : "write",
    ...form,
    clause: `IDTA-01002 v3.1.2, ${form.name}`,
    handle: async (request) => await handle(request, await servicesOf(request.scope.tenant)),
  }));
}
