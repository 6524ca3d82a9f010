import { HubError } from "../core/errors.ts";
import type { NgsiLdRoom } from "../northbound/ngsi-ld/room.ts";
import type { TenantRoom } from "./tenant-room.ts";
import type { TenantRooms } from "./tenant-rooms.ts";

/** The tenants' rooms as requests enter them. */
export interface RoomsForClients {
  /** @throws HubError `unknown-tenant`; `overloaded` while the hub is starting */
  of(tenant: string): TenantRoom;
  /** @param creates whether the request may make the tenant, where the configuration lets it */
  ngsiLd(tenant: string, creates?: boolean): Promise<NgsiLdRoom>;
}

/** Before the mappings run, a linked leaf would look like any other: nothing is read or written until then. */
export function roomsForClients(
  rooms: Pick<TenantRooms, "find" | "makeImplicit">,
  { isReady, implicit }: { readonly isReady: () => boolean; readonly implicit: boolean },
): RoomsForClients {
  const of = (tenant: string): TenantRoom => {
    if (isReady()) return rooms.find(tenant);
    throw new HubError("overloaded", "the hub is starting: its mappings are not running yet", { retryAfter: 1 });
  };
  return {
    of,
    async ngsiLd(tenant, creates = false) {
      if (isReady() && creates && implicit) await rooms.makeImplicit(tenant);
      return of(tenant).ngsiLd;
    },
  };
}
