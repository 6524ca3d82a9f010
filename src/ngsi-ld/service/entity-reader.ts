import type { DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import type { Store } from "../../store/contract.ts";
import type { Overlay } from "../../twin/contract.ts";
import { type StoredEntity, storedEntity } from "../entity/entity-document.ts";
import { type EntityState, leafMap } from "../entity/entity-state.ts";
import type { EntityPage, EntityQuery, TypeTest } from "./entity-service.ts";

const REMEMBERED = 4096;

/** Reads entities of one tenant with their live signals; parsed parts are kept per document version. */
export class EntityReader {
  readonly #store: Store;
  readonly #overlay: Overlay;
  readonly #clock: Clock;
  readonly #parsed = new Map<string, StoredEntity>();

  constructor(store: Store, overlay: Overlay, clock: Clock) {
    this.#store = store;
    this.#overlay = overlay;
    this.#clock = clock;
  }

  /** Undefined where it is not there, has expired, or is not of the asked type. */
  async find(id: string, typed?: TypeTest): Promise<EntityState | undefined> {
    const row = await this.#store.documents.get("entity", id);
    if (row === undefined || this.#expired(row)) return undefined;
    const known = this.#parsed.get(id);
    const entity =
      known?.version === row.version
        ? known
        : this.#remember(storedEntity(row, await this.#store.documents.parts("entity", id)));
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
    const unknown = rows.filter((row) => this.#parsed.get(row.id)?.version !== row.version).map((row) => row.id);
    const parts = unknown.length === 0 ? undefined : await this.#store.documents.partsOf("entity", unknown);
    const entities = rows.map((row) => {
      const known = this.#parsed.get(row.id);
      const entity =
        known?.version === row.version ? known : this.#remember(storedEntity(row, parts?.get(row.id) ?? []));
      return this.#state(entity);
    });
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

  #remember(entity: StoredEntity): StoredEntity {
    this.#parsed.delete(entity.id);
    this.#parsed.set(entity.id, entity);
    const oldest = this.#parsed.keys().next().value;
    if (this.#parsed.size > REMEMBERED && oldest !== undefined) this.#parsed.delete(oldest);
    return entity;
  }
}
