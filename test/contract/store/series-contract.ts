import { expect } from "chai";
import type { LeafAddress } from "../../../src/core/document.ts";
import type { Value } from "../../../src/core/value.ts";
import { commit, type StoreFactory, sample, storeFixture } from "./store-fixture.ts";

const leaf = (part: string): LeafAddress => ({ collection: "entity", document: "urn:a", part });

/** Values that stores lose easily. */
export const hardValues: readonly (Value | undefined)[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MIN_VALUE,
  Number.MAX_SAFE_INTEGER + 1,
  5n,
  -(2n ** 63n),
  2n ** 64n - 1n,
  10n ** 40n,
  "",
  "007",
  "1e5",
  "NaN",
  "null",
  "ünï\u{1F600}",
  [],
  {},
  { a: [1, "x", null, { b: true }], "": 0 },
  { n: [Number.NaN, Number.NEGATIVE_INFINITY, -0, 2n ** 60n, "n5", "s"], "2": "i7" },
];

/** Series, their addresses and the current signals. */
export function seriesContract(factory: StoreFactory): void {
  describe("series and signals", () => {
    const fixture = storeFixture(factory);

    it("gives a series one id for ever", async () => {
      const { series } = fixture.store;
      const [a, b] = await series.ensure(["a", "b"], 1);
      expect(a).to.not.equal(b);
      expect(await series.ensure(["b", "c", "a", "c"], 2)).to.deep.include.members([b, a]);
      const [again, , c, twice] = await series.ensure(["b", "a", "c", "c"], 3);
      expect([again, c]).to.deep.equal([b, twice]);
    });

    it("shows a series at its leaf from the write that makes it, as addressing it would", async () => {
      const { series } = fixture.store;
      const leaf = (part: string) => ({ collection: "entity", document: "urn:e", part }) as const;
      const [, told = 0] = await series.ensure(["a", "b", "c"], 1, [undefined, leaf("b"), leaf("c")]);
      const parts = async () => (await series.of("entity", ["urn:e"])).get("urn:e") ?? [];
      const before = await parts();
      expect(before.map(({ part, linked }) => [part, linked])).to.have.deep.members([
        ["b", false],
        ["c", false],
      ]);
      await series.address(new Map([[told, [leaf("b")]]]), 2);
      await series.ensure(["b"], 3, [leaf("b")]);
      await series.ensure(["b"], 4);
      expect(await parts()).to.have.deep.members([...before]);
    });

    it("makes 10,000 series, takes a sample of each and reads them back, in a moment", async () => {
      const { store } = fixture;
      const started = performance.now();
      const ids = await store.series.ensure(
        Array.from({ length: 10_000 }, (_, index) => `s${index}`),
        1,
      );
      await commit(store, [{ samples: ids.map((id, index) => sample(id, index)) }]);
      const signals = await store.series.signals(ids);
      expect(signals).to.have.length(10_000);
      expect(signals[9_999]?.value).to.equal(9_999);
      expect(performance.now() - started).to.be.below(5_000);
    });

    it("keeps every value exactly, now and in history", async () => {
      const { store } = fixture;
      const ids = await store.series.ensure(
        hardValues.map((_, index) => `s${index}`),
        1,
      );
      await commit(store, [{ samples: hardValues.map((value, index) => sample(ids[index] ?? 0, value)) }]);
      const signals = await store.series.signals(ids);
      expect(signals.map(({ value }) => value)).to.deep.equal(hardValues);
      for (const [index, id] of ids.entries()) {
        const rows = await store.series.history(id, { limit: 5, order: "oldest-first" });
        expect(rows.map(({ value }) => value)).to.deep.equal([hardValues[index]]);
        expect(Object.is(rows[0]?.value, hardValues[index]) || typeof hardValues[index] === "object").to.equal(true);
      }
    });

    it("keeps quality, code and times; the first value dates the signal", async () => {
      const { store } = fixture;
      const [id = 0] = await store.series.ensure(["a"], 1);
      await commit(store, [{ samples: [sample(id, undefined, { quality: "bad", code: "BadNoData", at: 1 })] }], 10);
      await commit(store, [{ samples: [sample(id, 1, { at: 2.5, receivedAt: 3 })] }], 20);
      await commit(store, [{ samples: [sample(id, 2, { quality: "uncertain", at: 4, receivedAt: 5 })] }], 30);
      expect(await store.series.signals([id])).to.deep.equal([
        { series: id, value: 2, quality: "uncertain", at: 4, receivedAt: 5, createdAt: 20, modifiedAt: 30 },
      ]);
      const rows = await store.series.history(id, { limit: 5, order: "oldest-first" });
      expect(rows.map(({ code, quality, at, modifiedAt }) => [code, quality, at, modifiedAt])).to.deep.equal([
        ["BadNoData", "bad", 1, 10],
        [undefined, "good", 2.5, 20],
        [undefined, "uncertain", 4, 30],
      ]);
    });

    it("live and record are told apart; a deleted signal is gone and leaves its row in history", async () => {
      const { store } = fixture;
      const [id = 0] = await store.series.ensure(["a"], 1);
      await commit(store, [{ samples: [sample(id, 1, { record: false }), sample(id, 2, { live: false, at: 5 })] }]);
      expect((await store.series.signals([id])).map(({ value }) => value)).to.deep.equal([1]);
      await commit(store, [{ samples: [sample(id, undefined, { deleted: true, at: 9 })] }]);
      expect(await store.series.signals([id])).to.deep.equal([]);
      const rows = await store.series.history(id, { limit: 5, order: "oldest-first" });
      expect(rows.map(({ value, deleted }) => [value, deleted])).to.deep.equal([
        [2, undefined],
        [undefined, true],
      ]);
    });

    it("remembers at which leaves a series was shown, and when", async () => {
      const { series } = fixture.store;
      const [a = 0, b = 0] = await series.ensure(["a", "b"], 1);
      await series.address(
        new Map([
          [a, [leaf("x"), leaf("y")]],
          [b, [leaf("z")]],
        ]),
        10,
      );
      await series.address(new Map([[a, [leaf("y")]]]), 20);
      await series.address(new Map([[b, [leaf("x")]]]), 30);
      await series.address(new Map([[b, [leaf("x")]]]), 40);
      expect(await series.at(leaf("x"))).to.deep.equal([
        { series: a, from: 10, to: 20 },
        { series: b, from: 30 },
      ]);
      expect(await series.at(leaf("y"))).to.deep.equal([{ series: a, from: 10 }]);
      expect(await series.at(leaf("z"))).to.deep.equal([{ series: b, from: 10, to: 30 }]);
      await series.address(new Map([[b, []]]), 30);
      expect(await series.at(leaf("x")), "never shown to anybody").to.deep.equal([{ series: a, from: 10, to: 20 }]);
    });
  });
}
