import { expect } from "chai";
import fc from "fast-check";
import type { Value } from "../../../src/core/value.ts";
import { formats, mqttAddresses, mqttTag, parseMqttAddress } from "../../../src/southbound/mqtt/address.ts";

const tagOf = (from: unknown, base?: string): unknown => {
  const parsed = mqttAddresses.parse(from, base);
  return "tag" in parsed ? parsed.tag : parsed.problem.message;
};

import { exactJson } from "../../../src/southbound/mqtt/exact-json.ts";

/** Templates may hold integers that come back as bigint. */
const text = (address: ReturnType<typeof parseMqttAddress>): unknown => exactJson({ ...address } as Value);

describe("mqtt addresses", () => {
  it("have one canonical text, however they are written", () => {
    expect(tagOf("plant/p1/state")).to.equal("plant/p1/state");
    expect(tagOf("plant/p1/state#")).to.equal("plant/p1/state");
    expect(tagOf("a#motor.phases.0.current")).to.equal("a#motor.phases[0].current");
    expect(tagOf('a#["motor"]["odd.name"]')).to.equal('a#motor["odd.name"]');
    expect(tagOf({ topic: "a", field: "b", format: "json" })).to.equal("a#b");
    expect(tagOf({ topic: "a", format: "utf8" })).to.equal("a##format=utf8");
    expect(tagOf({ topic: "a", field: "b", time: "ts", quality: "q.code" })).to.equal("a#b#time=ts&quality=q.code");
    expect(tagOf({ topic: "a", field: "b", command: "a/set", template: { set: "$value", by: [1, null] } })).to.equal(
      "a#b#command=a%2Fset&template=%7B%22set%22%3A%22%24value%22%2C%22by%22%3A%5B1%2Cnull%5D%7D",
    );
  });

  it("go on from a base, or start again at the root", () => {
    expect(tagOf("state#speed", "plant/p1")).to.equal("plant/p1/state#speed");
    expect(tagOf("#speed", "plant/p1/state")).to.equal("plant/p1/state#speed");
    expect(tagOf("/weather#t", "plant/p1")).to.equal("weather#t");
    expect(tagOf("/weather#t")).to.equal("/weather#t");
    expect(tagOf({ topic: "state", command: "set" }, "plant/p1/")).to.equal("plant/p1/state##command=plant%2Fp1%2Fset");
  });

  it("can be written where they have a command", () => {
    expect(mqttAddresses.parse("a#b")).to.include({ writable: false });
    expect(mqttAddresses.parse({ topic: "a", command: "a/set" })).to.include({ writable: true });
  });

  for (const [wrong, why] of [
    ["", /empty/],
    ["#speed", /empty/],
    ["plant/+/state#speed", /without \+ and #/],
    ["a#b..c", /no path/],
    ["a#b[", /no path/],
    ["a#[01]", /no path/],
    ["a#b#format=xml", /format/],
    ["a#b#nonsense=1", /nonsense|additional/],
    ["a#b#command=x&template=%7B", /a template is JSON/],
    [{ topic: "a", field: "b", format: "utf8" }, /has no fields/],
    [{ topic: "a", template: 1 }, /never sent/],
    [{ topic: "a", command: "b", template: Number.NaN }, /neither NaN/],
    [{ topic: "a", command: "a/#" }, /without \+ and #/],
    [{ topic: "a", time: "" }, /no path/],
    [{ topic: "x".repeat(65_536) }, /topic/],
  ] as const) {
    it(`refuse ${JSON.stringify(wrong).slice(0, 60)}, saying why`, () => {
      expect(tagOf(wrong)).to.match(why);
    });
  }

  it("come back from their canonical text as they were", () => {
    const name = fc.oneof(
      fc.constantFrom("a", "temp", "0", "12", "odd.name", "#", '"', "[x]", "a b", "ä", "\\"),
      fc.string({ minLength: 1 }),
    );
    const path = fc
      .array(name, { minLength: 1, maxLength: 4 })
      .map((names) => names.map((part) => `[${JSON.stringify(part)}]`).join(""));
    const topic = fc
      .array(fc.stringMatching(/^[^+#\0/]{1,8}$/), { minLength: 1, maxLength: 4 })
      .map((levels) => levels.join("/"));
    const object = fc.record(
      {
        topic,
        field: path,
        time: path,
        quality: path,
        command: topic,
        template: fc.jsonValue(),
        format: fc.constantFrom(...formats),
      },
      { requiredKeys: ["topic"] },
    );
    let valid = 0;
    const property = fc.property(object, (from) => {
      const address = parseMqttAddress(from);
      if ("problem" in address) return;
      valid += 1;
      expect(text(parseMqttAddress(mqttTag(address)))).to.equal(text(address));
    });
    fc.assert(property, { numRuns: 1000 });
    expect(valid).to.be.above(100);
  });
});
