import { expect } from "chai";
import type { DocumentKeys } from "../../../src/core/document.ts";
import type { Filter, ValueTest } from "../../../src/core/filter.ts";
import type { Mutation } from "../../../src/core/mutation.ts";
import { commit, errorCode, type StoreFactory, sample, storeFixture } from "./store-fixture.ts";

const put = (id: string, keys: DocumentKeys = {}, parts: readonly string[] = []): Mutation => ({
  kind: "document.put",
  collection: "entity",
  document: { id, body: "{}", keys },
  parts: parts.map((name) => ({ key: `${name}#1`, name, kind: "Property", body: "1" })),
});
const drop = (id: string): Mutation => ({ kind: "document.delete", collection: "entity", id });

/** Lists: every kind of filter, and pages that stay where they are. */
export function listContract(factory: StoreFactory): void {
  describe("lists", () => {
    const fixture = storeFixture(factory);
    const ids = async (filter: Filter | undefined): Promise<string> => {
      const page = await fixture.store.documents.list("entity", filter, { limit: 100, count: true });
      expect(page.total).to.equal(page.items.length);
      return page.items.map(({ id }) => id).join(" ");
    };

    it("filters by id, pattern, key and part, and joins them", async () => {
      const mutations = [
        put("urn:a", { type: ["Pump"] }, ["speed"]),
        put("urn:b", { type: ["Pump", "Motor"], scope: ["/x"] }, ["power"]),
        put("urn:c", { type: ["Motor"] }, ["speed", "power"]),
      ];
      await commit(fixture.store, [{ mutations }]);
      const key = (name: string, ...values: string[]): Filter => ({ kind: "key", name, in: values });
      const part = (...names: string[]): Filter => ({ kind: "part", names });
      expect(await ids(undefined)).to.equal("urn:a urn:b urn:c");
      expect(await ids({ kind: "id", in: ["urn:c", "urn:a", "urn:x"] })).to.equal("urn:a urn:c");
      expect(await ids({ kind: "id-pattern", pattern: "^urn:[bc]$" })).to.equal("urn:b urn:c");
      expect(await ids(key("type", "Pump"))).to.equal("urn:a urn:b");
      expect(await ids(key("type", "Pump", "Motor"))).to.equal("urn:a urn:b urn:c");
      expect(await ids(key("type"))).to.equal("");
      expect(await ids(part("speed"))).to.equal("urn:a urn:c");
      expect(await ids(part("speed", "power"))).to.equal("urn:a urn:b urn:c");
      expect(await ids({ kind: "all", of: [key("type", "Motor"), part("power")] })).to.equal("urn:b urn:c");
      expect(await ids({ kind: "any", of: [key("scope", "/x"), { kind: "id", in: ["urn:a"] }] })).to.equal(
        "urn:a urn:b",
      );
      expect(await ids({ kind: "not", of: key("type", "Motor") })).to.equal("urn:a");
      expect(await ids({ kind: "all", of: [] })).to.equal("urn:a urn:b urn:c");
      expect(await ids({ kind: "any", of: [] })).to.equal("");
    });

    it("text in a filter is never part of the query's own text", async () => {
      await commit(fixture.store, [{ mutations: [put("a'b"), put('c"d')] }]);
      expect(await ids({ kind: "id", in: ["a'b"] })).to.equal("a'b");
      expect(await ids({ kind: "key", name: "' OR 1 --", in: ["x"] })).to.equal("");
      expect(await ids({ kind: "id-pattern", pattern: '^c"' })).to.equal('c"d');
    });

    it("a pattern that is none is invalid, a hard one takes no time", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: [put(`${"a".repeat(2_000)}!`)] }]);
      const broken = store.documents.list("entity", { kind: "id-pattern", pattern: "(a" }, { limit: 1 });
      expect(await errorCode(broken)).to.equal("invalid");
      expect(await ids({ kind: "id-pattern", pattern: "^(a+)+$" })).to.equal("");
    });

    it("a linked part counts once its signal has a value, and as a stored one when the link has gone", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: [put("a", {}, ["speed"]), put("b", {}, ["speed"])] }]);
      const speed: Filter = { kind: "part", names: ["speed"] };
      const [series = 0] = await store.series.ensure(["s"], 1);
      const shown = new Map([[series, [{ collection: "entity", document: "a", part: "speed#1" }] as const]]);
      await store.series.address(shown, 1);
      expect(await ids(speed), "a series for history alone").to.equal("a b");
      await store.series.address(shown, 2, { linked: true });
      expect(await ids(speed)).to.equal("b");
      await commit(store, [{ samples: [sample(series, undefined, { quality: "bad" })] }]);
      expect(await ids(speed)).to.equal("b");
      await commit(store, [{ samples: [sample(series, 4)] }]);
      expect(await ids(speed)).to.equal("a b");
      await store.series.address(new Map([[series, []]]), 3);
      expect(await ids(speed)).to.equal("a b");
    });

    it("filters by what a part says, a linked one by its signal (rule 11)", async () => {
      const { store } = fixture;
      const body = '{"value":3,"inside":[{"value":"x"},{"value":"y"}]}';
      const mutations = ["a", "b"].map((id): Mutation => {
        const document = { id, body: "{}", keys: {} };
        const part = { key: "speed#1", name: "speed", kind: "Property", body };
        return { kind: "document.put", collection: "entity", document, parts: [part] };
      });
      await commit(store, [{ mutations }]);
      const said = (test: ValueTest, under: readonly string[] = [], values = [["value"]]): Filter => {
        const overlay = { value: { Property: "value" }, at: "time", quality: "quality" };
        return { kind: "said", name: "speed", under, values, test, overlay };
      };
      const over = (value: number): Filter => said({ kind: "order", operator: ">", than: { type: "number", value } });
      expect(await ids(over(2))).to.equal("a b");
      expect(await ids(over(3))).to.equal("");
      const isY: ValueTest = { kind: "equal", not: false, any: [{ type: "string", value: "y" }] };
      expect(await ids(said(isY, ["inside"]))).to.equal("a b");
      const [series = 0] = await store.series.ensure(["s"], 1);
      const leaf = { collection: "entity", document: "a", part: "speed#1" } as const;
      await store.series.address(new Map([[series, [leaf]]]), 1, { linked: true });
      expect(await ids(over(2)), "no value yet").to.equal("b");
      await commit(store, [{ samples: [sample(series, 9, { quality: "bad" })] }]);
      expect(await ids(over(3))).to.equal("a");
      const isBad: ValueTest = { kind: "equal", not: false, any: [{ type: "string", value: "bad" }] };
      expect(await ids(said(isBad, ["quality"]))).to.equal("a");
      expect(await ids({ kind: "not", of: over(3) })).to.equal("b");
    });

    it("filters by the form of a key", async () => {
      await commit(fixture.store, [{ mutations: [put("a", { scope: ["/x/y"] }), put("b", { scope: ["/xy", "/z"] })] }]);
      const form = (prefix: string, pattern: string): Filter => ({
        kind: "key-pattern",
        name: "scope",
        prefix,
        pattern,
      });
      expect(await ids(form("/x", "^/x(?:/|$)"))).to.equal("a");
      expect(await ids(form("/", "^/"))).to.equal("a b");
      expect(await errorCode(ids(form("/", "(")))).to.equal("invalid");
    });

    it("counts what documents are and have", async () => {
      const { store } = fixture;
      const mutations = [
        put("a", { type: ["Pump", "Motor"] }, ["speed"]),
        put("b", { type: ["Pump"] }, ["speed", "power"]),
      ];
      await commit(store, [{ mutations }]);
      const all = await store.documents.census("entity", { key: "type" });
      expect([...all.documents]).to.have.deep.members([
        ["Motor", 1],
        ["Pump", 2],
      ]);
      expect([...all.parts]).to.have.deep.members([
        ["speed", 2],
        ["power", 1],
      ]);
      expect(all.uses.map(({ value, part }) => `${value}.${part}`)).to.deep.equal([
        "Motor.speed",
        "Pump.power",
        "Pump.speed",
      ]);
      const one = await store.documents.census("entity", { key: "type", value: "Motor", part: "power" });
      expect([[...one.documents], one.uses, [...one.parts]]).to.deep.equal([[["Motor", 1]], [], [["power", 1]]]);
    });

    it("pages stay where they are when documents come and go", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: ["a", "b", "c", "d", "e"].map((id) => put(id)) }]);
      const first = await store.documents.list("entity", undefined, { limit: 2 });
      expect(first.items.map(({ id }) => id)).to.deep.equal(["a", "b"]);
      await commit(store, [{ mutations: [drop("b"), drop("c"), put("f"), put("a"), drop("e")] }]);
      await commit(store, [{ mutations: [put("e")] }]);
      const { next = -1 } = first;
      const second = await store.documents.list("entity", undefined, { limit: 2, after: next, count: true });
      expect(second.items.map(({ id }) => id)).to.deep.equal(["d", "f"]);
      expect(second.total, "all that match, not only those of later pages").to.equal(4);
      const third = await store.documents.list("entity", undefined, { limit: 2, after: second.next ?? -1 });
      expect(third.items.map(({ id }) => id)).to.deep.equal(["e"]);
      expect(third).to.not.have.property("next");
    });

    it("pages by offset too, and refuses a limit beyond 1,000", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: ["a", "b", "c", "d"].map((id) => put(id)) }]);
      const page = await store.documents.list("entity", undefined, { limit: 2, offset: 1 });
      expect(page.items.map(({ id }) => id)).to.deep.equal(["b", "c"]);
      const none = await store.documents.list("entity", undefined, { limit: 0, count: true });
      expect(none).to.deep.include({ items: [], total: 4 });
      expect(await errorCode(store.documents.list("entity", undefined, { limit: 1_001 }))).to.equal("invalid");
    });
  });
}
