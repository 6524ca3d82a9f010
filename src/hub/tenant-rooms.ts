import { HubError } from "../core/errors.ts";
import type { Stores } from "../store/contract.ts";
import { forEachRoom } from "./each-room.ts";
import type { RoomFigures } from "./figures.ts";
import type { TenantRoom } from "./tenant-room.ts";

/** The open rooms of all tenants. */
export interface TenantRooms {
  /** Opens all tenants that exist. */
  openAll(): Promise<void>;
  /** @throws HubError `unknown-tenant` */
  find(tenant: string): TenantRoom;
  /** Opens it, made where it is new. */
  make(tenant: string): Promise<TenantRoom>;
  /** Likewise for a client's write; a bounded number of tenants. @throws HubError `overloaded` */
  makeImplicit(tenant: string): Promise<TenantRoom>;
  readonly all: readonly TenantRoom[];
  /** Of the rooms that can say something: a damaged store does not silence the others. */
  figures(): Promise<readonly RoomFigures[]>;
  close(): Promise<void>;
}

/** Each tenant has a file and a thread of its own, and any client can name one. */
const mostImplicitTenants = 64;

export function createTenantRooms(
  stores: Stores,
  open: (tenant: string, store: Awaited<ReturnType<Stores["open"]>>) => Promise<TenantRoom>,
): TenantRooms {
  const rooms = new Map<string, TenantRoom>();
  const opening = new Map<string, Promise<TenantRoom>>();

  function make(tenant: string): Promise<TenantRoom> {
    const known = opening.get(tenant);
    if (known !== undefined) return known;
    const room = (async () => {
      const made = await open(tenant, await stores.open(tenant, { create: true }));
      rooms.set(tenant, made);
      return made;
    })();
    opening.set(tenant, room);
    // One that did not open may be tried again, e.g. when there is space.
    room.catch(() => opening.delete(tenant));
    return room;
  }

  return {
    async openAll() {
      for (const tenant of await stores.tenants()) await make(tenant);
    },
    find(tenant) {
      const room = rooms.get(tenant);
      if (room !== undefined) return room;
      throw new HubError("unknown-tenant", `there is no tenant ${tenant}`);
    },
    make,
    async makeImplicit(tenant) {
      if (!opening.has(tenant) && opening.size >= mostImplicitTenants) {
        throw new HubError("overloaded", `there are ${mostImplicitTenants} tenants already: no write makes another`);
      }
      return make(tenant);
    },
    get all() {
      return [...rooms.values()];
    },
    async figures() {
      const told = await Promise.allSettled([...rooms.values()].map((room) => room.figures()));
      return told.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    },
    async close() {
      await Promise.allSettled(opening.values());
      await forEachRoom([...rooms.values()], (room) => room.close());
    },
  };
}
