import { expect } from "chai";
import type { Mutation, Precondition } from "../../../src/core/mutation.ts";
import type { CommitUnit } from "../../../src/store/contract.ts";
import { commit, type StoreFactory, sample, storeFixture } from "./store-fixture.ts";

const put = (id: string, body = "{}"): Mutation => ({
  kind: "document.put",
  collection: "entity",
  document: { id, body, keys: {} },
  parts: [{ key: "p", name: "p", kind: "Property", body: "1" }],
});
const must = (id: string, what: Precondition["must"], part?: string): Precondition => ({
  collection: "entity",
  id,
  must: what,
  ...(part === undefined ? {} : { part }),
});

/** Units: order, preconditions, and that each is carried out whole or not at all. */
export function commitContract(factory: StoreFactory): void {
  describe("commits", () => {
    const fixture = storeFixture(factory);
    const codes = async (units: readonly CommitUnit[]): Promise<readonly unknown[]> =>
      (await fixture.store.commit(units, 5)).map((result) => result.ok || result.error.code);

    it("numbers units in order, across calls", async () => {
      const { store } = fixture;
      const first = await commit(store, [{ mutations: [put("a")] }, {}, { mutations: [put("b")] }]);
      const together = await Promise.all([commit(store, [{}]), commit(store, [{}, {}]), commit(store, [{}])]);
      const all = [...first, ...together.flat()];
      expect(all).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    });

    it("holds preconditions on documents, parts and versions", async () => {
      const { store } = fixture;
      const [version = 0] = await commit(store, [{ mutations: [put("a")] }]);
      const outcome = await codes([
        { preconditions: [must("a", "exist"), must("a", "exist", "p"), must("a", "be-absent", "q")] },
        { preconditions: [must("a", { version })] },
        { preconditions: [must("a", "be-absent")] },
        { preconditions: [must("b", "exist")] },
        { preconditions: [must("a", "exist", "q")] },
        { preconditions: [must("a", "be-absent", "p")] },
        { preconditions: [must("a", { version: version + 1 })] },
        { preconditions: [must("b", { version })] },
      ]);
      const refused = [
        "already-exists",
        "not-found",
        "not-found",
        "already-exists",
        "precondition-failed",
        "not-found",
      ];
      expect(outcome).to.deep.equal([true, true, ...refused]);
    });

    it("a version goes on with every commit that touches the document, not with samples", async () => {
      const { store } = fixture;
      const [series = 0] = await store.series.ensure(["a"], 1);
      const [version = 0] = await commit(store, [{ mutations: [put("a")] }]);
      await commit(store, [{ samples: [sample(series, 1)] }]);
      expect(await codes([{ preconditions: [must("a", { version })], mutations: [put("a", "2")] }])).to.deep.equal([
        true,
      ]);
      expect(await codes([{ preconditions: [must("a", { version })] }])).to.deep.equal(["precondition-failed"]);
    });

    it("takes back all of a unit that fails late, and nothing of its neighbours", async () => {
      const { store } = fixture;
      const [one = 0, two = 0, three = 0] = await store.series.ensure(["one", "two", "three"], 1);
      const missing: Mutation = { kind: "document.delete", collection: "entity", id: "missing" };
      const outcome = await codes([
        { mutations: [put("a")], samples: [sample(one, "a")] },
        {
          mutations: [put("b"), missing],
          samples: [sample(one, "b"), sample(two, "b", { code: "Bad" })],
          deliveries: [{ target: "t", kind: "k", body: "b" }],
        },
        { mutations: [put("c")], samples: [sample(three, "c")], deliveries: [{ target: "t", kind: "k", body: "c" }] },
      ]);
      expect(outcome).to.deep.equal([true, "not-found", true]);
      const { documents, series, outbox } = store;
      const ids = (await documents.list("entity", undefined, { limit: 10 })).items.map(({ id }) => id);
      expect(ids).to.deep.equal(["a", "c"]);
      const values = (await series.signals([one, two, three])).map(({ series: id, value }) => [id, value]);
      expect(values).to.deep.equal([
        [one, "a"],
        [three, "c"],
      ]);
      expect(await series.history(two, { limit: 9, order: "oldest-first" })).to.deep.equal([]);
      expect((await outbox.claim(9, 9, [])).map(({ body }) => body)).to.deep.equal(["c"]);
    });

    it("later units of one commit see earlier ones", async () => {
      const outcome = await codes([
        { mutations: [put("a")] },
        { preconditions: [must("a", "be-absent")], mutations: [put("a")] },
        { mutations: [{ kind: "document.delete", collection: "entity", id: "a" }] },
        { preconditions: [must("a", "be-absent")], mutations: [put("a")] },
      ]);
      expect(outcome).to.deep.equal([true, "already-exists", true, true]);
    });

    it("callers at the same time: each gets its own results, and reads its own writes", async () => {
      const { store } = fixture;
      const callers = Array.from({ length: 50 }, async (_, caller) => {
        const units = [{ mutations: [put(`d${caller}`)] }, { preconditions: [must(`d${caller}`, "be-absent")] }];
        const results = await codes(units);
        const read = await store.documents.get("entity", `d${caller}`);
        return [results, read?.id];
      });
      const expected = Array.from({ length: 50 }, (_, caller) => [[true, "already-exists"], `d${caller}`]);
      expect(await Promise.all(callers)).to.deep.equal(expected);
    });

    it("writes out all that was accepted before it closes", async () => {
      const { store } = fixture;
      const commits = Array.from({ length: 200 }, (_, index) => commit(store, [{ mutations: [put(`d${index}`)] }]));
      await store.close();
      expect((await Promise.all(commits)).flat()).to.have.length(200);
    });

    it("counts what it did", async () => {
      const { store } = fixture;
      const [series = 0] = await store.series.ensure(["a"], 1);
      await commit(store, [{ samples: [sample(series, 1), sample(series, 2)] }, {}]);
      const stats = await store.stats();
      expect(stats).to.include({ units: 2, samples: 2, historyRows: 2, historyDropped: 0 });
      expect(stats.bytes).to.be.greaterThan(0);
      expect(stats.commits).to.be.at.least(1);
    });
  });
}
