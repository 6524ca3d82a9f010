import type { Config } from "../config/load.ts";
import type { Clock } from "../core/time.ts";
import type { HubMetrics } from "../metrics/hub-metrics.ts";
import type { EntityRenderer } from "../ngsi-ld/entity/render-entity.ts";
import { createAasSurface, createTemplatesSurface } from "../northbound/aas/aas-surface.ts";
import { edition30, edition31 } from "../northbound/aas/edition.ts";
import { createAdminSurface } from "../northbound/admin/admin-surface.ts";
import type { AdminPorts } from "../northbound/admin/ports.ts";
import { createSystemSurface } from "../northbound/admin/system-surface.ts";
import { loadStartPage } from "../northbound/console/start-page.ts";
import { createNgsiLdSurface } from "../northbound/ngsi-ld/surface.ts";
import type { Surface } from "../northbound/operation-types.ts";
import { createTimeSeriesSurface } from "../northbound/time-series/time-series-surface.ts";
import type { OpenContexts } from "./open-contexts.ts";
import { entityApi } from "./public-address.ts";
import type { RoomsForClients } from "./rooms-for-clients.ts";
import { readVersion } from "./version.ts";

export interface SurfaceParts extends OpenContexts {
  readonly aas: Config["aas"];
  readonly rooms: RoomsForClients;
  readonly renderer: EntityRenderer;
  readonly admin: AdminPorts;
  readonly metrics: HubMetrics;
  /** What the hub still waits for before it is ready. */
  readonly missing: () => readonly string[];
  readonly clock: Clock;
}

/** Everything that the hub's one port serves. */
export async function createSurfaces(parts: SurfaceParts): Promise<readonly Surface[]> {
  const { aas, rooms, contexts, hosted, renderer, admin, metrics, missing, clock } = parts;
  const { fileLimit } = aas;
  return [
    ...[edition31, edition30].flatMap((edition) => [
      createAasSurface({
        services: (tenant) => rooms.of(tenant).aas,
        edition,
        served: aas,
        fileLimit,
        entities: entityApi,
      }),
      createTemplatesSurface({ services: (tenant) => rooms.of(tenant).templates, edition, fileLimit }),
    ]),
    createNgsiLdSurface({ contexts, hosted, renderer, room: rooms.ngsiLd }),
    createTimeSeriesSurface({
      room: (tenant) => ({ catalog: rooms.of(tenant).aas.histories, series: rooms.of(tenant).store.series }),
      now: () => clock.now(),
    }),
    createAdminSurface(admin),
    createSystemSurface({ version: await readVersion(), metrics, page: await loadStartPage(), missing }),
  ];
}
