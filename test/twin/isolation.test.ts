import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import type { CommitUnit } from "../../src/store/contract.ts";
import { linkOf, planOf, reading, scope, type TwinFixture, twinFixture, writable } from "./twin-fixture.ts";

describe("twin: what the store cannot keep costs no other reading", () => {
  let fixture: TwinFixture;
  beforeEach(async () => {
    fixture = await twinFixture();
    await fixture.twin.apply(planOf([linkOf("head", writable), linkOf("flow"), linkOf("power")]));
  });
  afterEach(() => fixture.close());

  const signal = (point: string) => fixture.twin.leaf("submodel", "urn:sm:P1", point)?.signal;
  const holds13 = ({ samples = [] }: CommitUnit) => samples.some(({ value }) => value === 13);
  const ingest = (values: Readonly<Record<string, number>>) =>
    fixture.twin.ingest(Object.entries(values).map(([point, value]) => reading(fixture.clock, point, value)));

  it("isolates the state that makes every commit with it fail, marks its signal bad, and goes on", async () => {
    await ingest({ head: 1, flow: 2, power: 3 });
    fixture.clock.advance(1000);
    fixture.faulty = holds13;
    await ingest({ head: 11, flow: 13, power: 12 });
    expect(signal("head")).to.include({ value: 11, quality: "good" });
    expect(signal("power")).to.include({ value: 12, quality: "good" });
    expect(signal("flow")).to.include({ value: 2, quality: "bad", code: "NotStorable" });
    expect(fixture.twin.stats.failedTransforms).to.equal(1);
    expect(fixture.twin.stats.lastFailures[0]?.message).to.equal("SQLite says no");
    fixture.clock.advance(1000);
    await ingest({ flow: 14 });
    expect(signal("flow")).to.include({ value: 14, quality: "good" });
  });

  it("does not hold up batches that share the commit, and keeps their order", async () => {
    fixture.faulty = holds13;
    const first = ingest({ flow: 13 });
    fixture.clock.advance(10);
    await Promise.all([first, ingest({ flow: 14 }), ingest({ head: 5 })]);
    expect(signal("flow")).to.include({ value: 14, quality: "good" });
    expect(signal("head")).to.include({ value: 5, quality: "good" });
  });

  it("does not let a deadband judge against a value that was never stored", async () => {
    await fixture.twin.apply(planOf([linkOf("flow", { report: { deadband: 1 } })]));
    fixture.faulty = holds13;
    await ingest({ flow: 13 });
    fixture.clock.advance(1000);
    await ingest({ flow: 13.5 });
    expect(signal("flow")).to.include({ value: 13.5, quality: "good" });
  });

  it("isolates a notification that cannot be kept from its value", async () => {
    fixture.deliveries = [{ target: "s1", kind: "test", body: "\0" }];
    await ingest({ head: 1 });
    expect(signal("head")).to.include({ quality: "bad", code: "NotStorable" });
  });

  it("tells a client whose value the device took and the store cannot keep", async () => {
    fixture.faulty = holds13;
    const [result] = await fixture.twin.write(scope, "aas", [{ link: linkOf("head", writable), value: 13 }]);
    expect(result?.outcome === "refused" && result.error.code).to.equal("internal");
    expect(signal("head")).to.include({ quality: "bad", code: "NotStorable" });
  });

  it("a matcher that fails costs a notification, never a reading", async () => {
    Object.defineProperty(fixture, "deliveries", {
      get: () => {
        throw new TypeError("a subscription with a fault");
      },
    });
    await ingest({ head: 1 });
    expect(signal("head")?.value).to.equal(1);
  });

  it("what the store refuses as a whole waits, and nothing looks good meanwhile (rule 8)", async () => {
    await ingest({ head: 1 });
    fixture.storeRefusal = new HubError("internal", "the disk failed to read or write");
    const waiting = ingest({ flow: 2 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(signal("head")).to.include({ value: 1, quality: "uncertain", code: "StoreRefuses" });
    fixture.clock.advance(30_000);
    expect(signal("head")).to.include({ value: 1, quality: "bad", code: "StoreRefuses" });
    fixture.storeRefusal = undefined;
    await waiting;
    expect(signal("head")).to.include({ value: 1, quality: "good" });
    expect(signal("flow")?.value).to.equal(2);
  });

  it("says the commit's time, not the time at which a reading began to wait (rule 10)", async () => {
    fixture.storeRefusal = new HubError("store-full", "no space");
    const waiting = ingest({ head: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    fixture.clock.advance(60_000);
    fixture.storeRefusal = undefined;
    await waiting;
    expect(signal("head")?.modifiedAt).to.equal(fixture.clock.ms);
    expect(fixture.twin.modifiedAt("submodel", "urn:sm:P1")).to.equal(fixture.clock.ms);
  });

  it("closes in bounded time while a plan waits for a store that refuses", async () => {
    fixture.storeRefusal = new HubError("store-full", "no space");
    const reading = ingest({ head: 1 }).catch(() => undefined);
    const applying = fixture.twin.apply(fixture.twin.plan).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await fixture.twin.close();
    await Promise.all([reading, applying]);
  });
});
