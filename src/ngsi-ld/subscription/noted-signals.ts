import type { Signal } from "../../core/signal.ts";
import type { LiveLeaf } from "../../twin/contract.ts";
import type { EntityState } from "../entity/entity-state.ts";
import type { JsonObject } from "../json/json.ts";
import { valueOfJson } from "../json/value-json.ts";
import type { ChangeNote } from "./change-note.ts";

/** An entity as it is read at delivery, with the instances that are noted as the change left them. */
export function asNoted(state: EntityState, { live: noted = {}, deltas }: ChangeNote): EntityState {
  const live = new Map<string, LiveLeaf>(state.live);
  for (const [part, signal] of Object.entries(noted)) {
    const leaf = live.get(part);
    if (leaf?.signal === undefined) continue;
    const { value, ...rest } = signal;
    const { code: _code, ...now } = leaf.signal;
    const was: Signal = { ...now, ...rest, value: valueOfJson(value) };
    live.set(part, { ...leaf, signal: was });
  }
  const bodies = new Map<string, JsonObject>();
  for (const { part, body } of deltas) if (body !== undefined) bodies.set(part, body);
  const attributes = state.entity.attributes.map((stored) => {
    const body = bodies.get(stored.key);
    return body === undefined ? stored : { ...stored, body };
  });
  return { ...state, live, entity: { ...state.entity, attributes } };
}
