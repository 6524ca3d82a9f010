import type { Surface } from "../operation-types.ts";
import { defineOperations, type ServicesOf } from "./aas-operation.ts";
import { conceptOperations } from "./concept-operations.ts";
import { descriptionOperation } from "./description-operation.ts";
import { elementListOperations } from "./element-list-operations.ts";
import { elementOperations } from "./element-operations.ts";
import { renderError } from "./error-envelope.ts";
import { openApiOf } from "./openapi.ts";
import { shellOperations } from "./shell-operations.ts";
import { submodelListOperations } from "./submodel-list-operations.ts";
import { submodelOperations } from "./submodel-operations.ts";
import { repositoryRoot, shellRoot } from "./submodel-root.ts";

export interface AasSurfaceParts {
  readonly services: ServicesOf;
  /** `/api/v3.1` by default. */
  readonly base?: string;
}

/** The AAS API (IDTA-01002 v3.1.2). Tenants by path: `/tenants/{tenant}` before the base. */
export function createAasSurface({ services, base = "/api/v3.1" }: AasSurfaceParts): Surface {
  const operations = defineOperations(services, [
    ...shellOperations,
    ...submodelListOperations,
    ...[repositoryRoot, shellRoot].flatMap((root) => [
      ...submodelOperations(root),
      ...elementListOperations(root),
      ...elementOperations(root),
    ]),
    ...conceptOperations,
    descriptionOperation,
  ]);
  return {
    name: "AAS API",
    base,
    tenantInPath: true,
    operations,
    tenantOf: () => "default",
    renderError,
    openapi: () => openApiOf(operations, base),
  };
}
