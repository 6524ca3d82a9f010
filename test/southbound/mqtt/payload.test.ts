import { expect } from "chai";
import type { Reading } from "../../../src/core/reading.ts";
import { parseMqttAddress } from "../../../src/southbound/mqtt/address.ts";
import { readPayload } from "../../../src/southbound/mqtt/payload.ts";

function read(payload: string | Buffer, tag: string, maxPayload = 10_000): Partial<Reading> {
  const address = parseMqttAddress(tag);
  if ("problem" in address) throw new Error(address.problem.message);
  const [reading] = readPayload(Buffer.from(payload), [{ tag, address }], { source: "s", receivedTime: 1, maxPayload });
  const { source: _source, tag: _tag, receivedTime: _received, ...rest } = reading ?? {};
  return rest;
}

const good = (value: unknown): unknown => ({ value, quality: "good" });
const bad = (code: string): unknown => ({ value: null, quality: "bad", code });

describe("mqtt payloads", () => {
  it("give their fields, exactly", () => {
    const payload =
      '{"t":21.5,"n":{"a":[1,{"b":"12"}]},"big":9007199254740993,"neg":-9223372036854775808,"no":null,"0":"zero"}';
    expect(read(payload, "x#t")).to.deep.equal(good(21.5));
    expect(read(payload, "x#n.a[1].b")).to.deep.equal(good("12"));
    expect(read(payload, "x#big")).to.deep.equal(good(9007199254740993n));
    expect(read(payload, "x#neg")).to.deep.equal(good(-9223372036854775808n));
    expect(read(payload, "x#no")).to.deep.equal(good(null));
    expect(read(payload, "x#[0]")).to.deep.equal(good("zero"));
    expect(read(payload, "x#n")).to.deep.equal(good({ a: [1, { b: "12" }] }));
    expect(read("[1,2,3]", "x#[2]")).to.deep.equal(good(3));
  });

  it("are bad where they have no such field, without reaching into prototypes", () => {
    for (const path of ["x", "t.x", "n.a[9]", "constructor", "__proto__", "n.a.length"]) {
      expect(read('{"t":1,"n":{"a":[1]}}', `x#${path}`), path).to.deep.equal(bad("NoSuchField"));
    }
    expect(read('{"__proto__":{"t":1}}', "x#t")).to.deep.equal(bad("NoSuchField"));
  });

  it("are bad where they are not what they should be", () => {
    expect(read("no JSON {", "x#t")).to.deep.equal(bad("BadDecodingError"));
    expect(read('{"t":NaN}', "x#t")).to.deep.equal(bad("BadDecodingError"));
    expect(read("", "x#t")).to.deep.equal(bad("BadNoData"));
    expect(read("", "x")).to.deep.equal(bad("BadNoData"));
    expect(read(Buffer.from([0xff, 0xfe]), "x")).to.deep.equal(bad("BadDecodingError"));
    expect(read('{"t":1}', "x#t", 6)).to.deep.equal(bad("BadEncodingLimitsExceeded"));
    expect(read(`${"[".repeat(70)}1${"]".repeat(70)}`, "x##format=json")).to.deep.equal(
      bad("BadEncodingLimitsExceeded"),
    );
  });

  it("are taken whole as a scalar, as text, or as the format says", () => {
    for (const [payload, value] of [
      ["21.5", 21.5],
      ["-0", -0],
      ["9007199254740993", 9007199254740993n],
      ["true", true],
      ["null", null],
      ['"a"', "a"],
      ["0042", "0042"],
      ["NaN", "NaN"],
      ["on", "on"],
      ['{"a":1}', '{"a":1}'],
    ] as const) {
      expect(read(payload, "x"), payload).to.deep.equal(good(value));
    }
    expect(read('{"a":1}', "x##format=json")).to.deep.equal(good({ a: 1 }));
    expect(read("21.5", "x##format=utf8")).to.deep.equal(good("21.5"));
    expect(read(Buffer.from([0, 255]), "x##format=base64")).to.deep.equal(good("AP8="));
  });

  it("say their time, in any of the usual ways", () => {
    const at = Date.parse("2026-11-22T10:00:00.250Z");
    for (const time of [
      '"2026-11-22T11:00:00.250+01:00"',
      `${at / 1e3}`,
      `${at}`,
      `${at}000`,
      `${at}000000`,
      `"${at}"`,
    ]) {
      expect(read(`{"v":1,"ts":${time}}`, "x#v#time=ts"), time).to.deep.equal({
        value: 1,
        quality: "good",
        sourceTime: at,
      });
    }
    for (const time of ['"yesterday"', "null", "{}", '"2026-99-99T00:00:00Z"', "1e40"]) {
      const reading = { value: 1, quality: "uncertain", code: "NoSourceTime" };
      expect(read(`{"v":1,"ts":${time}}`, "x#v#time=ts"), time).to.deep.equal(reading);
    }
  });

  it("say their quality, and are uncertain where that is not understood", () => {
    for (const [said, expected] of [
      ["true", { quality: "good" }],
      ["false", { quality: "bad" }],
      ['"GOOD"', { quality: "good" }],
      ['"BadSensorFailure"', { quality: "bad", code: "BadSensorFailure" }],
      ['"Uncertain"', { quality: "uncertain" }],
      ["0", { quality: "good" }],
      ["1073741824", { quality: "uncertain", code: "0x40000000" }],
      ["2156724224", { quality: "bad", code: "0x808D0000" }],
      ['"perfect"', { quality: "uncertain", code: "UnknownQuality" }],
      ["-1", { quality: "uncertain", code: "UnknownQuality" }],
    ] as const) {
      expect(read(`{"v":1,"q":${said}}`, "x#v#quality=q"), said).to.deep.equal({ value: 1, ...expected });
    }
    expect(read('{"v":1}', "x#v#quality=q")).to.deep.equal({ value: 1, quality: "uncertain", code: "NoSuchField" });
  });
});
