import { expect } from "chai";
import type { NewPart } from "../../../src/core/document.ts";
import type { Filter, Operand, Order, OrderTerm, SignalMembers, ValueTest } from "../../../src/core/filter.ts";
import type { Geometry, GeometryTest } from "../../../src/core/geometry.ts";
import type { Mutation } from "../../../src/core/mutation.ts";
import { commit, errorCode, type StoreFactory, sample, storeFixture } from "./store-fixture.ts";

const times = { created: "madeAt", modified: "changedAt" };
const overlay: SignalMembers = { value: { Property: "value", GeoProperty: "value" }, at: "time", quality: "quality" };

const property = (name: string, value: unknown): NewPart => ({
  key: name,
  name,
  kind: "Property",
  body: JSON.stringify({ value }),
  ...(typeof value === "number" ? { num: value } : {}),
  ...(typeof value === "string" ? { text: value } : {}),
});
const geometry = (name: string, value?: Geometry): NewPart => ({
  key: name,
  name,
  kind: "GeoProperty",
  body: JSON.stringify({ value }),
});
const put = (id: string, parts: readonly NewPart[], body: unknown = {}): Mutation => ({
  kind: "document.put",
  collection: "entity",
  document: { id, body: JSON.stringify(body), keys: {} },
  parts,
});
const point = (x: number, y: number): Geometry => ({ type: "Point", coordinates: [x, y] });
const square = (x: number, y: number, size: number): Geometry => ({
  type: "Polygon",
  coordinates: [
    [
      [x, y],
      [x + size, y],
      [x + size, y + size],
      [x, y + size],
      [x, y],
    ],
  ],
});
const said = (name: string, test: ValueTest): Filter => ({
  kind: "said",
  name,
  under: [],
  values: [["value"]],
  test,
  overlay,
});
const number = (value: number): Operand => ({ type: "number", value });
const text = (value: string): Operand => ({ type: "string", value });
const equal = (...any: Operand[]): ValueTest => ({ kind: "equal", not: false, any });
const ordered = (operator: ">" | ">=" | "<" | "<=", than: Operand): ValueTest => ({ kind: "order", operator, than });

/** Queries of entities: values and places by index, what documents say themselves, what parts link to, sorted pages. */
export function queryContract(factory: StoreFactory): void {
  describe("queries", () => {
    const fixture = storeFixture(factory);
    const ids = async (filter: Filter | undefined, order?: Order): Promise<string> => {
      const wish = { limit: 100, count: true, ...(order === undefined ? {} : { order }) };
      const page = await fixture.store.documents.list("entity", filter, wish);
      expect(page.total).to.equal(page.items.length);
      return page.items.map(({ id }) => id).join(" ");
    };

    it("find numbers, texts and times among values of every type", async () => {
      const values = [5, "5", "red", [5, "red"], { "@type": "T", "@value": 5 }, "2026-01-01T00:00:00.5Z", true];
      await commit(fixture.store, [
        { mutations: values.map((value, index) => put(`e${index}`, [property("a", value)])) },
      ]);
      expect(await ids(said("a", equal(number(5))))).to.equal("e0 e3 e4");
      expect(await ids(said("a", equal(text("5"), text("red"))))).to.equal("e1 e2 e3");
      expect(await ids(said("a", ordered(">=", number(5))))).to.equal("e0 e4");
      expect(await ids(said("a", ordered("<", number(5))))).to.equal("");
      const second: Operand = { type: "time", value: "2026-01-01T00:00:00Z" };
      expect(await ids(said("a", ordered(">", second)))).to.equal("e5");
      expect(await ids(said("a", ordered("<=", second)))).to.equal("");
      expect(await ids(said("a", equal({ type: "boolean", value: true })))).to.equal("e6");
      const within: ValueTest = { kind: "within", not: false, from: text("a"), to: text("rz") };
      expect(await ids(said("a", within))).to.equal("e2 e3");
    });

    it("find long texts and integers beyond 2^53 as they are", async () => {
      const long = "x".repeat(100);
      const bodies = [`{"value":9007199254740993}`, `{"value":9007199254740992}`];
      const parts = bodies.map((body): NewPart => ({ key: "a", name: "a", kind: "Property", body }));
      const mutations = [
        ...parts.map((part, index) => put(`n${index}`, [part])),
        put("t", [property("a", `${long}a`)]),
      ];
      await commit(fixture.store, [{ mutations }]);
      expect(await ids(said("a", equal(number(2 ** 53))))).to.equal("n1");
      expect(await ids(said("a", equal(text(`${long}a`))))).to.equal("t");
      expect(await ids(said("a", equal(text(`${long}b`))))).to.equal("");
      expect(await ids(said("a", ordered(">", text(long))))).to.equal("t");
    });

    it("find geometries by how they lie, as they change and go", async () => {
      const { store } = fixture;
      await commit(store, [
        {
          mutations: [
            put("in", [geometry("place", point(1, 1)), geometry("other", point(50, 50))]),
            put("edge", [geometry("place", point(2, 1))]),
            put("out", [geometry("place", point(9, 9))]),
            put("area", [geometry("place", square(1, 1, 4))]),
            put("none", [property("place", 1)]),
          ],
        },
      ]);
      const lies = (relation: "within" | "contains" | "intersects" | "disjoint" | "overlaps", to: Geometry): Filter =>
        said("place", { kind: "geometry", relation, to });
      const box = square(0, 0, 2);
      expect(await ids(lies("within", box))).to.equal("in");
      expect(await ids(lies("intersects", box))).to.equal("in edge area");
      expect(await ids(lies("overlaps", box))).to.equal("area");
      expect(await ids(lies("contains", point(3, 3)))).to.equal("area");
      expect(await ids(lies("disjoint", box))).to.equal("out");
      const near = (test: Pick<GeometryTest, "to"> & { relation: "closer" | "farther"; metres: number }): Filter =>
        said("place", { kind: "geometry", ...test });
      expect(await ids(near({ relation: "closer", to: point(9, 8.99), metres: 1_200 }))).to.equal("out");
      expect(await ids(near({ relation: "closer", to: point(5.005, 3), metres: 600 })), "from its edge").to.equal(
        "area",
      );
      expect(await ids(near({ relation: "farther", to: point(9, 9), metres: 600_000 }))).to.equal("in edge area");
      const moved: Mutation = {
        kind: "part.put",
        collection: "entity",
        id: "in",
        part: geometry("place", point(9, 9)),
      };
      const gone: Mutation = { kind: "part.delete", collection: "entity", id: "edge", key: "place" };
      await commit(store, [
        { mutations: [moved, gone, { kind: "document.delete", collection: "entity", id: "area" }] },
      ]);
      expect(await ids(lies("intersects", box))).to.equal("");
      expect(await ids(near({ relation: "closer", to: point(9, 9), metres: 1 }))).to.equal("in out");
    });

    it("find places over the 180th meridian and around a pole", async () => {
      const places = [point(179.99, 10), point(-179.99, 10), point(0, 89.99), point(180, 89.99)];
      await commit(fixture.store, [
        { mutations: places.map((place, index) => put(`e${index}`, [geometry("place", place)])) },
      ]);
      const near = (to: Geometry): Filter => said("place", { kind: "geometry", relation: "closer", to, metres: 5_000 });
      expect(await ids(near(point(179.995, 10)))).to.equal("e0 e1");
      expect(await ids(near(point(90, 90)))).to.equal("e2 e3");
    });

    it("see what a linked part says now: numbers, texts and places (rule 11)", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: [put("live", [property("a", undefined), geometry("place")])] }]);
      const [number7 = 0, place = 0] = await store.series.ensure(["a", "place"], 1);
      const leaf = (part: string) => [{ collection: "entity", document: "live", part }] as const;
      await store.series.address(new Map([[number7, leaf("a")] as const, [place, leaf("place")] as const]), 1, {
        linked: true,
      });
      const isAbove = said("a", ordered(">", number(6)));
      const isThere = said("place", { kind: "geometry", relation: "closer", to: point(1, 1), metres: 10 });
      expect(await ids({ kind: "any", of: [isAbove, isThere] }), "no value yet").to.equal("");
      await commit(store, [{ samples: [sample(number7, 7), sample(place, { type: "Point", coordinates: [1, 1] })] }]);
      expect(await ids(isAbove)).to.equal("live");
      expect(await ids(isThere)).to.equal("live");
      await commit(store, [{ samples: [sample(number7, "seven")] }]);
      expect(await ids(isAbove)).to.equal("");
      expect(await ids(said("a", equal(text("seven"))))).to.equal("live");
    });

    it("see what documents say themselves and when they and their parts were changed (rule 10)", async () => {
      const { store } = fixture;
      await commit(
        store,
        [{ mutations: [put("a", [property("p", 1)], { scope: ["/x"] }), put("b", [property("p", 1)])] }],
        10,
      );
      const part = property("p", 2);
      await commit(store, [{ mutations: [{ kind: "part.put", collection: "entity", id: "b", part }] }], 86_400_000);
      const own = (member: string, test: ValueTest): Filter => ({
        kind: "own",
        values: [[member]],
        test,
        overlay: times,
      });
      const day: Operand = { type: "time", value: "1970-01-02T00:00:00Z" };
      expect(await ids(own("scope", equal(text("/x"))))).to.equal("a");
      expect(await ids(own("changedAt", ordered(">=", day)))).to.equal("b");
      expect(await ids(own("madeAt", ordered("<", day)))).to.equal("a b");
      const changed: Filter = {
        kind: "said",
        name: "p",
        under: [],
        values: [["changedAt"]],
        test: ordered(">=", day),
        overlay: { ...overlay, times },
      };
      expect(await ids(changed)).to.equal("b");
    });

    it("follow what parts name to other documents", async () => {
      const mutations = [
        put("a", [property("link", "x")]),
        put("b", [property("link", ["y", "z"])]),
        put("x", [property("v", 1)]),
        put("z", [property("v", 2), property("link", "x")]),
      ];
      await commit(fixture.store, [{ mutations }]);
      const linked = (of: Filter): Filter => ({
        kind: "linked",
        collection: "entity",
        part: { name: "link", under: [], values: [["value"]], overlay },
        of,
      });
      expect(await ids(linked(said("v", equal(number(1)))))).to.equal("a z");
      expect(await ids(linked(said("v", ordered(">", number(0)))))).to.equal("a b z");
      expect(await ids(linked(linked(said("v", equal(number(1))))))).to.equal("b");
      expect(await ids({ kind: "not", of: linked({ kind: "id", in: ["x"] }) })).to.equal("b x");
    });

    it("sort by several keys, types and distance, and page by offset", async () => {
      const { store } = fixture;
      const values = ["b", 10, undefined, "Ä", 2, true, "a", [1]];
      const mutations = values.map((value, index) =>
        put(`e${index}`, [...(value === undefined ? [] : [property("v", value)]), geometry("place", point(index, 0))]),
      );
      await commit(store, [{ mutations }]);
      const by = (name: string): OrderTerm["by"] => ({ kind: "said", name, under: [], values: [["value"]], overlay });
      const order = (...terms: OrderTerm[]): Order => ({ terms, collation: "en" });
      const up = order({ by: by("v"), descending: false });
      expect(await ids(undefined, up)).to.equal("e4 e1 e6 e3 e0 e7 e5 e2");
      expect(await ids(undefined, order({ by: by("v"), descending: true }))).to.equal("e5 e7 e0 e3 e6 e1 e4 e2");
      const far = order(
        { by: by("place"), descending: false, from: point(4, 0) },
        { by: { kind: "id" }, descending: true },
      );
      expect(await ids(undefined, far)).to.equal("e4 e5 e3 e6 e2 e7 e1 e0");
      const page = await store.documents.list("entity", undefined, { limit: 2, offset: 1, order: up });
      expect(page.items.map(({ id }) => id)).to.deep.equal(["e1", "e6"]);
      expect(page.next, "there is more").to.not.equal(undefined);
      const last = await store.documents.list("entity", undefined, { limit: 2, offset: 6, order: up });
      expect(last.items.map(({ id }) => id)).to.deep.equal(["e5", "e2"]);
      expect(last).to.not.have.property("next");
    });

    it("refuse a pattern that is none", async () => {
      const wrong: Filter = {
        kind: "own",
        values: [["scope"]],
        test: { kind: "match", not: false, pattern: "(" },
        overlay: times,
      };
      expect(await errorCode(ids(wrong))).to.equal("invalid");
    });
  });
}
