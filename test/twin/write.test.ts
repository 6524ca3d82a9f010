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
});
