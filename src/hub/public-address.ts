import type { EntryRoots } from "../aas/registry/entry-roots.ts";
import { type EntityApi, rootsOf } from "../northbound/aas/descriptor-parameters.ts";
import { NGSI_LD_BASE } from "../northbound/ngsi-ld/surface.ts";

/** The NGSI-LD API to which the AAS API's registry points. */
export const entityApi: EntityApi = { version: "1.9", base: NGSI_LD_BASE };

/** What stands before an API's base for a tenant whose name goes into the path. */
export const tenantPath = (tenant: string): string =>
  tenant === "default" ? "" : `/tenants/${encodeURIComponent(tenant)}`;

/** Where clients reach what a tenant holds. @param base the hub's own, as clients see it */
export function publicRoots(base: string, tenant: string): EntryRoots {
  return rootsOf(`${base.replace(/\/+$/, "")}${tenantPath(tenant)}`, tenant, entityApi);
}
