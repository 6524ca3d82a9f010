import { expect } from "chai";
import { Poller } from "../../../src/southbound/modbus/poller.ts";
import type { Point } from "../../../src/southbound/modbus/read-points.ts";

const point = (tag: string): Point => ({ tag }) as Point;

describe("the modbus poller", () => {
  it("keeps to its grid, skips what a slow device misses, and never overlaps", async () => {
    const stop = new AbortController();
    const starts: number[] = [];
    let running = 0;
    const poller = new Poller(async () => {
      expect(running).to.equal(0);
      running += 1;
      starts.push(performance.now());
      // The second poll takes two and a half intervals.
      const end = performance.now() + (starts.length === 2 ? 50 : 1);
      while (performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (starts.length === 6) stop.abort();
    }, stop.signal);
    poller.add([point("a")], 20);
    await poller.run();
    expect(poller.skipped).to.be.at.least(2);
    const first = starts[0] ?? 0;
    for (const start of starts) {
      const late = (start - first) % 20;
      expect(Math.min(late, 20 - late), `${start - first} ms after the first`).to.be.below(10);
    }
  });

  it("polls each point at its own interval, and a new one at once", async () => {
    const stop = new AbortController();
    const counts = new Map<string, number>();
    const poller = new Poller(async (points) => {
      for (const { tag } of points) counts.set(tag, (counts.get(tag) ?? 0) + 1);
      if (counts.get("fast") === 3 && !counts.has("late")) poller.add([point("late")], 60_000);
      if (counts.has("late")) poller.remove("gone");
      if (counts.get("fast") === 8) stop.abort();
    }, stop.signal);
    poller.add([point("fast"), point("gone")], 10);
    poller.add([point("slow")], 60_000);
    await poller.run();
    expect(counts.get("slow")).to.equal(1);
    expect(counts.get("late")).to.equal(1);
    expect(counts.get("gone")).to.be.below(8);
  });

  it("ends with what a poll rejects with", async () => {
    const failed = new Error("the hub stops");
    const poller = new Poller(() => Promise.reject(failed), new AbortController().signal);
    poller.add([point("a")], 10);
    expect(await poller.run().catch((error: unknown) => error)).to.equal(failed);
  });
});
