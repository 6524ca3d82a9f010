import { type EntityState, holdsStaleValue } from "../../ngsi-ld/entity/entity-state.ts";
import type { EntityView } from "../../ngsi-ld/entity/render-entity.ts";

/** Design rule 7: a simplified answer cannot show quality, so it says that it holds a stale value. */
export function staleHeaders(states: readonly EntityState[], view: EntityView): Readonly<Record<string, string>> {
  const isStale = view.format === "simplified" && states.some(holdsStaleValue);
  return isStale ? { "NGSILD-Warning": "110 - Response is Stale" } : {};
}
