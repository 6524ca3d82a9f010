import { expect } from "chai";
import type { Change } from "../../src/core/change.ts";
import type { Mutation } from "../../src/core/mutation.ts";
import { createPendingEntries } from "../../src/hub/pending-entries.ts";

const change = (...mutations: Mutation[]): Change => ({ seq: 1, at: 0, origin: "aas", mutations, signals: [] });
const put = (collection: "shell" | "submodel" | "submodelDescriptor" | "entity", id: string): Mutation => ({
  kind: "document.put",
  collection,
  document: { id, body: "{}", keys: {} },
  parts: [],
});

describe("what a registry is still to be told", () => {
  it("is each entry once, and the submodels whose shells show them", () => {
    const pending = createPendingEntries(100);
    expect(pending.add(change(put("shell", "a"), put("shell", "a"), put("submodel", "s")))).to.equal(true);
    expect(pending.add(change({ kind: "document.delete", collection: "submodelDescriptor", id: "t" }))).to.equal(true);
    expect(pending.size).to.equal(5);
    expect(pending.take(100)).to.deep.equal({
      entries: [
        { kind: "shell", id: "a" },
        { kind: "links", id: "a" },
        { kind: "submodel", id: "s" },
      ],
      submodels: ["s", "t"],
    });
    expect(pending.size).to.equal(0);
  });

  it("is nothing for elements, entities and values", () => {
    const pending = createPendingEntries(100);
    const element: Mutation = { kind: "part.delete", collection: "submodel", id: "s", key: "Speed" };
    expect(pending.add(change(put("entity", "e"), element))).to.equal(false);
    expect(pending.size).to.equal(0);
  });

  it("is everything once more has changed than is remembered", () => {
    const pending = createPendingEntries(10);
    pending.add(change(...Array.from({ length: 20 }, (_, index) => put("shell", `${index}`))));
    expect(pending.size).to.be.lessThan(10);
    expect([pending.overflowed, pending.takeOverflow(), pending.takeOverflow()]).to.deep.equal([true, true, false]);
  });
});
