import { expect } from "chai";
import { collections, type NewDocument, type NewPart } from "../../../src/core/document.ts";
import type { Mutation } from "../../../src/core/mutation.ts";
import { commit, errorCode, type StoreFactory, storeFixture } from "./store-fixture.ts";

const part = (key: string, parent?: string, more: Partial<NewPart> = {}): NewPart => ({
  key,
  name: key.slice(key.lastIndexOf(".") + 1),
  kind: "Property",
  body: `{"idShort":"${key}"}`,
  ...(parent === undefined ? {} : { parent }),
  ...more,
});

const put = (id: string, parts: readonly NewPart[] = [], more: Partial<NewDocument> = {}): Mutation => ({
  kind: "document.put",
  collection: "submodel",
  document: { id, body: `{"id":"${id}"}`, keys: {}, ...more },
  parts,
});

/** Documents and parts: what the mutations of `core/mutation.ts` mean. */
export function documentContract(factory: StoreFactory): void {
  describe("documents", () => {
    const fixture = storeFixture(factory);
    const { clock } = fixture;
    const keysOf = async (id: string, under?: string): Promise<readonly string[]> =>
      (await fixture.store.documents.parts("submodel", id, under)).map(({ key }) => key);

    it("gives back what was put, verbatim, with its times, version and keys", async () => {
      const { store } = fixture;
      const body = '{ "id":"a",\n "z": 1.50, "ü": "\u{1F600}" }';
      const keys = { idShort: ["A"], semanticId: ["s1", "s2"] };
      const [seq] = await commit(store, [{ mutations: [put("a", [], { body, keys, owner: "press.yaml" })] }], 7);
      const row = await store.documents.get("submodel", "a");
      expect(row).to.include({ id: "a", body, owner: "press.yaml", createdAt: 7, modifiedAt: 7, version: seq });
      expect(row?.keys).to.deep.equal(keys);
      expect(await store.documents.get("shell", "a")).to.equal(undefined);
    });

    it("keeps the collections apart, each with its keys", async () => {
      const { store } = fixture;
      for (const collection of collections) {
        const document = { id: "a", body: JSON.stringify(collection), keys: { of: [collection] } };
        await commit(store, [{ mutations: [{ kind: "document.put", collection, document, parts: [] }] }]);
      }
      for (const collection of collections) {
        const of = async (value: string) =>
          (await store.documents.list(collection, { kind: "key", name: "of", in: [value] }, { limit: 9 })).items;
        expect((await of(collection)).map(({ body }) => body)).to.deep.equal([JSON.stringify(collection)]);
        expect(await of(collection === "shell" ? "submodel" : "shell")).to.deep.equal([]);
      }
    });

    it("keeps createdAt and ordinal when a document is replaced, of its parts too", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: [put("a", [part("p"), part("q")])] }], 1);
      const before = await store.documents.get("submodel", "a");
      const [seq] = await commit(
        store,
        [{ mutations: [put("a", [part("r"), part("p", undefined, { body: "2" })])] }],
        2,
      );
      const after = await store.documents.get("submodel", "a");
      expect(after).to.include({ createdAt: 1, modifiedAt: 2, version: seq, ordinal: before?.ordinal });
      expect(await keysOf("a")).to.deep.equal(["r", "p"]);
      expect(await store.documents.part("submodel", "a", "p")).to.include({ body: "2", createdAt: 1, modifiedAt: 2 });
      expect(await store.documents.part("submodel", "a", "r")).to.include({ createdAt: 2 });
    });

    it("gives the texts of a whole document in its order, of what is there alone", async () => {
      const { store } = fixture;
      const gone = part("g", undefined, { expiresAt: clock.now() - 1 });
      const parts = [part("b"), part("a"), part("a.y", "a"), part("b.x", "b"), gone, part("g.x", "g"), part("c")];
      await commit(store, [{ mutations: [put("t", parts), put("flat", [part("z"), part("y")])] }]);
      for (const id of ["t", "flat", "none"]) {
        const rows = await store.documents.parts("submodel", id);
        const expected = rows.map(({ key, parent, kind, body }) =>
          parent === undefined ? { key, kind, body } : { key, parent, kind, body },
        );
        expect(await store.documents.partTexts("submodel", id)).to.deep.equal(expected);
      }
      expect((await store.documents.partTexts("submodel", "t")).map(({ key }) => key)).to.deep.equal([
        "b",
        "b.x",
        "a",
        "a.y",
        "c",
      ]);
    });

    it("gives a large document page by page: parts at the top, each with all below it", async () => {
      const { store } = fixture;
      const parts = [part("b"), part("a"), part("a.y", "a"), part("b.x", "b"), part("a.x", "a"), part("c"), part("d")];
      await commit(store, [{ mutations: [put("m", parts), put("n", [part("z")])] }]);
      const pages = [];
      let after: number | undefined;
      do {
        const page = await store.documents.partPage(
          "submodel",
          "m",
          after === undefined ? { limit: 2 } : { limit: 2, after },
        );
        pages.push(page.items.map(({ key }) => key));
        after = page.next;
      } while (after !== undefined);
      expect(pages).to.deep.equal([
        ["b", "b.x", "a", "a.y", "a.x"],
        ["c", "d"],
      ]);
      const whole = await store.documents.partPage("submodel", "m", { limit: 4 });
      expect([whole.items.map(({ key }) => key), whole.next]).to.deep.equal([pages.flat(), undefined]);
      expect(await store.documents.partPage("submodel", "none", { limit: 2 })).to.deep.equal({ items: [] });
      // What is added comes last, what is put again stays where it is.
      const [add, again] = ["e", "b"].map(
        (key) => ({ kind: "part.put", collection: "submodel", id: "m", part: part(key) }) as const,
      );
      await commit(store, [{ mutations: [add, again].flatMap((mutation) => mutation ?? []) }]);
      expect(await keysOf("m")).to.deep.equal([...pages.flat(), "e"]);
    });

    it("gives parts in document order, wherever they stand in the list", async () => {
      const { store } = fixture;
      const parts = [part("b"), part("a"), part("a.y", "a"), part("b.x", "b"), part("a.x", "a"), part("a.y.z", "a.y")];
      await commit(store, [{ mutations: [put("m", parts)] }]);
      expect(await keysOf("m")).to.deep.equal(["b", "b.x", "a", "a.y", "a.y.z", "a.x"]);
      expect(await keysOf("m", "a")).to.deep.equal(["a", "a.y", "a.y.z", "a.x"]);
      expect(await keysOf("m", "nothing")).to.deep.equal([]);
    });

    it("puts a new part behind its siblings and a known one where it was, with what lies below", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: [put("m", [part("a"), part("a.x", "a"), part("b")])] }], 1);
      const changed = part("a", undefined, { body: '"new"', num: 4.5, text: "4.5" });
      const partPut = (one: NewPart): Mutation => ({ kind: "part.put", collection: "submodel", id: "m", part: one });
      const [seq] = await commit(
        store,
        [{ mutations: [partPut(changed), partPut(part("c")), partPut(part("a.y", "a"))] }],
        2,
      );
      expect(await keysOf("m")).to.deep.equal(["a", "a.x", "a.y", "b", "c"]);
      const row = await store.documents.part("submodel", "m", "a");
      expect(row).to.include({ body: '"new"', num: 4.5, text: "4.5", createdAt: 1, modifiedAt: 2 });
      expect(await store.documents.get("submodel", "m")).to.include({ version: seq, modifiedAt: 2, createdAt: 1 });
    });

    it("deletes a part with all below it", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: [put("m", [part("a"), part("a.x", "a"), part("a.x.y", "a.x"), part("b")])] }]);
      await commit(store, [{ mutations: [{ kind: "part.delete", collection: "submodel", id: "m", key: "a" }] }]);
      expect(await keysOf("m")).to.deep.equal(["b"]);
      expect(await store.documents.part("submodel", "m", "a.x.y")).to.equal(undefined);
    });

    it("patches head and keys alone", async () => {
      const { store } = fixture;
      await commit(
        store,
        [{ mutations: [put("m", [part("a")], { keys: { k: ["1"] }, expiresAt: clock.time + 10 })] }],
        1,
      );
      const patch = { kind: "document.patch", collection: "submodel", id: "m" } as const;
      await commit(store, [{ mutations: [{ ...patch, body: "{}" }] }], 2);
      expect(await store.documents.get("submodel", "m")).to.include({ body: "{}", expiresAt: clock.time + 10 });
      await commit(store, [{ mutations: [{ ...patch, keys: { k: ["2"] }, expiresAt: null }] }], 3);
      const row = await store.documents.get("submodel", "m");
      expect(row?.keys).to.deep.equal({ k: ["2"] });
      expect(row).to.include({ body: "{}", modifiedAt: 3 }).and.not.have.property("expiresAt");
      const found = async (value: string) =>
        (await store.documents.list("submodel", { kind: "key", name: "k", in: [value] }, { limit: 9 })).items.length;
      expect([await found("1"), await found("2"), (await keysOf("m")).length]).to.deep.equal([0, 1, 1]);
    });

    it("deletes a document with its parts and keys", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: [put("m", [part("a")], { keys: { k: ["1"] } })] }]);
      await commit(store, [{ mutations: [{ kind: "document.delete", collection: "submodel", id: "m" }] }]);
      expect(await store.documents.get("submodel", "m")).to.equal(undefined);
      expect(await keysOf("m")).to.deep.equal([]);
      const page = await store.documents.list("submodel", { kind: "key", name: "k", in: ["1"] }, { limit: 9 });
      expect(page.items).to.deep.equal([]);
    });

    it("says not-found for what is not there", async () => {
      const { store } = fixture;
      await commit(store, [{ mutations: [put("m", [part("a")])] }]);
      const at = { collection: "submodel", id: "none" } as const;
      const units: Mutation[] = [
        { kind: "document.patch", ...at, body: "{}" },
        { kind: "document.delete", ...at },
        { kind: "part.put", ...at, part: part("a") },
        { kind: "part.put", collection: "submodel", id: "m", part: part("x.y", "x") },
        { kind: "part.delete", collection: "submodel", id: "m", key: "x" },
      ];
      const results = await store.commit(
        units.map((mutation) => ({ mutations: [mutation] })),
        1,
      );
      expect(results.map((result) => result.ok || result.error.code)).to.deep.equal(units.map(() => "not-found"));
    });

    it("reads the parts of many documents at once", async () => {
      const { store } = fixture;
      const ids = Array.from({ length: 30 }, (_, index) => `m${index}`);
      await commit(store, [{ mutations: ids.map((id) => put(id, [part("b"), part("a"), part("b.x", "b")])) }]);
      const found = await store.documents.partsOf("submodel", [...ids, "none"]);
      expect(found.size).to.equal(30);
      expect(found.get("m7")?.map(({ key }) => key)).to.deep.equal(["b", "b.x", "a"]);
    });

    it("hides what is past its time, lets it be made anew, and sweeps it", async () => {
      const { store } = fixture;
      const expiresAt = clock.time + 100;
      const parts = [part("a", undefined, { expiresAt }), part("a.x", "a"), part("b")];
      await commit(store, [{ mutations: [put("m", parts), put("n", [part("a")], { expiresAt })] }], 1);
      expect(await keysOf("m")).to.deep.equal(["a", "a.x", "b"]);
      clock.time = expiresAt;
      expect(await keysOf("m")).to.deep.equal(["b"]);
      expect(await store.documents.part("submodel", "m", "a")).to.equal(undefined);
      expect(await store.documents.get("submodel", "n")).to.equal(undefined);
      expect(await keysOf("n")).to.deep.equal([]);
      expect((await store.documents.list("submodel", undefined, { limit: 9, count: true })).total).to.equal(1);
      await commit(
        store,
        [{ preconditions: [{ collection: "submodel", id: "n", must: "be-absent" }], mutations: [put("n")] }],
        clock.time,
      );
      expect(await store.documents.get("submodel", "n")).to.include({ createdAt: clock.time });
      await store.sweep(clock.time);
      clock.time = 0;
      expect(await keysOf("m")).to.deep.equal(["b"]);
    });

    it("refuses text that cannot be kept, and nothing else of the commit", async () => {
      const { store } = fixture;
      const bad = [put("m", [part("a", undefined, { text: "a\0" })]), put("\ud800"), put("n", [part("a"), part("a")])];
      const units = [...bad.map((mutation) => ({ mutations: [mutation] })), { mutations: [put("good")] }];
      const results = await store.commit(units, 1);
      expect(results.map((result) => result.ok || result.error.code)).to.deep.equal([
        "invalid",
        "invalid",
        "invalid",
        true,
      ]);
      expect(await store.documents.get("submodel", "m")).to.equal(undefined);
      const record = store.records("context").put("x", "a\0b", 1);
      expect(await errorCode(record)).to.equal("invalid");
    });
  });
}
