import { expect } from "chai";
import type { Comparison, ComparisonSide } from "../../../src/core/comparison.ts";
import type { DocumentKeys, NewPart } from "../../../src/core/document.ts";
import type { BodyField, BodyPath, ElementStep, Filter } from "../../../src/core/filter.ts";
import type { Mutation } from "../../../src/core/mutation.ts";
import { commit, errorCode, type StoreFactory, sample, storeFixture } from "./store-fixture.ts";

const submodel = (id: string, body: unknown, parts: readonly NewPart[] = []): Mutation => ({
  kind: "document.put",
  collection: "submodel",
  document: { id, body: JSON.stringify(body), keys: {} },
  parts,
});
const shell = (id: string, keys: DocumentKeys, body: unknown = {}): Mutation => ({
  kind: "document.put",
  collection: "shell",
  document: { id, body: JSON.stringify(body), keys },
  parts: [],
});
const leaf = (key: string, value: string, parent?: string): NewPart => {
  const number = Number(value);
  const name = /[^.[\]]+(?=\]?$)/.exec(key)?.[0] ?? key;
  return {
    key,
    name,
    ...(parent === undefined ? {} : { parent }),
    kind: "Property",
    body: JSON.stringify({ value }),
    ...(Number.isNaN(number) ? {} : { num: number }),
    text: value,
  };
};
const list = (key: string, parent?: string): NewPart => ({
  key,
  name: /[^.[\]]+(?=\]?$)/.exec(key)?.[0] ?? key,
  ...(parent === undefined ? {} : { parent }),
  kind: "SubmodelElementList",
  body: "{}",
});

type Side = ComparisonSide<BodyField>;
const text = (value: string): Side => ({ kind: "constant", value: { type: "string", value } });
const number = (value: number): Side => ({ kind: "constant", value: { type: "number", value } });
const at = (
  level: number,
  path: BodyPath,
  more: Partial<Extract<Side, { kind: "field" }>> = {},
  live = false,
): Side => ({
  kind: "field",
  field: { level, paths: [path], ...(live ? { live } : {}) },
  as: [],
  ...more,
});
const compare = (left: Side, operator: Comparison<BodyField>["operator"], right: Side): Filter => ({
  kind: "compare",
  comparison: { operator, left, right },
});
const element = (
  path: readonly ElementStep[],
  of: Filter,
  more: { anywhere?: boolean; level?: number } = {},
): Filter => ({
  kind: "element",
  level: 0,
  anywhere: true,
  ...more,
  path,
  of,
});
const any = { index: "any" } as const;

/** Searches: conditions on bodies, on parts by their path, on documents beside this one, and pages of bounded time. */
export function searchContract(factory: StoreFactory): void {
  describe("searches", () => {
    const fixture = storeFixture(factory);
    /** With and without patience the same is found. */
    const ids = async (filter: Filter, collection: "submodel" | "shell" = "submodel"): Promise<string> => {
      const { documents } = fixture.store;
      const whole = await documents.list(collection, filter, { limit: 100 });
      const patient = await documents.list(collection, filter, { limit: 100, patience: 10_000 });
      expect(patient.items.map(({ id }) => id)).to.deep.equal(whole.items.map(({ id }) => id));
      return whole.items.map(({ id }) => id).join(" ");
    };

    it("compare what stands in a body, every text that a path leads to", async () => {
      const { store } = fixture;
      const mutations = [
        submodel("a", { idShort: "Aa", keys: [{ value: "x" }, { value: "y" }] }),
        submodel("b", { idShort: "7.0", keys: [{ value: "z" }] }),
        submodel("c", {}),
      ];
      await commit(store, [{ mutations }]);
      const keys = at(0, ["keys", any, "value"]);
      expect(await ids(compare(keys, "=", text("y")))).to.equal("a");
      expect(await ids(compare(at(0, ["keys", { index: 0 }, "value"]), "=", text("y")))).to.equal("");
      expect(await ids(compare(keys, "<>", text("y"))), "one that is another is enough").to.equal("a b");
      expect(await ids({ kind: "not", of: compare(keys, "=", text("y")) })).to.equal("b c");
      expect(await ids(compare(keys, "match", text("^[yz]$")))).to.equal("a b");
      expect(await ids(compare(at(0, ["idShort"], { as: ["number"] }), "=", number(7)))).to.equal("b");
      expect(await errorCode(ids(compare(keys, "match", text("("))))).to.equal("invalid");
    });

    it("leave out what is unknown, and all that is said together with it", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: [submodel("a", { idShort: "true" }), submodel("b", { idShort: "maybe" })] }]);
      const truth: Side = { kind: "constant", value: { type: "boolean", value: true } };
      const isTrue = compare(at(0, ["idShort"], { as: ["boolean"] }), "=", truth);
      const always: Filter = { kind: "all", of: [] };
      expect(await ids(isTrue)).to.equal("a");
      expect(await ids({ kind: "not", of: isTrue })).to.equal("");
      expect(await ids({ kind: "any", of: [always, isTrue] })).to.equal("a");
      expect(await ids({ kind: "not", of: { kind: "all", of: [{ kind: "any", of: [] }, isTrue] } })).to.equal("a");
    });

    it("bind one item of an array for several conditions", async () => {
      const { store } = fixture;
      const body = {
        ids: [
          { n: "s", v: "1" },
          { n: "c", v: "2" },
        ],
      };
      await commit(store, [{ mutations: [submodel("a", body), submodel("b", { ids: [{ n: "s", v: "2" }] })] }]);
      const of: Filter = {
        kind: "all",
        of: [compare(at(1, ["n"]), "=", text("s")), compare(at(1, ["v"]), "=", text("2"))],
      };
      expect(await ids({ kind: "item", level: 0, path: ["ids"], of })).to.equal("b");
    });

    it("find parts by a path that begins anywhere, and by lists", async () => {
      const { store } = fixture;
      const parts = [list("L"), list("L[0]", "L"), leaf("L[0].P", "1", "L[0]"), leaf("L[0].Q", "x", "L[0]")];
      const more = [list("L[1]", "L"), leaf("L[1].P", "2", "L[1]"), leaf("L[1].Q", "y", "L[1]")];
      await commit(store, [
        { mutations: [submodel("a", {}, [...parts, ...more]), submodel("b", {}, [leaf("P", "2")])] },
      ]);
      const value = (level: number): Side => at(level, ["value"], {}, true);
      const isTwo = compare(value(1), "=", text("2"));
      expect(await ids(element(["P"], isTwo))).to.equal("a b");
      expect(await ids(element(["P"], isTwo, { anywhere: false }))).to.equal("b");
      expect(await ids(element(["L", { index: 0 }, "P"], isTwo))).to.equal("");
      expect(await ids(element(["L", any, "P"], isTwo))).to.equal("a");
      expect(await ids(element([], compare(value(1), "=", text("y"))))).to.equal("a");
      const both = (q: string): Filter =>
        element(["L", any], {
          kind: "all",
          of: [
            element(["P"], compare(value(2), "=", text("1")), { anywhere: false, level: 1 }),
            element(["Q"], compare(value(2), "=", text(q)), { anywhere: false, level: 1 }),
          ],
        });
      expect(await ids(both("x"))).to.equal("a");
      expect(await ids(both("y"))).to.equal("");
    });

    it("see what a linked part's signal says, and nothing before it has a value (rules 9 and 11)", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: ["a", "b"].map((id) => submodel(id, {}, [leaf("P", "5")])) }]);
      const over = (value: number): Filter =>
        element(["P"], compare(at(1, ["value"], { as: ["number"] }, true), ">", number(value)));
      const is = (value: string): Filter => element(["P"], compare(at(1, ["value"], {}, true), "=", text(value)));
      expect(await ids(over(4))).to.equal("a b");
      const [series = 0] = await store.series.ensure(["s"], 1);
      const leaves = [{ collection: "submodel", document: "a", part: "P" }] as const;
      await store.series.address(new Map([[series, leaves]]), 1, { linked: true });
      expect(await ids(over(4))).to.equal("b");
      await commit(store, [{ samples: [sample(series, 9.5)] }]);
      expect(await ids(over(9))).to.equal("a");
      expect(await ids(is("9.5"))).to.equal("a");
      await commit(store, [{ samples: [sample(series, "on")] }]);
      expect(await ids(is("on"))).to.equal("a");
      expect(await ids(is("5"))).to.equal("b");
      expect(await ids(over(4))).to.equal("b");
    });

    it("lead to documents that a key names, and to those whose key names this one", async () => {
      const { store } = fixture;
      const mutations = [
        submodel("a", { idShort: "Aa" }),
        submodel("b", { idShort: "Bb" }),
        shell("s", { submodel: ["a", "b"] }, { idShort: "Ss" }),
        shell("t", { submodel: ["b", "gone"] }, { idShort: "Tt" }),
      ];
      await commit(store, [{ mutations }]);
      const related = (collection: "submodel" | "shell", idShort: string): Filter => ({
        kind: "related",
        level: 0,
        collection,
        key: "submodel",
        direction: collection === "submodel" ? "named" : "naming",
        of: compare(at(1, ["idShort"]), "=", text(idShort)),
      });
      expect(await ids(related("submodel", "Bb"), "shell")).to.equal("s t");
      expect(await ids(related("submodel", "Aa"), "shell")).to.equal("s");
      expect(await ids(related("shell", "Tt"))).to.equal("b");
      expect(await ids({ kind: "not", of: related("shell", "Tt") })).to.equal("a");
    });

    it("end a page early where there is much to walk through, and go on where it ended", async () => {
      const { store } = fixture;
      const wanted = new Set([3, 1_500, 2_999]);
      const mutations = Array.from({ length: 3_000 }, (_, index) =>
        submodel(`d${index}`, { idShort: wanted.has(index) ? "wanted" : "other" }),
      );
      await commit(store, [{ mutations }]);
      const filter = compare(at(0, ["idShort"]), "contains", text("want"));
      const found: string[] = [];
      let pages = 0;
      for (let after: number | undefined = 0; after !== undefined; pages++) {
        const page = await store.documents.list("submodel", filter, { limit: 2, after, patience: 0 });
        expect(page.items.length).to.be.at.most(2);
        found.push(...page.items.map(({ id }) => id));
        after = page.next;
      }
      expect(found).to.deep.equal(["d3", "d1500", "d2999"]);
      expect(pages).to.be.greaterThan(1);
    });

    it("take an index's word for nothing: what it leads to is judged like all else", async () => {
      const { store } = fixture;
      const long = "x".repeat(200);
      const mutations = [
        submodel("a", {}, [leaf("P", `${long}1`)]),
        submodel("b", {}, [leaf("P", `${long}2`)]),
        submodel("c", {}, [leaf("P", "07")]),
      ];
      await commit(store, [{ mutations }]);
      const is = (value: string): Filter => element(["P"], compare(at(1, ["value"], {}, true), "=", text(value)));
      expect(await ids(is(`${long}2`))).to.equal("b");
      expect(await ids(is("7"))).to.equal("");
      expect(await ids(is("07"))).to.equal("c");
      const { next } = await store.documents.list("submodel", is("07"), { limit: 1, patience: 1_000 });
      expect(next).to.equal(undefined);
    });
  });
}
