import { expect } from "chai";
import type { Mutation } from "../../../src/core/mutation.ts";
import type { Store } from "../../../src/store/contract.ts";
import type { AggregateQuery, HistoryQuery, HistoryRow } from "../../../src/store/series-contract.ts";
import { commit, type StoreFactory, sample, storeFixture } from "./store-fixture.ts";

const all = { limit: 10_000, order: "oldest-first" } as const;
const ENTITY = "urn:e";

const put = (id: string, more: Partial<{ expiresAt: number; partExpiresAt: number }> = {}): Mutation => ({
  kind: "document.put",
  collection: "entity",
  document: {
    id,
    body: '{"a":"body"}',
    keys: { type: ["T", "U"] },
    ...(more.expiresAt === undefined ? {} : { expiresAt: more.expiresAt }),
  },
  parts: [
    {
      key: "p",
      name: "p",
      kind: "Property",
      body: "{}",
      ...(more.partExpiresAt === undefined ? {} : { expiresAt: more.partExpiresAt }),
    },
  ],
});

/** What was: by every time, of whole documents, amended, erased, brought together by periods. */
export function evolutionContract(factory: StoreFactory): void {
  describe("evolutions", () => {
    const fixture = storeFixture(factory);
    const rowsOf = (store: Store, series: number, query: Partial<HistoryQuery> = {}) =>
      store.series.history(series, { ...all, ...query });
    const values = async (store: Store, series: number, query: Partial<HistoryQuery> = {}) =>
      (await rowsOf(store, series, query)).map(({ value }) => value);
    /** Before and after history is brought together. */
    const twice = async (store: Store, check: () => Promise<void>): Promise<void> => {
      await check();
      await bringTogether(store);
      await check();
    };

    it("reads a series by the time of its source, of its commit and of its deletions", async () => {
      const { store } = fixture;
      const [id = 0] = await store.series.ensure(["a"], 1);
      await commit(store, [{ samples: [sample(id, "late", { at: 500 })] }], 1_000);
      await commit(store, [{ samples: [sample(id, "early", { at: 100 })] }], 1_010);
      await commit(store, [{ samples: [sample(id, "unobserved", { at: 1_020, unobserved: true })] }], 1_020);
      await commit(store, [{ samples: [sample(id, "gone", { at: 1_030, deleted: true })] }], 1_030);
      await twice(store, async () => {
        expect(await values(store, id)).to.deep.equal(["early", "late", "unobserved", "gone"]);
        expect(await values(store, id, { by: "observed" })).to.deep.equal(["early", "late"]);
        expect(await values(store, id, { by: "created" })).to.deep.equal(["late", "early", "unobserved", "gone"]);
        expect(await values(store, id, { by: "modified", from: 1_010, to: 1_030 })).to.deep.equal([
          "early",
          "unobserved",
        ]);
        expect(await values(store, id, { by: "deleted", from: 1_030 })).to.deep.equal(["gone"]);
        const newest = { by: "modified", order: "newest-first", limit: 2 } as const;
        expect(await values(store, id, newest)).to.deep.equal(["gone", "unobserved"]);
      });
    });

    it("reads many histories at once, each with its own limit", async () => {
      const { store } = fixture;
      const ids = await store.series.ensure(["a", "b", "c"], 1);
      const [a = 0, b = 0, c = 0] = ids;
      for (let at = 0; at < 5; at++)
        await commit(store, [{ samples: [sample(a, at, { at }), sample(b, -at, { at })] }]);
      await twice(store, async () => {
        const found = await store.series.histories(ids, { ...all, from: 1, limit: 2 });
        expect([...found.keys()]).to.have.members([a, b]);
        expect(found.get(b)?.map(({ value }) => value)).to.deep.equal([-1, -2]);
        expect(found.has(c)).to.equal(false);
      });
    });

    it("knows every series of a document, ended ones too, and whose they are", async () => {
      const { store } = fixture;
      const [own = 0, link = 0] = await store.series.ensure(["own", "link"], 1);
      const leaf = (part: string) => ({ collection: "entity", document: ENTITY, part }) as const;
      await store.series.address(new Map([[own, [leaf("p")]]]), 5);
      await store.series.address(new Map([[link, [leaf("q")]]]), 6, { linked: true });
      await store.series.address(new Map([[link, []]]), 9);
      const found = await store.series.of("entity", [ENTITY, "urn:other"]);
      expect([...found]).to.deep.equal([
        [
          ENTITY,
          [
            { part: "p", series: own, linked: false, from: 5 },
            { part: "q", series: link, linked: true, from: 6, to: 9 },
          ],
        ],
      ]);
    });

    it("amends one row and takes one away, wherever it lies; its instance and its creation stay", async () => {
      const { store } = fixture;
      const [id = 0] = await store.series.ensure(["a"], 1);
      await commit(store, [{ samples: [1, 2, 3].map((at) => sample(id, at, { at })) }], 1_000);
      const keyOf = ({ instance, createdAt, modifiedAt }: HistoryRow) => {
        return { series: id, instance, createdAt: createdAt ?? modifiedAt };
      };
      const amend = async (row: HistoryRow | undefined, value: number | undefined, at: number) => {
        if (row === undefined) throw new Error("there is a row");
        const state = value === undefined ? undefined : ({ value, quality: "good", at } as const);
        return store.series.amend(keyOf(row), state, 2_000);
      };
      const [first, second, third] = await rowsOf(store, id);
      expect(await amend(first, 10, 99)).to.equal(true);
      expect(await values(store, id)).to.deep.equal([2, 3, 10]);
      await bringTogether(store);
      expect(await amend(second, undefined, 0)).to.equal(true);
      expect(await amend(third, 30, 3.5)).to.equal(true);
      expect(await amend(second, 5, 5), "it is gone").to.equal(false);
      await twice(store, async () => {
        const rows = await rowsOf(store, id);
        expect(rows.map(({ value, at }) => [value, at])).to.deep.equal([
          [30, 3.5],
          [10, 99],
        ]);
        expect(rows.map(({ instance }) => instance)).to.deep.equal([third?.instance, first?.instance]);
        for (const row of rows) expect(row).to.include({ createdAt: 1_000, modifiedAt: 2_000 });
        expect(await values(store, id, { by: "created", to: 1_001 })).to.have.members([10, 30]);
        expect(await values(store, id, { by: "modified", to: 1_001 })).to.deep.equal([]);
      });
    });

    it("erases a series' past for good, and goes on with it", async () => {
      const { store } = fixture;
      const [id = 0, other = 0] = await store.series.ensure(["a", "b"], 1);
      await commit(store, [{ samples: [sample(id, "old", { at: 1 }), sample(other, "kept", { at: 1 })] }]);
      await bringTogether(store);
      await commit(store, [{ samples: [sample(id, "hot", { at: 2 })] }]);
      await store.series.erase([id]);
      await commit(store, [{ samples: [sample(id, "new", { at: 0 })] }]);
      await twice(store, async () => {
        expect(await values(store, id)).to.deep.equal(["new"]);
        expect(await values(store, other)).to.deep.equal(["kept"]);
      });
      expect((await store.series.signals([id]))[0]?.value, "the present stays").to.equal("new");
    });

    it("brings values together by periods: the same before and after history is", async () => {
      const { store } = fixture;
      const [id = 0, bodies = 0] = await store.series.ensure(["a", "b"], 1);
      for (let at = 0; at < 10; at++) {
        const body = { type: "Relationship", object: `urn:${at % 2}` };
        const held = at === 4 ? ({ quality: "bad" } as const) : {};
        await commit(store, [{ samples: [sample(id, at, { at, ...held }), sample(bodies, body, { at })] }]);
      }
      const query: AggregateQuery = {
        period: { months: 0, ms: 4 },
        origin: 0,
        to: 9,
        methods: ["totalCount", "avg", "max", "distinctCount"],
        members: { Relationship: { name: "object", counted: true } },
      };
      await twice(store, async () => {
        const [numbers, targets] = await store.series.aggregates([[{ series: id }], [{ series: bodies }]], query);
        expect(numbers).to.deep.equal({
          ineligible: [],
          periods: [
            { start: 0, end: 4, results: { totalCount: 4, avg: 1.5, max: 3, distinctCount: 4 } },
            { start: 4, end: 8, results: { totalCount: 3, avg: 6, max: 7, distinctCount: 3 } },
            { start: 8, end: 12, results: { totalCount: 1, avg: 8, max: 8, distinctCount: 1 } },
          ],
        });
        expect(targets).to.deep.include({ type: "Relationship", ineligible: ["avg", "max"] });
        expect(targets?.periods[0]?.results).to.deep.equal({ totalCount: 4, distinctCount: 2 });
      });
      const whole = await store.series.aggregates([[{ series: id }]], {
        period: { months: 0, ms: 0 },
        methods: ["sum"],
      });
      expect(whole[0]?.periods).to.deep.equal([{ start: 0, end: 9, results: { sum: 41 } }]);
    });

    it("keeps the head of an entity that was deleted or is past its time, until it is made anew", async () => {
      const { store, clock } = fixture;
      const heads = async () => (await store.documents.list("evolution", undefined, { limit: 10 })).items;
      await commit(store, [{ mutations: [put("urn:a"), put("urn:b", { expiresAt: clock.time + 5 })] }], 1_000);
      await commit(store, [{ mutations: [{ kind: "document.delete", collection: "entity", id: "urn:a" }] }], 2_000);
      await store.sweep(clock.time + 10);
      const kept = await heads();
      expect(kept.map(({ id }) => id)).to.deep.equal(["urn:a", "urn:b"]);
      expect(kept[0]).to.deep.include({ createdAt: 1_000, modifiedAt: 2_000, keys: { type: ["T", "U"] } });
      const typed = { kind: "key", name: "type", in: ["U"] } as const;
      expect((await store.documents.list("evolution", typed, { limit: 10 })).items).to.have.length(2);
      await commit(store, [{ mutations: [put("urn:a")] }]);
      expect((await heads()).map(({ id }) => id)).to.deep.equal(["urn:b"]);
      await store.sweep(clock.time + 10 + 3_600_001);
      expect(await heads(), "past the retention").to.deep.equal([]);
    });

    it("a part that is past its time takes what it said along, a link's series stays", async () => {
      const { store, clock } = fixture;
      const [own = 0, link = 0] = await store.series.ensure(["own", "link"], 1);
      const leaf = { collection: "entity", document: ENTITY, part: "p" } as const;
      await store.series.address(new Map([[own, [leaf]]]), 5);
      await store.series.address(new Map([[link, [leaf]]]), 5, { linked: true });
      const samples = [sample(own, "own"), sample(link, "link")];
      await commit(store, [{ mutations: [put(ENTITY, { partExpiresAt: clock.time + 5 })], samples }], clock.time);
      await store.sweep(clock.time + 10);
      expect(await values(store, own)).to.deep.equal([]);
      expect(await values(store, link)).to.deep.equal(["link"]);
    });
  });
}

/** So many rows of another series that all is brought together. */
async function bringTogether(store: Store): Promise<void> {
  const [filler = 0] = await store.series.ensure(["filler"], 1);
  await commit(store, [{ samples: Array.from({ length: 2_000 }, (_, at) => sample(filler, at, { at, live: false })) }]);
  await store.sweep(1_000_000);
}
