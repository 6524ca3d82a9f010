import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { linkOf, partOf, planOf, reading, scope, type TwinFixture, twinFixture } from "./twin-fixture.ts";

describe("twin: plans are applied without loss", () => {
  let fixture: TwinFixture;
  beforeEach(async () => {
    fixture = await twinFixture();
  });
  afterEach(() => fixture.close());

  const parts = async (id = "urn:sm:P1") =>
    (await fixture.store.documents.parts("submodel", id)).map((part) => part.key);
  const failure = async (work: Promise<unknown>): Promise<HubError> => {
    try {
      await work;
    } catch (thrown) {
      return HubError.from(thrown);
    }
    throw new Error("it did not fail");
  };

  it("makes the documents once, and nothing at the second time", async () => {
    const plan = planOf([linkOf("head"), linkOf("flow")]);
    expect(await fixture.twin.apply(plan)).to.include({ created: 2, updated: 0, linked: 2, unlinked: 0 });
    expect(await fixture.twin.apply(plan)).to.include({ created: 0, updated: 0, linked: 0, unlinked: 0 });
    await fixture.restart();
    expect(await fixture.twin.apply(plan)).to.include({ created: 0, updated: 0 });
  });

  it("adds and removes points, keeps the signals of those that stay and what clients changed", async () => {
    await fixture.twin.apply(planOf([linkOf("head"), linkOf("flow")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 5)]);
    const changed = partOf("head", '{"modelType":"Property","idShort":"head","category":"a client was here"}');
    await fixture.twin.commit(scope, "aas", [
      { mutations: [{ kind: "part.put", collection: "submodel", id: "urn:sm:P1", part: changed }] },
    ]);
    expect(await fixture.twin.apply(planOf([linkOf("head"), linkOf("power")]))).to.include({ linked: 1, unlinked: 1 });
    expect(await parts()).to.have.members(["head", "power"]);
    expect(fixture.twin.leaf("submodel", "urn:sm:P1", "head")?.signal?.value).to.equal(5);
    const head = await fixture.store.documents.part("submodel", "urn:sm:P1", "head");
    expect(head?.body).to.contain("a client was here");
  });

  it("leaves a deleted instance behind a point that is gone, after a restart too (rule 6)", async () => {
    await fixture.twin.apply(planOf([linkOf("head"), linkOf("flow")]));
    await fixture.twin.ingest([reading(fixture.clock, "flow", 5)]);
    const leaf = { collection: "entity", document: "urn:ngsi-ld:Pump:P1", part: "https://example.org/flow" } as const;
    const [series] = await fixture.store.series.at(leaf);
    await fixture.restart();
    fixture.clock.advance(1000);
    await fixture.twin.apply(planOf([linkOf("head")]));
    const rows = await fixture.store.series.history(series?.series ?? -1, { limit: 10, order: "oldest-first" });
    expect(rows.map((row) => row.deleted ?? false)).to.deep.equal([false, true]);
    expect((await fixture.store.series.at(leaf)).find((row) => row.series === series?.series)?.to).to.equal(
      fixture.clock.ms,
    );
  });

  it("refuses a document that a client made, whole and with the line; adopts it when told to", async () => {
    await fixture.twin.commit(scope, "aas", [
      {
        mutations: [
          {
            kind: "document.put",
            collection: "submodel",
            document: { id: "urn:sm:P1", body: "{}", keys: {} },
            parts: [partOf("own")],
          },
        ],
      },
    ]);
    const error = await failure(fixture.twin.apply(planOf([linkOf("head")])));
    expect(error.code).to.equal("config");
    expect(error.problems[0]).to.include({ place: "pumps.yaml:10" });
    expect(await fixture.store.documents.get("entity", "urn:ngsi-ld:Pump:P1")).to.equal(undefined);
    await fixture.twin.apply(planOf([linkOf("head")], "pumps.yaml", true));
    expect(await parts()).to.deep.equal(["own", "head"]);
  });

  it("a mapping that comes after one that adopts its document takes the document over", async () => {
    const sensor = linkOf("vibration");
    await fixture.twin.apply(planOf([sensor], "sensors.yaml", true));
    await fixture.twin.ingest([reading(fixture.clock, "vibration", 1)]);
    const both = planOf([linkOf("head"), sensor]);
    await fixture.twin.apply(both);
    expect(await parts()).to.have.members(["head", "vibration"]);
    expect((await fixture.store.documents.get("submodel", "urn:sm:P1"))?.owner).to.equal("pumps.yaml");
    expect(fixture.twin.leaf("submodel", "urn:sm:P1", "vibration")?.signal?.value).to.equal(1);
    expect(await fixture.twin.apply(both)).to.include({ created: 0, updated: 0 });
  });

  it("refuses two links that claim one leaf, naming both lines, and keeps the plan it has", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    const twice = [linkOf("head"), linkOf("other", { ends: linkOf("head").ends, place: { file: "b.yaml", line: 3 } })];
    const error = await failure(fixture.twin.apply(planOf(twice)));
    expect(error.message).to.contain("pumps.yaml:10").and.contain("b.yaml:3");
    expect(fixture.twin.plan.links).to.have.length(1);
  });

  it("loses no reading while a plan is swapped in", async () => {
    const plan = planOf([linkOf("head")]);
    await fixture.twin.apply(plan);
    const applying = fixture.twin.apply(planOf([linkOf("head"), linkOf("flow")]));
    const ingested = Array.from({ length: 50 }, (_, i) => fixture.twin.ingest([reading(fixture.clock, "head", i)]));
    await Promise.all([applying, ...ingested]);
    expect(fixture.twin.leaf("submodel", "urn:sm:P1", "head")?.signal?.value).to.equal(49);
    expect(fixture.twin.stats.readings).to.equal(50);
  });

  it("does not wait for ever behind readings that a full store holds back", async () => {
    const plan = planOf([linkOf("head")]);
    await fixture.twin.apply(plan);
    fixture.storeRefusal = new HubError("store-full", "no space");
    const waiting = fixture.twin.ingest([reading(fixture.clock, "head", 7)]);
    expect((await failure(fixture.twin.apply(plan))).code).to.equal("store-full");
    fixture.storeRefusal = undefined;
    await waiting;
    expect(fixture.twin.leaf("submodel", "urn:sm:P1", "head")?.signal?.value).to.equal(7);
    await fixture.twin.apply(plan);
  });

  it("a renamed tag keeps its past: the series belongs to the point (rule 12)", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 1)]);
    await fixture.twin.apply(planOf([linkOf("head", { tag: { source: "plant", tag: "P1/H2" } })]));
    await fixture.twin.ingest([reading(fixture.clock, "H2", 2)]);
    const [at] = await fixture.store.series.at({ collection: "submodel", document: "urn:sm:P1", part: "head" });
    const rows = await fixture.store.series.history(at?.series ?? -1, { limit: 10, order: "oldest-first" });
    // Until the new tag has spoken nobody knows whether it says the same.
    expect(rows.map((row) => [row.value, row.quality])).to.deep.equal([
      [1, "good"],
      [1, "uncertain"],
      [2, "good"],
    ]);
  });
});
