import { expect } from "chai";
import type { Change } from "../../src/core/change.ts";
import { HubError } from "../../src/core/errors.ts";
import type { Value } from "../../src/core/value.ts";
import { linkOf, planOf, reading, startTime, type TwinFixture, twinFixture } from "./twin-fixture.ts";

describe("twin: readings become signals", () => {
  let fixture: TwinFixture;
  beforeEach(async () => {
    fixture = await twinFixture();
  });
  afterEach(() => fixture.close());

  const signal = (point = "head") => fixture.twin.leaf("submodel", "urn:sm:P1", point)?.signal;
  const history = async (point = "head") => {
    const [at] = await fixture.store.series.at({ collection: "submodel", document: "urn:sm:P1", part: point });
    return fixture.store.series.history(at?.series ?? -1, { limit: 100, order: "oldest-first" });
  };

  it("shows a committed value at both ends and in history (rules 2, 12)", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 42.5)]);
    expect(signal()).to.include({ value: 42.5, quality: "good", at: startTime });
    const entity = fixture.twin.leaf("entity", "urn:ngsi-ld:Pump:P1", "https://example.org/head");
    expect(entity?.signal).to.equal(signal());
    expect((await history()).map((row) => row.value)).to.deep.equal([42.5]);
  });

  it("resolves after the commit, and only then shows the value", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    const done = fixture.twin.ingest([reading(fixture.clock, "head", 1)]);
    expect(signal()).to.equal(undefined);
    await done;
    expect(signal()?.value).to.equal(1);
  });

  it("tells the change feed after the commit, with before and after", async () => {
    const changes: Change[] = [];
    fixture.twin.onChange((change) => changes.push(change));
    await fixture.twin.apply(planOf([linkOf("head")]));
    changes.length = 0;
    await fixture.twin.ingest([reading(fixture.clock, "head", 1)]);
    await fixture.twin.ingest([reading(fixture.clock, "head", 2)]);
    expect(changes.map((change) => change.signals[0]?.before?.value)).to.deep.equal([undefined, 1]);
    expect(changes[1]?.seq).to.be.greaterThan(changes[0]?.seq ?? Infinity);
  });

  it("commits what the matcher owes together with the value", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    fixture.deliveries = [{ target: "s1", kind: "test", body: "{}" }];
    await fixture.twin.ingest([reading(fixture.clock, "head", 1)]);
    expect((await fixture.store.outbox.stats(fixture.clock.ms)).pending).to.equal(1);
  });

  it("holds a bad reading's value and its time, and flips the quality alone (rule 8)", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 5)]);
    fixture.clock.advance(1000);
    await fixture.twin.ingest([reading(fixture.clock, "head", null, { quality: "bad", code: "BadSensorFailure" })]);
    expect(signal()).to.include({ value: 5, quality: "bad", code: "BadSensorFailure", at: startTime });
  });

  it("holds back inside the deadband, reports at the heartbeat (rule 8)", async () => {
    await fixture.twin.apply(planOf([linkOf("head", { report: { deadband: 0.5, heartbeat: 60_000 } })]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 10)]);
    fixture.clock.advance(1000);
    await fixture.twin.ingest([reading(fixture.clock, "head", 10.5)]);
    expect(signal()).to.include({ value: 10, at: startTime });
    expect(fixture.twin.stats.suppressed).to.equal(1);
    fixture.clock.advance(60_000);
    await fixture.twin.ingest([reading(fixture.clock, "head", 10.2)]);
    expect(signal()).to.include({ value: 10.2, at: startTime + 61_000 });
  });

  it("holds back structures and wide integers inside the deadband too", async () => {
    const decode = (value: Value): Value => value;
    const report = { deadband: 2 };
    await fixture.twin.apply(planOf([linkOf("head", { decode, report }), linkOf("flow", { decode, report })]));
    const wide = 2n ** 63n;
    const take = (head: Value, flow: Value) => {
      fixture.clock.advance(1000);
      return fixture.twin.ingest([reading(fixture.clock, "head", head), reading(fixture.clock, "flow", flow)]);
    };
    await take({ a: 1n, b: [Number.NaN] }, wide);
    await take({ b: [Number.NaN], a: 1n }, wide - 2n);
    expect(fixture.twin.stats.suppressed).to.equal(2);
    await take({ a: 1n, b: [null] }, wide - 3n);
    expect(signal("head")?.value).to.deep.equal({ a: 1n, b: [null] });
    expect(signal("flow")?.value).to.equal(wide - 3n);
  });

  it("takes a reading that is delivered twice once", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    const twice = reading(fixture.clock, "head", 1);
    await fixture.twin.ingest([twice]);
    fixture.clock.advance(1000);
    await fixture.twin.ingest([{ ...twice, receivedTime: fixture.clock.ms }]);
    expect((await history()).map((row) => row.value)).to.deep.equal([1]);
  });

  it("a late failure does not speak of the present", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 2)]);
    fixture.clock.advance(1000);
    const late = { sourceTime: startTime - 5000, quality: "bad", code: "BadSensorFailure" } as const;
    await fixture.twin.ingest([reading(fixture.clock, "head", null, late)]);
    expect(signal()).to.include({ value: 2, quality: "good" });
  });

  it("takes the time of reception where a source's time is none", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 2, { sourceTime: Number.NaN })]);
    expect(signal()).to.include({ value: 2, at: startTime });
  });

  it("clamps a source's clock that runs ahead", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 1, { sourceTime: startTime + 86_400_000 })]);
    expect(signal()?.at).to.equal(startTime);
  });

  it("sorts a late reading into history and leaves the present alone", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 2)]);
    fixture.clock.advance(1000);
    await fixture.twin.ingest([reading(fixture.clock, "head", 1, { sourceTime: startTime - 5000 })]);
    expect(signal()?.value).to.equal(2);
    expect((await history()).map((row) => row.value)).to.deep.equal([1, 2]);
    expect(fixture.twin.stats.late).to.equal(1);
  });

  it("says that a transform refused a value, and never shows the old one as good", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 2)]);
    await fixture.twin.ingest([reading(fixture.clock, "head", "3 bar")]);
    expect(signal()).to.include({ value: 2, quality: "bad", code: "BadTransform" });
    expect(fixture.twin.stats.lastFailures[0]?.message).to.equal("3 bar is no number");
  });

  it("counts readings that no mapping wants", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "flow", 2)]);
    expect(fixture.twin.stats.unlinkedReadings).to.equal(1);
  });

  it("derives points from others, as bad as the worst of them", async () => {
    const inputs = ["head", "flow"];
    const evaluate = (current: (point: string) => unknown) => Number(current("head")) * Number(current("flow"));
    const { tag: _, ...power } = linkOf("power", { derive: { inputs, evaluate } });
    await fixture.twin.apply(planOf([linkOf("head"), linkOf("flow"), power]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 3)]);
    expect(signal("power")).to.include({ value: undefined, quality: "bad" });
    await fixture.twin.ingest([reading(fixture.clock, "flow", 4)]);
    expect(signal("power")).to.include({ value: 12, quality: "good" });
    await fixture.twin.ingest([reading(fixture.clock, "flow", null, { quality: "bad", code: "BadNoCommunication" })]);
    expect(signal("power")).to.include({ value: 12, quality: "bad", code: "BadNoCommunication" });
  });

  it("waits while the store is full, holds the caller back, and loses nothing", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    fixture.storeRefusal = new HubError("store-full", "no space");
    let settled = false;
    const waiting = fixture.twin.ingest([reading(fixture.clock, "head", 7)]).then(() => {
      settled = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).to.equal(false);
    expect(fixture.twin.stats.refusal?.code).to.equal("store-full");
    fixture.storeRefusal = undefined;
    await waiting;
    expect(signal()?.value).to.equal(7);
    expect(fixture.twin.stats.refusal).to.equal(undefined);
  });

  it("shows the last values after a restart, as a memory until the source speaks (rule 8)", async () => {
    const plan = planOf([linkOf("head")]);
    await fixture.twin.apply(plan);
    await fixture.twin.ingest([reading(fixture.clock, "head", 9)]);
    fixture.clock.advance(1000);
    await fixture.restart();
    await fixture.twin.apply(plan);
    await fixture.twin.sweep();
    expect(signal()).to.include({ value: 9, quality: "uncertain", at: startTime });
    fixture.twin.alive("plant", fixture.clock.ms);
    fixture.clock.advance(10);
    await fixture.twin.ingest([reading(fixture.clock, "head", 9)]);
    expect(signal()).to.include({ value: 9, quality: "good", at: startTime + 1010 });
  });
});
