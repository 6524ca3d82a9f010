import type { Surface } from "../operation-types.ts";
import { defineOperations, type OperationForm, type ServicesOf } from "./aas-operation.ts";
import { bulkOperations } from "./bulk-operations.ts";
import { conceptOperations } from "./concept-operations.ts";
import { descriptionOperation } from "./description-operation.ts";
import type { EntityApi } from "./descriptor-parameters.ts";
import { type Edition, edition31 } from "./edition.ts";
import { renderError } from "./error-envelope.ts";
import { invokeOperations } from "./invoke-operations.ts";
import { lookupOperations } from "./lookup-operations.ts";
import { nestedDescriptorOperations } from "./nested-descriptor-operations.ts";
import { officialName } from "./official-names.ts";
import { openApiOf } from "./openapi.ts";
import { packageOperations } from "./package-operations.ts";
import { queryOperations } from "./query-operations.ts";
import { serializationOperation } from "./serialization-operation.ts";
import type { Served } from "./served-one.ts";
import { shellDescriptorOperations } from "./shell-descriptor-operations.ts";
import { shellListOperations } from "./shell-list-operations.ts";
import { repositoryShell, serviceShell } from "./shell-root.ts";
import { shellTree } from "./shell-tree.ts";
import { submodelDescriptorOperations } from "./submodel-descriptor-operations.ts";
import { submodelListOperations } from "./submodel-list-operations.ts";
import { repositoryRoot, serviceRoot, serviceShellRoot, shellRoot } from "./submodel-root.ts";
import { submodelTree } from "./submodel-tree.ts";

const defaultFileLimit = 256 * 1024 * 1024;

export interface AasSurfaceParts {
  readonly services: ServicesOf;
  /** `edition31`, at `/api/v3.1`, by default. */
  readonly edition?: Edition;
  /** What `/aas` and `/submodel` speak of. */
  readonly served?: Served;
  /** Bytes of an attachment, a thumbnail or a package; 256 MiB by default. */
  readonly fileLimit?: number;
  /** The NGSI-LD API beside it, to which descriptors of shells point. */
  readonly entities?: EntityApi;
}

/** The AAS API (IDTA-01002) in one of its editions. Tenants by path: `/tenants/{tenant}` before the base. */
export function createAasSurface({
  services,
  edition = edition31,
  served = {},
  fileLimit = defaultFileLimit,
  entities,
}: AasSurfaceParts): Surface {
  const shellRoots = [repositoryShell, serviceShell(served.shell)];
  const submodelRoots = [repositoryRoot, shellRoot, serviceShellRoot(served.shell), serviceRoot(served.submodel)];
  const forms: readonly OperationForm[] = [
    ...shellListOperations,
    ...shellRoots.flatMap((root) => shellTree(root, fileLimit)),
    ...submodelListOperations(edition),
    ...submodelRoots.flatMap((root) => submodelTree(root, edition, fileLimit)),
    ...submodelRoots.flatMap(invokeOperations),
    ...conceptOperations,
    serializationOperation(edition),
    ...shellDescriptorOperations(entities),
    ...nestedDescriptorOperations,
    ...submodelDescriptorOperations,
    ...bulkOperations,
    ...lookupOperations,
    ...packageOperations(fileLimit),
    ...queryOperations(entities),
  ];
  return aasSurface(services, edition, edition, [...forms, descriptionOperation(forms)]);
}

/**
 * Submodel templates at a base of their own, `/templates` before the edition's: a service of the template profiles
 * neither holds nor takes anything else (AASa-003, AASa-004).
 * @param services those of `createTemplateServices`
 */
export function createTemplatesSurface({
  services,
  edition = edition31,
  fileLimit = defaultFileLimit,
}: AasSurfaceParts): Surface {
  const forms: readonly OperationForm[] = [
    ...submodelListOperations(edition),
    ...submodelTree(repositoryRoot, edition, fileLimit),
    serializationOperation(edition),
  ];
  const place = { name: `${edition.name}: templates`, base: `/templates${edition.base}` };
  return aasSurface(services, edition, place, [...forms, descriptionOperation(forms, true)]);
}

function aasSurface(
  services: ServicesOf,
  edition: Edition,
  { name, base }: Pick<Surface, "name" | "base">,
  forms: readonly OperationForm[],
): Surface {
  const named = forms.map((form) => ({ ...form, name: officialName(form) }));
  const operations = defineOperations(services, named);
  return {
    name,
    base,
    tenantInPath: true,
    operations,
    tenantOf: () => "default",
    renderError,
    openapi: () => openApiOf(operations, { ...edition, base }),
  };
}
