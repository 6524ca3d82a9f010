import type { Surface } from "../operation-types.ts";
import { defineOperations, type ServicesOf } from "./aas-operation.ts";
import { conceptOperations } from "./concept-operations.ts";
import { descriptionOperation } from "./description-operation.ts";
import { type Edition, edition31 } from "./edition.ts";
import { elementListOperations } from "./element-list-operations.ts";
import { elementOperations } from "./element-operations.ts";
import { renderError } from "./error-envelope.ts";
import { openApiOf } from "./openapi.ts";
import { serializationOperation } from "./serialization-operation.ts";
import { shellOperations } from "./shell-operations.ts";
import { submodelListOperations } from "./submodel-list-operations.ts";
import { submodelOperations } from "./submodel-operations.ts";
import { repositoryRoot, shellRoot } from "./submodel-root.ts";

export interface AasSurfaceParts {
  readonly services: ServicesOf;
  /** `edition31`, at `/api/v3.1`, by default. */
  readonly edition?: Edition;
}

/** The AAS API (IDTA-01002) in one of its editions. Tenants by path: `/tenants/{tenant}` before the base. */
export function createAasSurface({ services, edition = edition31 }: AasSurfaceParts): Surface {
  const operations = defineOperations(services, [
    ...shellOperations,
    ...submodelListOperations(edition),
    ...[repositoryRoot, shellRoot].flatMap((root) => [
      ...submodelOperations(root),
      ...elementListOperations(root, edition),
      ...elementOperations(root, edition),
    ]),
    ...conceptOperations,
    serializationOperation,
    descriptionOperation,
  ]);
  return {
    name: edition.name,
    base: edition.base,
    tenantInPath: true,
    operations,
    tenantOf: () => "default",
    renderError,
    openapi: () => openApiOf(operations, edition),
  };
}
