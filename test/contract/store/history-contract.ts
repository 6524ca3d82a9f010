import { expect } from "chai";
import type { Store } from "../../../src/store/contract.ts";
import type { HistoryQuery } from "../../../src/store/series-contract.ts";
import { commit, type StoreFactory, sample, storeFixture } from "./store-fixture.ts";

/** History: sorted however late readings come, through every stage of its keeping. */
export function historyContract(factory: StoreFactory): void {
  describe("history", () => {
    const fixture = storeFixture(factory);
    const times = async (
      store: Store,
      series: number,
      query: Partial<HistoryQuery> = {},
    ): Promise<readonly number[]> => {
      const rows = await store.series.history(series, { limit: 10_000, order: "oldest-first", ...query });
      return rows.map(({ at }) => at);
    };

    it("reads ranges in both orders, from inclusive, to exclusive", async () => {
      const { store } = fixture;
      const [id = 0] = await store.series.ensure(["a"], 1);
      await commit(store, [{ samples: [1, 2, 3, 4, 5].map((at) => sample(id, at, { at })) }]);
      expect(await times(store, id)).to.deep.equal([1, 2, 3, 4, 5]);
      expect(await times(store, id, { from: 2, to: 4 })).to.deep.equal([2, 3]);
      expect(await times(store, id, { order: "newest-first", limit: 2 })).to.deep.equal([5, 4]);
      expect(await times(store, id, { order: "newest-first", to: 4, limit: 2 })).to.deep.equal([3, 2]);
      expect(await times(store, id, { limit: 0 })).to.deep.equal([]);
      expect(await times(store, id + 1)).to.deep.equal([]);
    });

    it("equal times keep the order of their commits and have instances of their own, for good", async () => {
      const { store } = fixture;
      const [id = 0] = await store.series.ensure(["a"], 1);
      for (const value of ["x", "y", "z"]) await commit(store, [{ samples: [sample(id, value, { at: 7 })] }]);
      const read = () => store.series.history(id, { limit: 9, order: "oldest-first" });
      const before = await read();
      expect(before.map(({ value }) => value)).to.deep.equal(["x", "y", "z"]);
      expect(new Set(before.map(({ instance }) => instance)).size).to.equal(3);
      await fill(store, id + 100, 300);
      await store.sweep(1_000_000);
      expect(await read()).to.deep.equal(before);
    });

    it("late and disordered readings read sorted, wherever chunks end", async () => {
      const { store } = fixture;
      const [id = 0, other = 0] = await store.series.ensure(["a", "b"], 1);
      const all: number[] = [];
      // Multiplying by a number without a common factor visits every time once, in disorder.
      for (let round = 0; round < 6; round++) {
        const batch = Array.from({ length: 400 }, (_, index) => ((round * 400 + index) * 1_087) % 2_400);
        all.push(...batch);
        await commit(store, [{ samples: batch.flatMap((at) => [sample(id, at, { at }), sample(other, -at, { at })]) }]);
        if (round % 2 === 1) await store.sweep(1_000_000);
      }
      const sorted = all.toSorted((a, b) => a - b);
      expect(await times(store, id)).to.deep.equal(sorted);
      expect(await times(store, id, { order: "newest-first" })).to.deep.equal(sorted.toReversed());
      expect(await times(store, id, { from: 700, to: 1_300 })).to.deep.equal(sorted.slice(700, 1_300));
      for (const limit of [1, 511, 512, 513]) {
        expect(await times(store, id, { limit, from: 100 })).to.deep.equal(sorted.slice(100, 100 + limit));
        const newest = await times(store, id, { limit, to: 2_000, order: "newest-first" });
        expect(newest).to.deep.equal(sorted.slice(2_000 - limit, 2_000).toReversed());
      }
      const values = await store.series.history(other, { from: 5, to: 8, limit: 9, order: "oldest-first" });
      expect(values.map(({ value }) => value)).to.deep.equal([-5, -6, -7]);
    });

    it("reads the same at every step of bringing history together", async () => {
      const { store } = fixture;
      const ids = await store.series.ensure(
        Array.from({ length: 300 }, (_, index) => `s${index}`),
        1,
      );
      for (let at = 0; at < 5; at++) await commit(store, [{ samples: ids.map((id) => sample(id, at, { at })) }]);
      const sweeping = store.sweep(1_000_000);
      const seen: (readonly number[])[] = [];
      const watch = [...ids.slice(0, 20), ...ids.slice(-20)];
      for (const id of watch) seen.push(await times(store, id));
      await sweeping;
      for (const id of watch) seen.push(await times(store, id));
      expect(new Set(seen.map(String))).to.deep.equal(new Set(["0,1,2,3,4"]));
      expect((await store.stats()).historyRows).to.equal(1_500);
    });

    it("goes when its retention is over, by the time of its commit", async () => {
      const { store } = fixture;
      const [id = 0] = await store.series.ensure(["a"], 1);
      await commit(store, [{ samples: [sample(id, 1, { at: 1 })] }], 1_000);
      await commit(store, [{ samples: [sample(id, 2, { at: 0 })] }], 2_000);
      await store.sweep(1_000 + 3_600_000);
      expect(await times(store, id)).to.deep.equal([0, 1]);
      await store.sweep(1_001 + 3_600_000);
      expect(await times(store, id)).to.deep.equal([0]);
      await fill(store, id, 300, 3_000);
      await store.sweep(3_000 + 3_600_000);
      expect((await store.stats()).historyRows).to.equal(300);
      await store.sweep(3_001 + 3_600_000);
      expect(await times(store, id)).to.deep.equal([]);
      expect((await store.series.signals([id])).length, "the present stays").to.equal(1);
      expect((await store.stats()).historyRows).to.equal(0);
    });
  });
}

async function fill(store: Store, series: number, rows: number, at = 1_000_000): Promise<void> {
  await commit(store, [{ samples: Array.from({ length: rows }, (_, time) => sample(series, time, { at: time })) }], at);
}
