import { setImmediate } from "node:timers/promises";

/** Milliseconds for which one reader may keep all others waiting. */
const turn = 10;

/** Passes on what comes; whoever consumes it for longer than a turn gives way to what else the process has to do. */
export async function* givingWay<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  let began = performance.now();
  for await (const item of source) {
    yield item;
    if (performance.now() - began < turn) continue;
    await setImmediate();
    began = performance.now();
  }
}
