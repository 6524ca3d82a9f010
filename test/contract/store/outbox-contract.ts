import { expect } from "chai";
import type { NewDelivery, Store } from "../../../src/store/contract.ts";
import { commit, type StoreFactory, storeFixture } from "./store-fixture.ts";

const BOUND = 10;
const delivery = (text: string): NewDelivery => ({ target: text.slice(0, 1), kind: "k", body: text });

/** The outbox: order within a target, tries, dead letters and the bound. */
export function outboxContract(factory: StoreFactory): void {
  describe("outbox", () => {
    const fixture = storeFixture(factory, { outboxBound: BOUND });
    const owe = (store: Store, ...texts: string[]) => commit(store, [{ deliveries: texts.map(delivery) }], 100);
    const claimed = async (store: Store, now = 100, busy: readonly string[] = [], limit = 9): Promise<string> =>
      (await store.outbox.claim(limit, now, busy)).map(({ body }) => body).join(" ");
    const idOf = async (store: Store, body: string, now = 100): Promise<number> =>
      (await store.outbox.claim(9, now, [])).find((one) => one.body === body)?.id ?? -1;

    it("gives the first of each target that is not busy, oldest first", async () => {
      const { store } = fixture;
      await owe(store, "b1", "a1", "a2", "c1", "b2");
      expect(await claimed(store)).to.equal("b1 a1 c1");
      expect(await claimed(store, 100, ["b", "x"])).to.equal("a1 c1");
      expect(await claimed(store, 100, [], 2)).to.equal("b1 a1");
      const [first] = await store.outbox.claim(1, 100, []);
      expect(first).to.include({ target: "b", kind: "k", body: "b1", createdAt: 100, attempts: 0 });
      expect(await claimed(store), "a claim changes nothing").to.equal("b1 a1 c1");
    });

    it("goes on with the next of a target when one was delivered", async () => {
      const { store } = fixture;
      await owe(store, "a1", "b1", "a2");
      await store.outbox.delivered([await idOf(store, "a1"), await idOf(store, "b1")]);
      expect(await claimed(store)).to.equal("a2");
      expect(await store.outbox.stats(150)).to.include({ pending: 1, oldestAge: 50, dropped: 0, bound: BOUND });
    });

    it("holds a target back until its next try, and no other", async () => {
      const { store } = fixture;
      await owe(store, "a1", "a2", "b1");
      await store.outbox.retry(await idOf(store, "a1"), 500, "refused");
      expect(await claimed(store, 499)).to.equal("b1");
      expect(await claimed(store, 500)).to.equal("a1 b1");
      expect((await store.outbox.claim(1, 500, []))[0]).to.include({ body: "a1", attempts: 1 });
    });

    it("holds back what is not due yet, with what is behind it, and nothing of other targets", async () => {
      const { store } = fixture;
      await commit(
        store,
        [{ deliveries: [{ ...delivery("a1"), notBefore: 700 }, delivery("a2"), delivery("b1")] }],
        100,
      );
      expect(await claimed(store, 699)).to.equal("b1");
      expect(await claimed(store, 700)).to.equal("a1 b1");
    });

    it("gives what is due behind one of the same target, oldest first", async () => {
      const { store } = fixture;
      const late = { ...delivery("a3"), notBefore: 700 };
      await commit(
        store,
        [{ deliveries: [delivery("a1"), delivery("a2"), late, delivery("b1"), delivery("a4")] }],
        100,
      );
      const behind = async (now: number, limit = 9): Promise<string> =>
        (await store.outbox.behind(await idOf(store, "a1"), now, limit)).map(({ body }) => body).join(" ");
      expect(await behind(100)).to.equal("a2 a4");
      expect(await behind(700)).to.equal("a2 a3 a4");
      expect(await behind(700, 1)).to.equal("a2");
      expect(await store.outbox.behind(await idOf(store, "b1"), 700, 9)).to.deep.equal([]);
      expect(await store.outbox.behind(-1, 700, 9)).to.deep.equal([]);
    });

    it("a buried one is out of the way of its target", async () => {
      const { store } = fixture;
      await owe(store, "a1", "a2");
      await store.outbox.bury(await idOf(store, "a1"), "gone \ud800 for good");
      expect(await claimed(store)).to.equal("a2");
      expect((await store.outbox.stats(100)).pending).to.equal(1);
    });

    it("drops all of a target", async () => {
      const { store } = fixture;
      await owe(store, "a1", "b1", "a2");
      expect(await store.outbox.drop("a")).to.equal(2);
      expect(await store.outbox.drop("a")).to.equal(0);
      expect(await claimed(store)).to.equal("b1");
    });

    it("beyond its bound the oldest go, and are counted", async () => {
      const { store } = fixture;
      await owe(store, ...Array.from({ length: BOUND }, (_, index) => `a${index}`));
      await owe(store, "b0", "b1", "b2");
      expect(await claimed(store)).to.equal("a3 b0");
      expect(await store.outbox.stats(100)).to.include({ pending: BOUND, dropped: 3 });
      await store.outbox.delivered([await idOf(store, "a3")]);
      await owe(store, "b3", "b4");
      expect(await store.outbox.stats(100)).to.include({ pending: BOUND, dropped: 4 });
    });

    it("an empty one owes nothing", async () => {
      const { store } = fixture;
      expect(await claimed(store)).to.equal("");
      expect(await store.outbox.stats(100)).to.deep.equal({ pending: 0, oldestAge: 0, dropped: 0, bound: BOUND });
    });
  });
}
