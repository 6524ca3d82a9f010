import { expect } from "chai";
import { linkOf, planOf, reading, type TwinFixture, twinFixture } from "./twin-fixture.ts";

const hour = 3_600_000;

describe("twin: the hub's clock is set", () => {
  let fixture: TwinFixture;
  beforeEach(async () => {
    fixture = await twinFixture();
    await fixture.twin.apply(planOf([linkOf("head", { report: { deadband: 0.5, heartbeat: 60_000 } })]));
    fixture.twin.alive("plant", fixture.clock.ms);
    fixture.clock.advance(1);
    await fixture.twin.ingest([reading(fixture.clock, "head", 1)]);
    await fixture.twin.sweep();
  });
  afterEach(() => fixture.close());

  const signal = () => fixture.twin.leaf("submodel", "urn:sm:P1", "head")?.signal;

  it("back: what comes next is not late", async () => {
    fixture.clock.advance(-hour);
    await fixture.twin.ingest([reading(fixture.clock, "head", 2)]);
    expect(signal()).to.include({ value: 2, quality: "good", at: fixture.clock.ms });
    fixture.clock.advance(1000);
    await fixture.twin.ingest([reading(fixture.clock, "head", 3)]);
    expect(signal()).to.include({ value: 3, at: fixture.clock.ms });
  });

  it("back: a source that falls silent then is stale after staleAfter, not after the hour", async () => {
    fixture.clock.advance(-hour);
    await fixture.twin.sweep();
    fixture.clock.advance(31_000);
    await fixture.twin.sweep();
    expect(signal()).to.include({ value: 1, quality: "bad", code: "Stale" });
  });

  it("back: after a loss only what was heard again is good", async () => {
    fixture.clock.advance(-hour);
    fixture.twin.lost("plant");
    fixture.clock.advance(1000);
    fixture.twin.alive("plant", fixture.clock.ms);
    await fixture.twin.sweep();
    expect(signal()?.quality).to.equal("uncertain");
  });

  it("back: the heartbeat still beats", async () => {
    fixture.clock.advance(-hour);
    await fixture.twin.ingest([reading(fixture.clock, "head", 1)]);
    expect(signal()?.at).to.equal(fixture.clock.ms);
  });

  it("forward: bad at most until the source is heard again", async () => {
    fixture.clock.advance(hour);
    await fixture.twin.sweep();
    expect(signal()?.quality).to.equal("bad");
    await fixture.twin.ingest([reading(fixture.clock, "head", 1)]);
    expect(signal()).to.include({ quality: "good", at: fixture.clock.ms });
  });
});
