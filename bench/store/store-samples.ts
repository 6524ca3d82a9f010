import type { Store } from "../../src/store/contract.ts";
import type { Sample } from "../../src/store/series-contract.ts";

/** The same readings through the store: `callers` at a time, each waiting for its commit. Gives seconds. */
export async function runStore(
  store: Store,
  series: number,
  batch: number,
  batches: number,
  callers: number,
): Promise<number> {
  const keys = Array.from({ length: series }, (_, index) => `s${index}`);
  const ids = await store.series.ensure(keys, 1);
  const started = performance.now();
  let number = 0;
  const caller = async (): Promise<void> => {
    while (number < batches) {
      const time = number++;
      const samples = Array.from({ length: batch }, (_, index): Sample => {
        const row = time * batch + index;
        const id = ids[row % series] ?? 0;
        return { series: id, value: row * 0.1, quality: "good", at: time, receivedAt: time, live: true, record: true };
      });
      const [result] = await store.commit([{ samples }], time);
      if (result?.ok !== true) throw new Error("a commit failed");
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (performance.now() - started) / 1_000;
}
