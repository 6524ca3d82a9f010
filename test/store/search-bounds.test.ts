import { join } from "node:path";
import { expect } from "chai";
import type { NewPart } from "../../src/core/document.ts";
import type { BodyField, Filter } from "../../src/core/filter.ts";
import type { Mutation } from "../../src/core/mutation.ts";
import { commit, errorCode } from "../contract/store/store-fixture.ts";
import { openStore, testFolder } from "./store-test-kit.ts";

const part = (key: string): NewPart => ({
  key,
  name: key,
  kind: "Property",
  body: JSON.stringify({ value: key }),
  text: key,
});
const submodel = (id: string, parts: number): Mutation => ({
  kind: "document.put",
  collection: "submodel",
  document: { id, body: "{}", keys: {} },
  parts: Array.from({ length: parts }, (_, index) => part(`p${index}`)),
});
const value = (level: number): { kind: "field"; field: BodyField; as: readonly [] } => ({
  kind: "field",
  field: { level, paths: [["value"]], live: true },
  as: [],
});
const everyPart = (of: Filter): Filter => ({ kind: "element", level: 0, anywhere: true, path: [], of });

describe("a search of the SQLite store", () => {
  const directory = testFolder();

  it("takes small pieces of large documents, and refuses to compare all with all", async () => {
    const store = await openStore(join(directory, "bounds.sqlite"));
    const small = Array.from({ length: 200 }, (_, index) => submodel(`small:${index}`, 1));
    const large = Array.from({ length: 20 }, (_, index) => submodel(`large:${index}`, 2_000));
    await commit(store, [{ mutations: [...small, ...large] }]);
    const isLast: Filter = {
      kind: "compare",
      comparison: {
        operator: "=",
        left: value(1),
        right: { kind: "constant", value: { type: "string", value: "p1999" } },
      },
    };
    const found: string[] = [];
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page = await store.documents.list("submodel", everyPart(isLast), { limit: 100, after, patience: 20 });
      found.push(...page.items.map(({ id }) => id));
      after = page.next;
    }
    expect(found).to.deep.equal(
      large.map((mutation) => (mutation.kind === "document.put" ? mutation.document.id : "")),
    );
    const [one, other] = [1, 2].map((level) => ({ ...value(level), as: ["number"] as const }));
    if (one === undefined || other === undefined) throw new Error("two sides");
    const never = everyPart(everyPart({ kind: "compare", comparison: { operator: "=", left: one, right: other } }));
    const list = store.documents.list("submodel", never, { limit: 100, after: 200, patience: 300 });
    expect(await errorCode(list)).to.equal("too-complex");
    const after = await store.documents.list("submodel", everyPart(isLast), { limit: 1, patience: 300 });
    expect(after.items, "the reader goes on").to.have.length(1);
    await store.close();
  });

  it("stands the deepest filters", async () => {
    const store = await openStore(join(directory, "depth.sqlite"));
    await commit(store, [{ mutations: [submodel("a", 3)] }]);
    const leaf: Filter = {
      kind: "compare",
      comparison: {
        operator: "=",
        left: value(1),
        right: { kind: "constant", value: { type: "string", value: "p1" } },
      },
    };
    let deep: Filter = { kind: "element", level: 0, anywhere: true, path: ["p1"], of: leaf };
    for (let level = 0; level < 34; level++) deep = { kind: "not", of: { kind: "all", of: [deep] } };
    const wide: Filter = { kind: "any", of: Array.from({ length: 256 }, () => deep) };
    let nested: Filter = leaf;
    for (let level = 20; level > 0; level--) {
      nested = { kind: "element", level: 0, anywhere: true, path: ["p1"], of: { kind: "all", of: [nested] } };
    }
    const path = Array.from({ length: 32 }, () => "p1");
    const long: Filter = { kind: "element", level: 0, anywhere: true, path, of: leaf };
    for (const [filter, length] of [
      [deep, 1],
      [wide, 1],
      [nested, 1],
      [long, 0],
    ] as const) {
      const { items } = await store.documents.list("submodel", filter, { limit: 10, patience: 300 });
      expect(items).to.have.length(length);
    }
    await store.close();
  });
});
