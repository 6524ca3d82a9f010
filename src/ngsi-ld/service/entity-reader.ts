import type { DocumentRow, PartRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import type { Store } from "../../store/contract.ts";
import type { Overlay } from "../../twin/contract.ts";
import { type StoredEntity, storedEntity } from "../entity/entity-document.ts";
import { type EntityState, leafMap } from "../entity/entity-state.ts";
import type { EntityPage, EntityQuery, TypeTest } from "./entity-service.ts";

/** How much of what was parsed is kept: characters as they are stored, and a guess for what holds them. */
const REMEMBERED_SIZE = 64 * 1024 * 1024;
const ATTRIBUTE_SIZE = 400;

interface Remembered {
  readonly entity: StoredEntity;
  readonly size: number;
}

/** Reads entities of one tenant with their live signals; parsed parts are kept per document version. */
export class EntityReader {
  readonly #store: Store;
  readonly #overlay: Overlay;
  readonly #clock: Clock;
  readonly #parsed = new Map<string, Remembered>();
  #size = 0;

  constructor(store: Store, overlay: Overlay, clock: Clock) {
    this.#store = store;
    this.#overlay = overlay;
    this.#clock = clock;
  }

  /** Undefined where it is not there, has expired, or is not of the asked type. */
  async find(id: string, typed?: TypeTest): Promise<EntityState | undefined> {
    const row = await this.#store.documents.get("entity", id);
    if (row === undefined || this.#expired(row)) return undefined;
    const entity = this.#known(row) ?? this.#remember(row, await this.#store.documents.parts("entity", id));
    return typed === undefined || typed(entity.types) ? this.#state(entity) : undefined;
  }

  /** Throws HubError `not-found`. */
  async get(id: string, typed?: TypeTest): Promise<EntityState> {
    const state = await this.find(id, typed);
    if (state === undefined)
      throw new HubError("not-found", `there is no entity ${id}${typed === undefined ? "" : " of this type"}`);
    return state;
  }

  async query({ filter, page }: EntityQuery): Promise<EntityPage> {
    const found = await this.#store.documents.list("entity", filter, page);
    const rows = found.items.filter((row) => !this.#expired(row));
    const known = rows.map((row) => this.#known(row));
    const unknown = rows.filter((_row, index) => known[index] === undefined).map(({ id }) => id);
    const parts = unknown.length === 0 ? undefined : await this.#store.documents.partsOf("entity", unknown);
    const entities = rows.map((row, index) =>
      this.#state(known[index] ?? this.#remember(row, parts?.get(row.id) ?? [])),
    );
    return { entities, more: found.next !== undefined, next: found.next, total: found.total };
  }

  #state(entity: StoredEntity): EntityState {
    const live = leafMap(this.#overlay.leaves("entity", entity.id));
    const signals = live.size === 0 ? 0 : this.#overlay.modifiedAt("entity", entity.id);
    return { entity, live, modifiedAt: Math.max(entity.modifiedAt, signals), at: this.#clock.now() };
  }

  #expired(row: DocumentRow): boolean {
    return row.expiresAt !== undefined && row.expiresAt <= this.#clock.now();
  }

  #known({ id, version }: DocumentRow): StoredEntity | undefined {
    const entity = this.#parsed.get(id)?.entity;
    return entity?.version === version ? entity : undefined;
  }

  #remember(row: DocumentRow, parts: readonly PartRow[]): StoredEntity {
    const entity = storedEntity(row, parts);
    const size = parts.reduce((sum, part) => sum + part.body.length + ATTRIBUTE_SIZE, row.body.length + ATTRIBUTE_SIZE);
    this.#forget(row.id);
    this.#parsed.set(row.id, { entity, size });
    this.#size += size;
    for (const oldest of this.#parsed.keys()) {
      if (this.#size <= REMEMBERED_SIZE || oldest === row.id) break;
      this.#forget(oldest);
    }
    return entity;
  }

  #forget(id: string): void {
    this.#size -= this.#parsed.get(id)?.size ?? 0;
    this.#parsed.delete(id);
  }
}
