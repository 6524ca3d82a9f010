import { typesIn } from "../service/type-selection.ts";
import type { ActiveSubscription } from "./active-subscription.ts";
import { type EntityChange, nameOfKey } from "./entity-change.ts";

/**
 * Active subscriptions by what they are about: an entity's id, or one of its types and a watched attribute. What nobody
 * subscribed to is found by a few look-ups, however many subscriptions there are.
 */
export class SubscriptionBuckets {
  readonly #byKey = new Map<string, Set<ActiveSubscription>>();
  #all = new Set<ActiveSubscription>();

  add(active: ActiveSubscription): void {
    this.#all.add(active);
    for (const key of keysOf(active)) {
      const bucket = this.#byKey.get(key);
      if (bucket === undefined) this.#byKey.set(key, new Set([active]));
      else bucket.add(active);
    }
  }

  remove(active: ActiveSubscription): void {
    this.#all.delete(active);
    for (const key of keysOf(active)) {
      const bucket = this.#byKey.get(key);
      bucket?.delete(active);
      if (bucket?.size === 0) this.#byKey.delete(key);
    }
  }

  /** All that may be about a change; each has still to be looked at. */
  about({ entity, types, deltas, whole }: EntityChange): Iterable<ActiveSubscription> {
    if (this.#all.size === 0) return [];
    if (types === undefined) return this.#all;
    const names = whole === undefined ? new Set(deltas.map(({ part }) => nameOfKey(part))) : undefined;
    const found = new Set<ActiveSubscription>();
    const look = (key: string): void => {
      for (const active of this.#byKey.get(key) ?? []) found.add(active);
    };
    look(`id\n${entity}`);
    for (const type of [...types, ANY]) {
      look(`type\n${type}\n${ANY}`);
      if (names === undefined) look(`type\n${type}\n${WATCHING}`);
      else for (const name of names) look(`type\n${type}\n${name}`);
    }
    return found;
  }
}

const ANY = "*";
/** All of a type that watch some attribute: entities that come or go concern them whatever they have. */
const WATCHING = "?";

function keysOf({ selectors, watched }: ActiveSubscription): readonly string[] {
  const attributes = watched === undefined ? [ANY] : [...watched, WATCHING];
  const byType = (types: readonly string[]): readonly string[] =>
    types.flatMap((type) => attributes.map((name) => `type\n${type}\n${name}`));
  if (selectors === undefined) return byType([ANY]);
  return selectors.flatMap(({ ids, selection }) => {
    if (ids !== undefined) return [...ids].map((id) => `id\n${id}`);
    return byType(selection === undefined ? [ANY] : typesIn(selection));
  });
}
