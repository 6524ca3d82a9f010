import { randomUUID } from "node:crypto";
import type { Clock } from "../../core/time.ts";

/** Which entities a sequence of requests is about (CIM 009 4.5.25, 5.2.39, 5.5.14). */
export interface EntityMap {
  readonly id: string;
  readonly tenant: string;
  /** In their order. */
  readonly entities: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const DEFAULT_LIFETIME = 300_000;
const LONGEST_LIFETIME = 3_600_000;
/** Of all maps together: about 100 MB. The oldest give way, which the standard allows: whoever refers to one gets a new one. */
const MOST_IDS = 1_000_000;
const MOST_MAPS = 1_000;

/** The most that one map may hold. */
export const LARGEST_MAP = 100_000;

/** Entity maps of all tenants, in memory: they are a cache that ends with its time, or with the hub. */
export class EntityMaps {
  readonly #clock: Clock;
  readonly #maps = new Map<string, EntityMap>();
  #ids = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param lifetime wished, in ms; the hub bounds it */
  add(tenant: string, entities: readonly string[], lifetime: number = DEFAULT_LIFETIME): EntityMap {
    const id = `urn:ngsi-ld:EntityMap:${randomUUID()}`;
    const map = { id, tenant, entities, expiresAt: this.#clock.now() + Math.min(lifetime, LONGEST_LIFETIME) };
    this.#maps.set(id, map);
    this.#ids += entities.length;
    for (const [oldest, { expiresAt }] of this.#maps) {
      const isFull = this.#ids > MOST_IDS || this.#maps.size > MOST_MAPS;
      if (expiresAt <= this.#clock.now() || (isFull && oldest !== id)) this.#forget(oldest);
    }
    return map;
  }

  /** Undefined: it is unknown, another tenant's, or has expired. */
  find(tenant: string, id: string): EntityMap | undefined {
    const map = this.#maps.get(id);
    return map?.tenant === tenant && map.expiresAt > this.#clock.now() ? map : undefined;
  }

  /** False: there is none. */
  expireAt(tenant: string, id: string, expiresAt: number): boolean {
    const map = this.find(tenant, id);
    if (map === undefined) return false;
    this.#maps.set(id, { ...map, expiresAt: Math.min(expiresAt, this.#clock.now() + LONGEST_LIFETIME) });
    return true;
  }

  /** False: there is none. */
  delete(tenant: string, id: string): boolean {
    if (this.find(tenant, id) === undefined) return false;
    this.#forget(id);
    return true;
  }

  #forget(id: string): void {
    this.#ids -= this.#maps.get(id)?.entities.length ?? 0;
    this.#maps.delete(id);
  }
}
