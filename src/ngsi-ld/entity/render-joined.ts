import { HubError } from "../../core/errors.ts";
import type { TermTable } from "../context/term-table.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";
import { kindOfBody } from "./entity-document.ts";
import type { EntityState } from "./entity-state.ts";
import { type EntityRenderer, type EntityView, viewBelow } from "./render-entity.ts";

/** Entities inside others of one answer: a graph with many ways through it has far more of them than entities. */
const MOST_INLINE = 5_000;

/** Renders entities with those that they link to inside (CIM 009 4.5.23.2, annex C.2.2), for one answer. */
export class InlineRenderer {
  readonly #renderer: EntityRenderer;
  readonly #linked: ReadonlyMap<string, { readonly state: EntityState }>;
  readonly #table: TermTable;
  readonly #level: number;
  #rendered = 0;

  constructor(
    renderer: EntityRenderer,
    linked: ReadonlyMap<string, { readonly state: EntityState }>,
    table: TermTable,
    level: number,
  ) {
    this.#renderer = renderer;
    this.#linked = linked;
    this.#table = table;
    this.#level = level;
  }

  /** Throws HubError `too-complex`. */
  render(state: EntityState, view: EntityView): JsonObject {
    return this.#render(state, view, [state.entity.id]);
  }

  /** @param path ids from the answer's entity to this one: none of them comes again below */
  #render(state: EntityState, view: EntityView, path: readonly string[]): JsonObject {
    const shown: Record<string, Json> = { ...this.#renderer.render(state, view, this.#table) };
    if (path.length > this.#level) return shown;
    const relationships = new Map<string, "entity" | "entityList">();
    for (const { name, body } of state.entity.attributes) {
      const kind = kindOfBody(body);
      if (kind === "Relationship") relationships.set(name, "entity");
      else if (kind === "ListRelationship") relationships.set(name, "entityList");
    }
    for (const [name, member] of relationships) {
      const term = this.#table.compact(name);
      const value = shown[term];
      if (value === undefined) continue;
      const below = viewBelow(view, name);
      const entity = (id: Json | undefined): JsonObject | undefined => this.#linkedTo(id, below, path);
      shown[term] = view.format === "simplified" ? inPlace(value, entity) : beside(value, member, entity);
    }
    return shown;
  }

  #linkedTo(id: Json | undefined, view: EntityView, path: readonly string[]): JsonObject | undefined {
    if (typeof id !== "string" || path.includes(id)) return undefined;
    const state = this.#linked.get(id)?.state;
    if (state === undefined) return undefined;
    this.#rendered += 1;
    if (this.#rendered > MOST_INLINE) {
      throw new HubError("too-complex", `more than ${MOST_INLINE} entities stand inside others: ask for less, or flat`);
    }
    return this.#render(state, view, [...path, id]);
  }
}

type Entity = (id: Json | undefined) => JsonObject | undefined;

/** Simplified: the entity stands where its id stood. */
function inPlace(value: Json, entity: Entity): Json {
  if (isArray(value)) return value.map((item) => inPlace(item, entity));
  if (!isObject(value)) return entity(value) ?? value;
  const { dataset } = value;
  if (!isObject(dataset)) return value;
  return {
    dataset: Object.fromEntries(Object.entries(dataset).map(([key, item]) => [key, inPlace(item, entity)])),
  };
}

/** Normalized and concise: in a member of its own. */
function beside(value: Json, member: "entity" | "entityList", entity: Entity): Json {
  if (isArray(value)) return value.map((item) => beside(item, member, entity));
  if (!isObject(value)) return value;
  const ids = member === "entity" ? value.object : value.objectList;
  const found = (isArray(ids) ? ids : [ids])
    .map((id) => entity(isObject(id) ? id.object : id))
    .filter((one) => one !== undefined);
  if (found.length === 0) return value;
  return { ...value, [member]: isArray(ids) ? found : (found[0] as JsonObject) };
}
