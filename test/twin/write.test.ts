import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import type { Link } from "../../src/core/link.ts";
import { linkOf, planOf, reading, scope, type TwinFixture, twinFixture, writable } from "./twin-fixture.ts";

describe("twin: writes go to the device first (rule 4)", () => {
  let fixture: TwinFixture;
  let setpoint: Link;
  let speed: Link;
  beforeEach(async () => {
    fixture = await twinFixture();
    setpoint = linkOf("setpoint", writable);
    speed = linkOf("speed", writable);
    await fixture.twin.apply(planOf([setpoint, speed, linkOf("head")]));
  });
  afterEach(() => fixture.close());

  const signal = (point: string) => fixture.twin.leaf("submodel", "urn:sm:P1", point)?.signal;
  const write = (writes: readonly { link: Link; value: number }[]) => fixture.twin.write(scope, "aas", writes);

  it("commits what the device reads back", async () => {
    fixture.device.answer = 59.5;
    const [result] = await write([{ link: setpoint, value: 60 }]);
    expect(fixture.device.written).to.deep.equal([{ tag: "P1/setpoint", value: 60 }]);
    expect(result).to.include({ outcome: "written" });
    expect(signal("setpoint")).to.include({ value: 59.5, quality: "good" });
  });

  it("actuates for an equal value too", async () => {
    await write([{ link: setpoint, value: 60 }]);
    await write([{ link: setpoint, value: 60 }]);
    expect(fixture.device.written).to.have.length(2);
  });

  it("changes nothing where the device refuses", async () => {
    fixture.device.refuse = new HubError("device-refused", "BadOutOfRange");
    const [result] = await write([{ link: setpoint, value: 60 }]);
    expect(result?.outcome === "refused" && result.error.code).to.equal("device-refused");
    expect(signal("setpoint")).to.equal(undefined);
  });

  it("says that a value was taken but not confirmed", async () => {
    fixture.device.refuseRead = new HubError("device-timeout", "nothing came");
    const [result] = await write([{ link: setpoint, value: 60 }]);
    expect(result?.outcome).to.equal("written");
    expect(signal("setpoint")).to.include({ value: 60, quality: "uncertain", code: "Unconfirmed:device-timeout" });
  });

  it("sends nothing where one of several is read-only, and names the mapping line", async () => {
    const results = await write([
      { link: setpoint, value: 60 },
      { link: linkOf("head"), value: 1 },
    ]);
    expect(results.map((result) => result.outcome)).to.deep.equal(["not-tried", "refused"]);
    const refused = results[1];
    expect(refused?.outcome === "refused" && refused.error).to.include({ code: "read-only" });
    expect(refused?.outcome === "refused" && refused.error.message).to.contain("pumps.yaml:10");
    expect(fixture.device.written).to.deep.equal([]);
  });

  it("refuses what is out of range before the device hears of it", async () => {
    const [result] = await write([{ link: setpoint, value: 111 }]);
    expect(result?.outcome === "refused" && result.error).to.include({ code: "invalid" });
    expect(fixture.device.written).to.deep.equal([]);
  });

  it("refuses while `when` does not hold", async () => {
    const holds = (current: (point: string) => unknown) => current("head") === 0;
    const guarded = linkOf("setpoint", {
      write: { encode: (v) => v, confirm: "none", when: { text: "points.head == 0", holds } },
    });
    await fixture.twin.apply(planOf([guarded, linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 3)]);
    const [refused] = await write([{ link: guarded, value: 1 }]);
    expect(refused?.outcome === "refused" && refused.error.message).to.contain("points.head == 0");
    await fixture.twin.ingest([reading(fixture.clock, "head", 0)]);
    expect((await write([{ link: guarded, value: 1 }]))[0]?.outcome).to.equal("written");
  });

  it("stops at the first refusal; what the device took is committed", async () => {
    const devicesTakeOne = fixture.device;
    const original = devicesTakeOne.write.bind(devicesTakeOne);
    devicesTakeOne.write = async (source, tag, value) => {
      if (tag === "P1/speed") throw new HubError("device-timeout", "no answer in time");
      await original(source, tag, value);
    };
    const results = await write([
      { link: setpoint, value: 1 },
      { link: speed, value: 2 },
      { link: setpoint, value: 3 },
    ]);
    expect(results.map((result) => result.outcome)).to.deep.equal(["written", "refused", "not-tried"]);
    expect(signal("setpoint")?.value).to.equal(1);
  });

  it("a link without a device takes a write by itself", async () => {
    const { tag: _, ...shared } = linkOf("note", { write: { encode: (v) => v, confirm: "none" } });
    await fixture.twin.apply(planOf([shared]));
    await write([{ link: shared, value: 4 }]);
    expect(signal("note")).to.include({ value: 4, quality: "good" });
    expect(fixture.device.written).to.deep.equal([]);
  });

  it("what the device took last is committed last, however long its answers take", async () => {
    const unconfirmed = linkOf("setpoint", { write: { encode: (v) => v, confirm: "readback" } });
    await fixture.twin.apply(planOf([unconfirmed]));
    const firstRead = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const read = fixture.device.read.bind(fixture.device);
    let reads = 0;
    fixture.device.read = async (source, tag) => {
      const answer = await read(source, tag);
      reads += 1;
      begun.resolve();
      if (reads === 1) await firstRead.promise;
      return answer;
    };
    const first = write([{ link: unconfirmed, value: 10 }]);
    await begun.promise;
    const second = write([{ link: unconfirmed, value: 20 }]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    firstRead.resolve();
    await Promise.all([first, second]);
    expect(fixture.device.written.at(-1)?.value).to.equal(20);
    expect(signal("setpoint")?.value).to.equal(20);
  });

  it("is not sent where the client goes while another write has its turn, nor where the link is gone by then", async () => {
    const held = Promise.withResolvers<void>();
    const original = fixture.device.write.bind(fixture.device);
    fixture.device.write = async (source, tag, value) => {
      await held.promise;
      await original(source, tag, value);
    };
    const leaving = new AbortController();
    const first = write([{ link: setpoint, value: 1 }]);
    const gone = fixture.twin.write({ ...scope, abort: leaving.signal }, "aas", [{ link: setpoint, value: 2 }]);
    const unlinked = write([{ link: setpoint, value: 3 }]);
    leaving.abort();
    const [left] = await gone;
    expect(left?.outcome === "refused" && left.error.code).to.equal("aborted");
    await fixture.twin.apply(planOf([linkOf("head")]));
    held.resolve();
    expect((await first)[0]?.outcome).to.equal("written");
    const [refused] = await unlinked;
    expect(refused?.outcome === "refused" && refused.error.code).to.equal("conflict");
    expect(fixture.device.written.map(({ value }) => value)).to.deep.equal([1]);
  });

  it("a device whose clock is behind is heard after a write, and what was received before it is not", async () => {
    const behind = (value: number, changes: { receivedTime?: number } = {}) =>
      fixture.twin.ingest([
        reading(fixture.clock, "setpoint", value, { sourceTime: fixture.clock.ms - 10_000, ...changes }),
      ]);
    const unconfirmed = linkOf("setpoint", { write: { encode: (v) => v, confirm: "none" } });
    await fixture.twin.apply(planOf([unconfirmed]));
    await behind(10);
    fixture.clock.advance(1000);
    await write([{ link: unconfirmed, value: 100 }]);
    await behind(10.5, { receivedTime: fixture.clock.ms - 5 });
    expect(signal("setpoint")?.value).to.equal(100);
    fixture.clock.advance(1000);
    await behind(80);
    expect(signal("setpoint")).to.include({ value: 80, quality: "good" });
  });

  it("is not permitted by a signal that is bad", async () => {
    const holds = (current: (point: string) => unknown) => {
      if (current("head") === undefined) throw new HubError("invalid", "head has no value");
      return current("head") === 0;
    };
    const guarded = linkOf("setpoint", {
      write: { encode: (v) => v, confirm: "none", when: { text: "points.head == 0", holds } },
    });
    await fixture.twin.apply(planOf([guarded, linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 0)]);
    fixture.clock.advance(1000);
    await fixture.twin.ingest([reading(fixture.clock, "head", null, { quality: "bad" })]);
    const [refused] = await write([{ link: guarded, value: 1 }]);
    expect(refused?.outcome === "refused" && refused.error.code).to.equal("conflict");
  });
});
