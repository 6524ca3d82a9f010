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

  it("keeps most of what it has while somebody walks through more than there is room for", () => {
    const cache = new ByteBoundedCache<number>(100);
    const walk = (): number => {
      let hits = 0;
      for (let key = 0; key < 200; key++) {
        if (cache.get(String(key)) === undefined) cache.put(String(key), key, 1);
        else hits += 1;
      }
      return hits;
    };
    expect(walk()).to.equal(0);
    for (let round = 0; round < 5; round++) expect(walk()).to.be.greaterThan(70);
    expect(cache.bytes).to.equal(100);
  });

  it("takes in what is asked for again and again", () => {
    const cache = new ByteBoundedCache<string>(10);
    for (let key = 0; key < 10; key++) cache.put(String(key), "old", 1);
    for (let ask = 0; ask < 9 && cache.get("new") === undefined; ask++) cache.put("new", "new", 1);
    expect(cache.get("new")).to.equal("new");
  });
});
