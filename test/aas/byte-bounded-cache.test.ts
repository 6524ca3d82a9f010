import { expect } from "chai";
import { ByteBoundedCache } from "../../src/aas/byte-bounded-cache.ts";

describe("the cache of parsed submodels", () => {
  it("stays within its bytes; what was not used for longest goes first", () => {
    const cache = new ByteBoundedCache<string>(100);
    cache.put("a", "A", 40);
    cache.put("b", "B", 40);
    expect(cache.get("a")).to.equal("A");
    cache.put("c", "C", 40);
    expect([cache.get("a"), cache.get("b"), cache.get("c"), cache.bytes]).to.deep.equal(["A", undefined, "C", 80]);
  });

  it("counts a replaced entry once, and keeps nothing larger than itself", () => {
    const cache = new ByteBoundedCache<string>(100);
    cache.put("a", "A", 60);
    cache.put("a", "B", 50);
    expect([cache.get("a"), cache.bytes]).to.deep.equal(["B", 50]);
    cache.put("a", "C", 101);
    expect([cache.get("a"), cache.bytes]).to.deep.equal([undefined, 0]);
  });
});
