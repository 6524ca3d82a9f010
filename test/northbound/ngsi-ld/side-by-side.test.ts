import { expect } from "chai";
import { sideBySide } from "../../../src/northbound/ngsi-ld/side-by-side.ts";

describe("side by side", () => {
  it("gives results in the order of the items, with at most so many under way", async () => {
    let running = 0;
    let most = 0;
    const results = await sideBySide([3, 1, 2, 5, 4], String, 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return item * 10;
    });
    expect(results).to.deep.equal([30, 10, 20, 50, 40]);
    expect(most).to.equal(2);
  });

  it("keeps the items of one key in their order", async () => {
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const done = sideBySide(
      ["a1", "a2", "b1"],
      (item) => item.slice(0, 1),
      8,
      async (item) => {
        if (item === "a1") await first.promise;
        order.push(item);
        if (item === "b1") first.resolve();
      },
    );
    await done;
    expect(order).to.deep.equal(["b1", "a1", "a2"]);
  });

  it("does nothing with nothing", async () => {
    expect(await sideBySide([], String, 4, async () => 1)).to.deep.equal([]);
  });
});
