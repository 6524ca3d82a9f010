import type { Surface } from "../operation-types.ts";
import { problemDetails } from "../problem-details.ts";
import { adminJson } from "./admin-json.ts";
import { openApiOf } from "./admin-openapi.ts";
import { type AdminOperation, change, look } from "./admin-operation.ts";
import { importOperation } from "./import-operation.ts";
import type { AdminPorts, TenantReport } from "./ports.ts";
import { registryOperations } from "./registry-operations.ts";
import { sourceOperations } from "./source-operations.ts";

const base = "/admin";

/** What an operator sees and does: sources, certificates, mappings, tenants, outside registries. */
export function createAdminSurface(ports: AdminPorts): Surface {
  const operations = [
    ...sourceOperations(ports),
    ...mappingOperations(ports),
    ...tenantOperations(ports),
    ...registryOperations(ports),
    importOperation(ports),
  ];
  return {
    name: "admin",
    base,
    ofWholeHub: true,
    operations,
    tenantOf: () => "default",
    renderError: (error, { requestId }) => problemDetails(error, requestId),
    openapi: () => openApiOf(operations, base, "Twinweave: administration"),
  };
}

function mappingOperations({ mappings }: AdminPorts): readonly AdminOperation[] {
  return [
    look("GetMappings", "/mappings", "Mapping files, what runs of them, and every problem with its line", (request) =>
      adminJson(mappings.report(), request),
    ),
    change("ReloadMappings", "/mappings/reload", "Read the mapping files again and run what changed", async (request) =>
      adminJson(await mappings.reload(), request),
    ),
  ];
}

function tenantOperations({ tenants }: AdminPorts): readonly AdminOperation[] {
  return [
    look("GetTenants", "/tenants", "What each tenant's twin, store and outbox say of themselves", async (request) =>
      adminJson({ tenants: (await tenants.all()).map(spoken) }, request),
    ),
  ];
}

/** An error as data, without its stack. */
function spoken({ twin, ...rest }: TenantReport): unknown {
  const { refusal, ...figures } = twin;
  if (refusal === undefined) return { ...rest, twin: figures };
  return { ...rest, twin: { ...figures, refusal: { code: refusal.code, message: refusal.message } } };
}
