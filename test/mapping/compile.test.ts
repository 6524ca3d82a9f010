import { expect } from "chai";
import type { PointFacts } from "../../src/core/browse.ts";
import { fakeEnvironment } from "./support/fake-environment.ts";
import { compileTexts, problemsOf, withPoints } from "./support/mapping-text.ts";

const facts = (known: Readonly<Record<string, PointFacts>>) => fakeEnvironment({ line: { facts: known } });

async function onlyLink(points: string, known: Readonly<Record<string, PointFacts>> = {}) {
  const { plans, problems } = await compileTexts(withPoints(points), facts(known));
  const link = plans.get("default")?.links[0];
  if (link === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return link;
}

describe("links", () => {
  it("have the documented defaults", async () => {
    const link = await onlyLink("  s: { from: s, ngsi: s }\n");
    expect(link).to.deep.include({
      key: "default/a/a/s",
      point: "s",
      asset: "a/a",
      place: { file: "a.yaml", line: 6, column: 3 },
      tag: { source: "line", tag: "s" },
      ends: [{ collection: "entity", document: "urn:ngsi-ld:Pump:1", part: "s" }],
      quality: { bad: "hold", staleAfter: 30_000 },
      report: {},
      history: true,
    });
    expect(link.write).to.equal(undefined);
    expect(link.derive).to.equal(undefined);
    expect(link.unit).to.equal(undefined);
  });

  it("take type, unit and bounds from the source where the mapping leaves them out", async () => {
    const known = { s: { valueType: "int", unit: "CEL", range: { low: 0, high: 90 }, writable: true } } as const;
    expect(await onlyLink("  s: { from: s, write: true, ngsi: s }\n", known)).to.deep.include({
      type: "int",
      unit: "CEL",
    });
    const converted = await onlyLink("  s: { from: s, unit: { to: FAH }, write: { max: 150 }, ngsi: s }\n", known);
    expect(converted.write).to.deep.include({ min: 32, max: 150, confirm: "readback" });
    expect(converted.type).to.equal("double");
    expect(converted.write?.encode(50)).to.equal(10);
  });

  it("a number is what has a unit or a deadband; without any hint the end decides", async () => {
    expect((await onlyLink("  s: { from: s, unit: bar, ngsi: s }\n")).type).to.equal("double");
    expect((await onlyLink("  s: { from: s, report: { deadband: 1 }, ngsi: s }\n")).type).to.equal("double");
    expect((await onlyLink("  s: { from: s, expr: value > 1, ngsi: s }\n")).type).to.equal("boolean");
    expect((await onlyLink("  s: { from: s, ngsi: s }\n")).type).to.equal("string");
  });

  it("pass a type that one end knows on to the other", async () => {
    const text = `twinweave: 1
source: line
twin: { submodels: { Op: { id: "urn:op" } }, entity: { id: "urn:e", type: T } }
points: { s: { from: s, aas: Op.Speed, ngsi: speed } }
`;
    const { plans } = await compileTexts(text, fakeEnvironment({ line: {} }, { "Op.Speed": "unsignedShort" }));
    const link = plans.get("default")?.links[0];
    expect(link?.type).to.equal("unsignedShort");
    expect(link?.ends.map(({ part }) => part)).to.deep.equal(["Speed", "speed"]);
    expect(() => link?.decode(70_000)).to.throw("0 to 65535");
  });

  it("without a device are written by clients", async () => {
    const link = await onlyLink("  note: { type: string, ngsi: note }\n");
    expect(link.tag).to.equal(undefined);
    expect(link.write?.confirm).to.equal("none");
    expect(link.write?.encode("checked")).to.equal("checked");
  });

  it("share one tag freely, asked for once at the shortest interval", async () => {
    const points = `  a: { from: s, type: double, interval: 2s, ngsi: a }
  b: { from: s, type: double, interval: 500ms, ngsi: b }
  c: { from: s, type: double, ngsi: c }
`;
    const { plans, tags } = await compileTexts(withPoints(points));
    expect(plans.get("default")?.links).to.have.length(3);
    expect(tags.get("line")).to.deep.equal([{ tag: "s", interval: 500 }]);
  });
});

describe("what mapping and source contradict", () => {
  it("another unit: convert, or say that the source is wrong", async () => {
    const known = { s: { unit: "FAH" } };
    expect(await problemsOf(withPoints("  s: { from: s, unit: Cel, ngsi: s }\n"), facts(known))).to.deep.equal([
      'a.yaml:6:23: error: "s" is to be in CEL, but the source says FAH (unit: { from: FAH, to: CEL } to convert, or { from: CEL, to: CEL } where the source is wrong)',
    ]);
    const overruled = await onlyLink("  s: { from: s, unit: { from: Cel, to: Cel }, ngsi: s }\n", known);
    expect(overruled.decode(20)).to.equal(20);
  });

  it("a unit to convert from that nobody says", async () => {
    expect(await problemsOf(withPoints("  s: { from: s, unit: { to: Cel }, ngsi: s }\n"))).to.deep.equal([
      'a.yaml:6:23: error: the source does not say the unit of "s" (unit: { from: …, to: CEL })',
    ]);
  });

  it("text where a number is needed, and a point that cannot be written", async () => {
    const known = { s: { valueType: "string", writable: false } } as const;
    const points =
      '  s: { from: s, report: { deadband: 1 }, ngsi: s }\n  w: { from: s, write: true, ngsi: w }\n  o: { from: "o!", type: int, write: true, ngsi: o }\n';
    expect((await problemsOf(withPoints(points), facts(known))).map((line) => line.replace(/ \(.*/, ""))).to.deep.equal(
      [
        'a.yaml:6:3: error: "s" has a unit, a deadband or bounds, but the source says that it is a string',
        'a.yaml:7:24: warning: the source says that "w" cannot be written',
        'a.yaml:8:14: warning: "o" is not in the source',
        "a.yaml:8:38: error: o! cannot be written",
      ],
    );
  });

  it("an address that the source's syntax refuses", async () => {
    expect(await problemsOf(withPoints("  s: { from: a//b, ngsi: s }\n"))).to.deep.equal([
      'a.yaml:6:14: error: "a//b" is no path (names with slashes)',
    ]);
  });

  it("a unit code beyond the table is kept, with a warning", async () => {
    const { plans, problems } = await compileTexts(withPoints("  s: { from: s, unit: Z99, ngsi: s }\n"));
    expect(plans.get("default")?.links[0]?.unit).to.equal("Z99");
    expect(problems.map(({ severity, line }) => [severity, line])).to.deep.equal([["warning", 6]]);
  });
});

describe("files beside each other", () => {
  const point = (name: string, end: string) => withPoints(`  ${name}: { from: ${name}, type: double, ngsi: ${end} }\n`);

  it("two links for one address: both lines are named, the later file does not run", async () => {
    const { plans, problems } = await compileTexts([point("a", "speed"), `adopt: true\n${point("b", "speed")}`]);
    expect(problems.map(({ place, message }) => [place, message])).to.deep.equal([
      ["b.yaml:7:3", "speed of urn:ngsi-ld:Pump:1 is claimed twice: a.yaml:6:3 and b.yaml:7:3"],
    ]);
    expect(plans.get("default")?.links.map(({ point }) => point)).to.deep.equal(["a"]);
  });

  it("two points of one file for one address", async () => {
    const text = withPoints(
      "  a: { from: a, type: double, ngsi: speed }\n  b: { from: b, type: double, ngsi: speed }\n",
    );
    expect((await problemsOf(text)).map((line) => line.replace(/ \(.*/, ""))).to.deep.equal([
      "a.yaml:7:3: error: speed of urn:ngsi-ld:Pump:1 is claimed twice: a.yaml:6:3 and a.yaml:7:3",
    ]);
  });

  it("one document for two needs adopt; with it the parts come together", async () => {
    const texts = [point("a", "speed"), point("b", "power")];
    expect(await problemsOf(texts)).to.deep.equal([
      "b.yaml:4:11: error: urn:ngsi-ld:Pump:1 is made twice: a.yaml:4:11 and b.yaml:4:11 (adopt: true, to add to what the other mapping makes)",
    ]);
    const together = await compileTexts([point("a", "speed"), `adopt: true\n${point("b", "power")}`]);
    expect(together.problems).to.deep.equal([]);
    const documents = together.plans.get("default")?.documents ?? [];
    expect(documents.map(({ parts }) => parts.map(({ key }) => key))).to.deep.equal([["speed", "power"]]);
    expect(documents[0]).to.deep.include({ adopt: false });
  });

  it("names are unique in a tenant; tenants do not meet", async () => {
    const named = (tenant: string) => `name: pumps\ntenant: ${tenant}\n${point("a", "speed")}`;
    const { plans, problems } = await compileTexts([named("one"), named("two")]);
    expect(problems).to.deep.equal([]);
    expect([...plans.keys()]).to.deep.equal(["one", "two"]);
    expect((await problemsOf([named("one"), named("one")]))[0]).to.equal(
      'b.yaml:1:7: error: the mapping "pumps" is there already: a.yaml (another name)',
    );
  });

  it("do not depend on the order in which they are read", async () => {
    const texts = [point("a", "speed"), `adopt: true\n${point("b", "speed")}`];
    const forwards = await compileTexts(texts);
    const { parseMapping } = await import("../../src/mapping/load.ts");
    const { compileMappings } = await import("../../src/mapping/compile.ts");
    const files = texts.map((text, index) => parseMapping(text, `${"ab"[index]}.yaml`)).reverse();
    const backwards = await compileMappings(files, fakeEnvironment());
    expect(backwards.problems).to.deep.equal(forwards.problems);
  });
});
