import { expect } from "chai";
import { errorCode, type StoreFactory, storeFixture } from "./store-fixture.ts";

export function recordContract(factory: StoreFactory): void {
  describe("records", () => {
    const fixture = storeFixture(factory);

    it("keeps kinds apart, and the time at which a record was made", async () => {
      const contexts = fixture.store.records("context");
      await contexts.put("a", "1", 10);
      await fixture.store.records("subscription").put("a", "other", 11);
      await contexts.put("a", "2", 20);
      expect(await contexts.get("a")).to.include({ id: "a", body: "2", createdAt: 10, modifiedAt: 20 });
      expect(await contexts.get("b")).to.equal(undefined);
    });

    it("puts on condition", async () => {
      const records = fixture.store.records("subscription");
      expect(await errorCode(records.put("a", "1", 1, "exist"))).to.equal("not-found");
      await records.put("a", "1", 1, "be-absent");
      expect(await errorCode(records.put("a", "2", 2, "be-absent"))).to.equal("already-exists");
      await records.put("a", "3", 3, "exist");
      expect((await records.get("a"))?.body).to.equal("3");
    });

    it("lists in order of creation, by pages, and deletes", async () => {
      const records = fixture.store.records("subscription");
      for (const id of ["c", "a", "b", "d"]) await records.put(id, id, 1);
      await records.put("a", "changed", 2);
      const first = await records.list({ limit: 2, count: true });
      expect(first.items.map(({ id }) => id)).to.deep.equal(["c", "a"]);
      expect(first.total).to.equal(4);
      expect(await records.delete("b")).to.equal(true);
      expect(await records.delete("b")).to.equal(false);
      const second = await records.list({ limit: 2, after: first.next ?? -1 });
      expect(second.items.map(({ id }) => id)).to.deep.equal(["d"]);
      expect(second).to.not.have.property("next");
    });
  });
}
