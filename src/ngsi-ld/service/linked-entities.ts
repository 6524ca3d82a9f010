import { HubError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { kindOfBody } from "../entity/entity-document.ts";
import { type EntityState, valueShown } from "../entity/entity-state.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { type EntityView, keeps, viewBelow } from "../entity/render-entity.ts";
import { isArray, isObject, type Json } from "../json/json.ts";
import type { EntityService } from "./entity-service.ts";

/** Linked Entity retrieval (CIM 009 4.5.23). */
export interface Join {
  readonly kind: "inline" | "flat";
  /** How many Relationships are followed, one behind the other. */
  readonly level: number;
  /** Entities met before, elsewhere in the graph: not retrieved again. */
  readonly containedBy: ReadonlySet<string>;
}

/** Linked entities by id, in the order in which they were met, each with the view that led to it. */
export type LinkedEntities = ReadonlyMap<string, { readonly state: EntityState; readonly view: EntityView }>;

/** An answer that holds more is one for several requests (4.5.23.1: cascades of an excessive length). */
const MOST_LINKED = 1_000;

/**
 * The entities that are linked to `roots` by Relationships that their view shows, level by level, one query each. Throws
 * HubError `too-complex` for more than 1,000.
 */
export async function linkedEntities(
  scope: Scope,
  entities: Pick<EntityService, "query">,
  roots: readonly EntityState[],
  view: EntityView,
  join: Join,
  names: QualityNames,
): Promise<LinkedEntities> {
  const found = new Map<string, { readonly state: EntityState; readonly view: EntityView }>();
  const known = new Map(roots.map((state) => [state.entity.id, state]));
  let reached = roots.map((state) => ({ state, view }));
  for (let level = 0; level < join.level && reached.length > 0; level += 1) {
    const wanted = new Map<string, EntityView>();
    for (const { state, view: shown } of reached) {
      for (const [id, below] of targetsOf(state, shown, names)) {
        if (!join.containedBy.has(id) && !found.has(id) && !wanted.has(id)) wanted.set(id, below);
      }
    }
    const missing = [...wanted.keys()].filter((id) => !known.has(id));
    if (found.size + wanted.size > MOST_LINKED) {
      throw new HubError("too-complex", `more than ${MOST_LINKED} entities are linked to the answer's: ask for less`);
    }
    for (const state of await byId(scope, entities, missing)) known.set(state.entity.id, state);
    reached = [];
    for (const [id, below] of wanted) {
      const state = known.get(id);
      if (state === undefined) continue;
      found.set(id, { state, view: below });
      reached.push({ state, view: below });
    }
  }
  return found;
}

async function byId(scope: Scope, entities: Pick<EntityService, "query">, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const page = await entities.query(scope, { filter: { kind: "id", in: ids }, page: { limit: ids.length } });
  return page.entities;
}

/** What the Relationships that a view shows point at, with how that is to be shown. */
function* targetsOf(state: EntityState, view: EntityView, names: QualityNames): Generator<[string, EntityView]> {
  for (const stored of state.entity.attributes) {
    const kind = kindOfBody(stored.body);
    if (kind !== "Relationship" && kind !== "ListRelationship") continue;
    if (!keeps(view, stored.name)) continue;
    if (view.datasetIds !== undefined && !view.datasetIds.has(stored.datasetId ?? "@none")) continue;
    for (const id of idsOf(valueShown(stored, state, names))) yield [id, viewBelow(view, stored.name)];
  }
}

/** Ids of one Relationship or list, in whichever form. */
export function idsOf(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (isArray(value)) return value.flatMap(idsOf);
  return isObject(value) ? idsOf(value.object) : [];
}
