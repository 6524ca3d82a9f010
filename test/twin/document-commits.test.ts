import { expect } from "chai";
import type { Mutation } from "../../src/core/mutation.ts";
import { linkOf, partOf, planOf, scope, type TwinFixture, twinFixture } from "./twin-fixture.ts";

const room = { id: "urn:ngsi-ld:Room:1", body: "{}", keys: {} };
const temperature = partOf("https://example.org/temperature", '{"value":20}');

describe("twin: document changes", () => {
  let fixture: TwinFixture;
  beforeEach(async () => {
    fixture = await twinFixture();
    await fixture.twin.apply(planOf([linkOf("head")]));
  });
  afterEach(() => fixture.close());

  const commit = async (...mutations: Mutation[]) => {
    const [result] = await fixture.twin.commit(scope, "ngsi-ld", [{ mutations }]);
    return result;
  };

  it("keeps the history of attributes that no mapping links, deletion included (rule 12)", async () => {
    const leaf = { collection: "entity", document: room.id, part: temperature.key } as const;
    await commit({ kind: "document.put", collection: "entity", document: room, parts: [temperature] });
    await commit({
      kind: "part.put",
      collection: "entity",
      id: room.id,
      part: { ...temperature, body: '{"value":21}' },
    });
    await commit({ kind: "document.delete", collection: "entity", id: room.id });
    const [at] = await fixture.store.series.at(leaf);
    const rows = await fixture.store.series.history(at?.series ?? -1, { limit: 10, order: "oldest-first" });
    expect(rows.map((row) => row.value)).to.deep.equal([{ value: 20 }, { value: 21 }, { type: temperature.kind }]);
    expect(rows[2]?.deleted).to.equal(true);
  });

  const dropping: Readonly<Record<string, Mutation>> = {
    "deleting the document": { kind: "document.delete", collection: "submodel", id: "urn:sm:P1" },
    "deleting the leaf": { kind: "part.delete", collection: "submodel", id: "urn:sm:P1", key: "head" },
    "replacing without it": {
      kind: "document.put",
      collection: "submodel",
      document: { id: "urn:sm:P1", body: "{}", keys: {} },
      parts: [partOf("other")],
    },
  };
  for (const [name, mutation] of Object.entries(dropping)) {
    it(`refuses ${name} where the leaf is linked, naming the mapping line (rule 6)`, async () => {
      const result = await commit(mutation);
      expect(result?.ok === false && result.error).to.include({ code: "conflict" });
      expect(result?.ok === false && result.error.message).to.contain("pumps.yaml:10");
      expect(await fixture.store.documents.part("submodel", "urn:sm:P1", "head")).to.not.equal(undefined);
    });
  }

  it("carries out the other units of a request, and owes nothing for the refused one", async () => {
    fixture.deliveries = [{ target: "s1", kind: "test", body: "{}" }];
    const results = await fixture.twin.commit(scope, "ngsi-ld", [
      { mutations: [{ kind: "document.put", collection: "entity", document: room, parts: [] }] },
      { mutations: [{ kind: "document.delete", collection: "entity", id: "urn:ngsi-ld:Pump:P1" }] },
      {
        preconditions: [{ collection: "entity", id: "urn:ngsi-ld:Room:2", must: "exist" }],
        mutations: [{ kind: "document.delete", collection: "entity", id: "urn:ngsi-ld:Room:2" }],
      },
    ]);
    expect(results.map((result) => (result.ok ? "ok" : result.error.code))).to.deep.equal([
      "ok",
      "conflict",
      "not-found",
    ]);
    expect((await fixture.store.outbox.stats(fixture.clock.ms)).pending).to.equal(1);
  });
});
