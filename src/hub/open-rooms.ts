import type { Config } from "../config/load.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { EntityRenderer } from "../ngsi-ld/entity/render-entity.ts";
import { edition31 } from "../northbound/aas/edition.ts";
import { TIME_SERIES_BASE } from "../northbound/time-series/time-series-surface.ts";
import type { Stores } from "../store/contract.ts";
import type { DevicePort } from "../twin/contract.ts";
import type { Closers } from "./closers.ts";
import { eventTargets } from "./event-targets.ts";
import type { HubAddress } from "./hub-address.ts";
import type { OpenContexts } from "./open-contexts.ts";
import { openTenantRoom, type TenantRoom } from "./tenant-room.ts";
import { createTenantRooms, type TenantRooms } from "./tenant-rooms.ts";
import type { WaysOut } from "./ways-out.ts";

export interface RoomsParts extends OpenContexts {
  readonly config: Pick<Config, "aas" | "history" | "operations">;
  readonly stores: Stores;
  readonly devices: DevicePort;
  readonly renderer: EntityRenderer;
  readonly waysOut: WaysOut;
  readonly address: HubAddress;
  /** Told of each room that was opened. */
  readonly joined: (room: TenantRoom) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The rooms of all tenants that there are, open. */
export async function openRooms(parts: RoomsParts, closers: Closers): Promise<TenantRooms> {
  const { config, stores, devices, contexts, hosted, renderer, waysOut, address, joined, clock, log } = parts;
  const { maxJobs, keepResults } = config.operations;
  const jobs = { handles: { bound: maxJobs, keep: keepResults }, times: { ...config.operations, maxRunning: maxJobs } };
  const targets = eventTargets(config);
  const rooms = createTenantRooms(stores, async (tenant, store) => {
    const room = await openTenantRoom({
      tenant,
      store,
      devices,
      contexts,
      hostContext: async (context) => contexts.urlOf(await hosted.implicit(context, tenant)),
      releaseContext: (url) => hosted.release(decodeURIComponent(url.slice(url.lastIndexOf("/") + 1))),
      renderer,
      egress: waysOut.clients,
      pageInstances: config.history.pageInstances,
      brokers: waysOut.clientBrokers,
      isOwn: (url) => address.isOwn(url),
      events: { targets, channels: waysOut.operatorChannels, base: () => address.of(tenant, edition31.base) },
      timeSeriesEndpoint: () => address.of(tenant, TIME_SERIES_BASE),
      jobs,
      clock,
      log,
    });
    joined(room);
    return room;
  });
  closers.add(() => rooms.close());
  await rooms.openAll();
  return rooms;
}
