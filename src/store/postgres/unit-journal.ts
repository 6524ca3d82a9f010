/** Takes back what a unit has done to the group's picture of the documents, if it cannot be carried out whole. */
export class UnitJournal {
  #undo: (() => void)[] = [];

  begin(): void {
    this.#undo = [];
  }

  /** The last first. */
  takeBack(): void {
    for (const undo of this.#undo.toReversed()) undo();
    this.#undo = [];
  }

  set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    const old = map.get(key);
    const had = map.has(key);
    map.set(key, value);
    this.#undo.push(() => {
      if (had) map.set(key, old as Value);
      else map.delete(key);
    });
  }

  add<Item>(set: Set<Item>, item: Item): void {
    if (set.has(item)) return;
    set.add(item);
    this.#undo.push(() => set.delete(item));
  }

  assign<Target extends object>(target: Target, changes: Partial<Target>): void {
    const old: Partial<Target> = {};
    for (const name of Object.keys(changes) as (keyof Target)[]) old[name] = target[name];
    Object.assign(target, changes);
    this.#undo.push(() => Object.assign(target, old));
  }
}
