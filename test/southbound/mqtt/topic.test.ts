import { expect } from "chai";
import { parseBrowsePattern } from "../../../src/southbound/mqtt/browse-pattern.ts";
import { commandPayload } from "../../../src/southbound/mqtt/command.ts";
import { filterCovers, filterProblem } from "../../../src/southbound/mqtt/topic.ts";

describe("mqtt topic filters", () => {
  for (const [filter, topic, covers] of [
    ["a/b", "a/b", true],
    ["a/b", "a/b/c", false],
    ["a/+", "a/b", true],
    ["a/+", "a/b/c", false],
    ["a/+", "a", false],
    ["+/+", "/a", true],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["#", "a/b", true],
    ["#", "$SYS/x", false],
    ["+/x", "$SYS/x", false],
    ["$SYS/#", "$SYS/x", true],
  ] as const) {
    it(`${filter} ${covers ? "covers" : "does not cover"} ${topic}`, () => {
      expect(filterCovers(filter, topic)).to.equal(covers);
    });
  }

  it("are checked", () => {
    for (const right of ["a", "#", "+", "a/+/b/#", "/"]) expect(filterProblem(right), right).to.equal(undefined);
    for (const wrong of ["", "a/#/b", "a+", "a/b#"]) expect(filterProblem(wrong), wrong).to.be.a("string");
  });
});

describe("mqtt browse patterns", () => {
  it("match topics and what lies below them", () => {
    const pattern = parseBrowsePattern("plant/{line}/+/state");
    expect(pattern.filter).to.equal("plant/+/+/state/#");
    expect(pattern.names).to.deep.equal(["line", undefined]);
    expect(pattern.match("plant/l1/m1/state")).to.deep.equal({ prefix: "plant/l1/m1/state", levels: ["l1", "m1"] });
    expect(pattern.match("plant/l1/m1/state/x")).to.deep.equal({ prefix: "plant/l1/m1/state", levels: ["l1", "m1"] });
    expect(pattern.match("plant/l1/m1/other")).to.equal(undefined);
    expect(pattern.match("plant/l1/m1")).to.equal(undefined);
  });

  it("are refused where they are none", () => {
    for (const wrong of ["", "#", "a+/b", "a/#/b"]) {
      expect(() => parseBrowsePattern(wrong), wrong)
        .to.throw()
        .with.property("code", "invalid");
    }
  });
});

describe("mqtt commands", () => {
  it("are the value, or a template with the value in it", () => {
    expect(commandPayload(21.5, undefined)).to.equal("21.5");
    expect(commandPayload("auto", undefined)).to.equal("auto");
    expect(commandPayload(9007199254740993n, undefined)).to.equal("9007199254740993");
    expect(commandPayload("auto", { mode: "$value", list: ["$value", 1] })).to.equal(
      '{"mode":"auto","list":["auto",1]}',
    );
    expect(() => commandPayload(Number.NaN, { v: "$value" }))
      .to.throw()
      .with.property("code", "invalid");
  });
});
