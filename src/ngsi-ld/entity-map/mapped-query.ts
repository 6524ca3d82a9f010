import { HubError } from "../../core/errors.ts";
import type { Filter, Order } from "../../core/filter.ts";
import type { Scope } from "../../core/scope.ts";
import type { EntityState } from "../entity/entity-state.ts";
import type { EntityService } from "../service/entity-service.ts";
import { type EntityMap, LARGEST_MAP } from "./entity-maps.ts";

const BATCH = 1_000;

/** The ids of all entities that match, in order (5.14.4.4). Throws HubError `too-complex` for more than a map holds. */
export async function matchingIds(
  scope: Scope,
  entities: Pick<EntityService, "query">,
  filter: Filter,
  order: Order | undefined,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: number | undefined;
  let more = true;
  while (more) {
    scope.abort.throwIfAborted();
    const place = order === undefined ? (after === undefined ? {} : { after }) : { order, offset: ids.length };
    const page = await entities.query(scope, { filter, page: { limit: BATCH, ...place } });
    for (const { entity } of page.entities) ids.push(entity.id);
    after = page.next;
    more = page.more && page.entities.length > 0;
    if (ids.length > LARGEST_MAP) {
      throw new HubError("too-complex", `the query finds more than ${LARGEST_MAP} entities, too many for an EntityMap`);
    }
  }
  return ids;
}

/**
 * A page of the entities of a map, those left out that are gone or match no longer: the ones behind them fill it up (5.5.9.3, 5.5.14).
 * `next` is where the page behind it begins.
 */
export async function pageOfMap(
  scope: Scope,
  entities: Pick<EntityService, "query">,
  map: EntityMap,
  filter: Filter,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<{ readonly states: readonly EntityState[]; readonly next: number | undefined }> {
  const states: EntityState[] = [];
  let at = offset;
  while (at < map.entities.length && states.length < limit) {
    scope.abort.throwIfAborted();
    const ids = map.entities.slice(at, at + limit - states.length);
    const only: Filter = { kind: "all", of: [{ kind: "id", in: ids }, filter] };
    const page = await entities.query(scope, { filter: only, page: { limit: ids.length } });
    const found = new Map(page.entities.map((state) => [state.entity.id, state]));
    for (const id of ids) {
      const state = found.get(id);
      if (state !== undefined) states.push(state);
    }
    at += ids.length;
  }
  return { states, next: at < map.entities.length ? at : undefined };
}
