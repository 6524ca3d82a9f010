import type { Signal } from "../../core/signal.ts";
import type { LiveLeaf } from "../../twin/contract.ts";
import type { Json } from "../json/json.ts";
import type { AttributeBody } from "./entity.ts";
import { type StoredAttribute, type StoredEntity, valueOfBody } from "./entity-document.ts";
import { isStale, liveBody, type QualityNames } from "./live-attribute.ts";

/** A stored entity with its live signals, as it stands at one moment. */
export interface EntityState {
  readonly entity: StoredEntity;
  /** Linked leaves by part key; empty for an entity that no mapping made. */
  readonly live: ReadonlyMap<string, LiveLeaf>;
  /** Of document and signals (rule 10), milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly at: number;
}

/** One instance as it is shown now. */
export interface ShownAttribute {
  readonly stored: StoredAttribute;
  readonly body: AttributeBody;
  readonly signal: Signal | undefined;
  readonly modifiedAt: number;
  readonly createdAt: number;
}

const NO_LEAVES: ReadonlyMap<string, LiveLeaf> = new Map();

export function leafMap(leaves: readonly LiveLeaf[]): ReadonlyMap<string, LiveLeaf> {
  return leaves.length === 0 ? NO_LEAVES : new Map(leaves.map((leaf) => [leaf.part, leaf]));
}

/** The instance with its signal laid over it; undefined while it has no value (rule 9) or has expired. */
export function shownAttribute(
  stored: StoredAttribute,
  state: EntityState,
  names: QualityNames,
): ShownAttribute | undefined {
  if (stored.expiresAt !== undefined && stored.expiresAt <= state.at) return undefined;
  const leaf = state.live.get(stored.key);
  if (leaf === undefined) {
    // A leaf that its mapping gave up, or whose mapping waits for its source, has no value of its own.
    if (valueOfBody(stored.body) === undefined) return undefined;
    return { stored, body: stored.body, signal: undefined, createdAt: stored.createdAt, modifiedAt: stored.modifiedAt };
  }
  const { signal } = leaf;
  const body = signal === undefined ? undefined : liveBody(stored.body, signal, names);
  if (signal === undefined || body === undefined) return undefined;
  return {
    stored,
    body,
    signal,
    createdAt: signal.createdAt,
    modifiedAt: Math.max(signal.modifiedAt, stored.modifiedAt),
  };
}

/** What an instance says now, from its signal if it has one; undefined while it says nothing. */
export function valueShown(stored: StoredAttribute, state: EntityState, names: QualityNames): Json | undefined {
  const shown = shownAttribute(stored, state, names);
  return shown === undefined ? undefined : valueOfBody(shown.body);
}

/** A simplified answer hides quality, so a stale value in it is announced (`NGSILD-Warning: 110`, rule 7). */
export function holdsStaleValue(state: EntityState): boolean {
  for (const { signal } of state.live.values()) if (signal !== undefined && isStale(signal)) return true;
  return false;
}
