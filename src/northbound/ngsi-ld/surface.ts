import { HubError } from "../../core/errors.ts";
import { systemClock } from "../../core/time.ts";
import { EntityMaps } from "../../ngsi-ld/entity-map/entity-maps.ts";
import type { Surface } from "../operation-types.ts";
import { tenantHeader } from "./answer.ts";
import { attributeOperations } from "./attribute-operations.ts";
import { batchOperations } from "./batch-operations.ts";
import { contextOperations } from "./context-operations.ts";
import { discoveryOperations } from "./discovery-operations.ts";
import { entityMapOperations } from "./entity-map-operations.ts";
import { entityOperations } from "./entity-operations.ts";
import { identityOperation } from "./identity-operation.ts";
import { openapiOf } from "./openapi.ts";
import { problemResponse } from "./problem.ts";
import { purgeOperation } from "./purge-operation.ts";
import { queryOperations } from "./query-operations.ts";
import type { NgsiLdParts } from "./room.ts";
import { subscriptionOperations } from "./subscription-operations.ts";
import { temporalMapOperations } from "./temporal-map-operations.ts";
import { temporalOperations } from "./temporal-operations.ts";
import { temporalQueryOperations } from "./temporal-query-operations.ts";

export const NGSI_LD_BASE = "/ngsi-ld/v1";
const DEFAULT_TENANT = "default";
const TENANT_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The NGSI-LD API (ETSI GS CIM 009 v1.9.1, 6.2) over the tenants' rooms. */
export function createNgsiLdSurface(parts: NgsiLdParts): Surface {
  const maps = new EntityMaps(systemClock);
  const operations = [
    ...entityOperations(parts, maps),
    ...queryOperations(parts, maps),
    ...entityMapOperations(parts, maps),
    purgeOperation(parts),
    ...attributeOperations(parts),
    ...batchOperations(parts),
    ...temporalOperations(parts),
    ...temporalQueryOperations(parts, maps),
    ...temporalMapOperations(parts, maps),
    ...discoveryOperations(parts),
    ...subscriptionOperations(parts),
    ...contextOperations(parts),
    identityOperation(parts, systemClock.now()),
  ];
  return {
    name: "ngsi-ld",
    base: NGSI_LD_BASE,
    operations,
    emptyParameters: true,
    /** 4.14, 6.3.14: the header, or the default tenant. */
    tenantOf(headers) {
      const tenant = headers["ngsild-tenant"];
      if (tenant === undefined) return DEFAULT_TENANT;
      if (TENANT_NAME.test(tenant)) return tenant;
      throw new HubError("unknown-tenant", "a tenant's name has up to 64 letters, digits, _ and -");
    },
    renderError: (error, request) => problemResponse(error, tenantHeader(request.headers)),
    openapi: () => openapiOf(NGSI_LD_BASE, operations),
  };
}
