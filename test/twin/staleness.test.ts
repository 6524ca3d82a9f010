import { expect } from "chai";
import { linkOf, planOf, reading, startTime, type TwinFixture, twinFixture } from "./twin-fixture.ts";

describe("twin: staleness (rule 8)", () => {
  let fixture: TwinFixture;
  beforeEach(async () => {
    fixture = await twinFixture();
    await fixture.twin.apply(planOf([linkOf("head"), linkOf("flow")]));
    fixture.twin.alive("plant", fixture.clock.ms);
    fixture.clock.advance(1);
    await fixture.twin.ingest([reading(fixture.clock, "head", 5), reading(fixture.clock, "flow", 6)]);
  });
  afterEach(() => fixture.close());

  const signal = (point = "head") => fixture.twin.leaf("submodel", "urn:sm:P1", point)?.signal;
  const pass = async (ms: number) => {
    fixture.clock.advance(ms);
    await fixture.twin.sweep();
  };

  it("is uncertain as soon as the source is lost, bad after staleAfter; value and time stay", async () => {
    fixture.twin.lost("plant");
    await pass(100);
    expect(signal()).to.include({ quality: "uncertain", code: "SourceLost", value: 5, at: startTime + 1 });
    await pass(30_000);
    expect(signal()).to.include({ quality: "bad", code: "Stale", value: 5, at: startTime + 1 });
    expect(fixture.twin.stats.stale).to.equal(2);
  });

  it("is bad after staleAfter of silence, though nobody said that the source is lost", async () => {
    await pass(29_000);
    expect(signal()?.quality).to.equal("good");
    await pass(1_000);
    expect(signal()?.quality).to.equal("bad");
  });

  it("lives on by the sign of life of its session, without readings", async () => {
    for (let i = 0; i < 10; i++) {
      fixture.twin.alive("plant", fixture.clock.ms);
      await pass(20_000);
    }
    expect(signal()).to.include({ quality: "good", at: startTime + 1 });
  });

  it("is good again when a silent source turns out to be alive", async () => {
    await pass(31_000);
    expect(signal()?.quality).to.equal("bad");
    fixture.twin.alive("plant", fixture.clock.ms);
    await pass(10);
    expect(signal()).to.include({ quality: "good", value: 5, at: startTime + 1 });
  });

  it("after a reconnect only what was heard again is good", async () => {
    fixture.twin.lost("plant");
    await pass(100);
    fixture.twin.alive("plant", fixture.clock.ms);
    fixture.clock.advance(10);
    await fixture.twin.ingest([reading(fixture.clock, "head", 5)]);
    await pass(10);
    expect(signal("head")?.quality).to.equal("good");
    expect(signal("flow")?.quality).to.equal("uncertain");
    for (let i = 0; i < 4; i++) {
      fixture.twin.alive("plant", fixture.clock.ms);
      await pass(10_000);
    }
    expect(signal("head")?.quality).to.equal("good");
    expect(signal("flow")?.quality).to.equal("bad");
  });

  it("keeps the device's own bad quality through a loss, and returns to it", async () => {
    await fixture.twin.ingest([reading(fixture.clock, "head", null, { quality: "bad", code: "BadSensorFailure" })]);
    await pass(31_000);
    expect(signal()).to.include({ quality: "bad", code: "BadSensorFailure" });
  });

  it("writes the flip to history and tells the matcher", async () => {
    fixture.matched.length = 0;
    fixture.twin.lost("plant");
    await pass(10);
    expect(fixture.matched.at(-1)).to.include({ origin: "hub" });
    const [at] = await fixture.store.series.at({ collection: "submodel", document: "urn:sm:P1", part: "head" });
    const rows = await fixture.store.series.history(at?.series ?? -1, { limit: 10, order: "oldest-first" });
    expect(rows.map((row) => [row.value, row.quality])).to.deep.equal([
      [5, "good"],
      [5, "uncertain"],
    ]);
  });
});
