import { expect } from "chai";
import { ValuePace } from "../../../src/aas/events/value-pace.ts";

const second = 1_000;

describe("ValuePace", () => {
  it("tells the first change at once, and what follows within the interval once at its end", () => {
    const pace = new ValuePace();
    expect(pace.admit("a", second, 10_000, {})).to.equal("now");
    expect(pace.admit("a", second, 10_200, {})).to.equal(11_000);
    expect(pace.admit("a", second, 10_400, {})).to.equal("told");
    expect(pace.admit("b", second, 10_400, {}), "another element has its own pace").to.equal("now");
  });

  it("spaces the intervals that follow, and starts anew after a pause", async () => {
    const pace = new ValuePace();
    pace.admit("a", second, 10_000, {});
    expect(pace.admit("a", second, 10_500, {})).to.equal(11_000);
    await pace.close("a", 1);
    expect(pace.admit("a", second, 11_300, {})).to.equal(12_000);
    await pace.close("a", 1);
    expect(pace.admit("a", second, 13_100, {})).to.equal("now");
  });

  it("an event that waits longer than its interval (its target is away) still tells all", () => {
    const pace = new ValuePace();
    pace.admit("a", second, 10_000, {});
    pace.admit("a", second, 10_500, {});
    expect(pace.admit("a", second, 99_000, {})).to.equal("told");
  });

  it("is closed only once the commit whose change it tells can be read", async () => {
    const pace = new ValuePace();
    const commit = {};
    pace.admit("a", second, 10_000, {});
    pace.admit("a", second, 10_500, {});
    pace.admit("a", second, 10_900, commit);
    let closed = false;
    const closing = pace.close("a", 60_000).then(() => {
      closed = true;
    });
    pace.committed("a", {});
    await Promise.resolve();
    expect(closed, "another commit says nothing of it").to.equal(false);
    pace.committed("a", commit);
    await closing;
    expect(pace.admit("a", second, 11_001, {}), "the next change is told by the next event").to.equal(12_000);
  });

  it("gives up on a commit that never comes", async () => {
    const pace = new ValuePace();
    pace.admit("a", second, 10_000, {});
    pace.admit("a", second, 10_500, {});
    pace.admit("a", second, 10_900, {});
    await pace.close("a", 1);
  });

  it("an interval of 0 tells every change", () => {
    const pace = new ValuePace();
    expect([1, 2, 3].map((at) => pace.admit("a", 0, at, {}))).to.deep.equal(["now", "now", "now"]);
  });
});
