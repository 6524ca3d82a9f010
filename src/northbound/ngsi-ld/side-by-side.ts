/**
 * Works through the items of a batch side by side, so that they share commits; those with one key go in their order (CIM 009 4.6.6).
 * Results come in the order of the items. `work` must not reject.
 */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const queues = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    const queue = queues.get(key);
    if (queue === undefined) queues.set(key, [index]);
    else queue.push(index);
  }
  const results = new Array<Result>(items.length);
  const waiting = queues.values();
  const worker = async (): Promise<void> => {
    for (const queue of waiting) {
      for (const index of queue) results[index] = await work(items[index] as Item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queues.size) }, worker));
  return results;
}
