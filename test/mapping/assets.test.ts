import { expect } from "chai";
import type { BrowseNode } from "../../src/core/browse.ts";
import { fakeEnvironment } from "./support/fake-environment.ts";
import { compileTexts, problemsOf } from "./support/mapping-text.ts";

const node = (name: string, path = `Line1/${name}`): BrowseNode => ({ address: path, name, path, kind: "folder" });

const mapping = (forEach: string, from = "speed") => `twinweave: 1
source: line
forEach: ${forEach}
twin: { entity: { id: "urn:ngsi-ld:Pump:{pump.name}", type: Pump } }
points:
  speed: { from: "${from}", type: double, ngsi: speed }
`;

describe("assets of a mapping", () => {
  it("are counted: a lost machine is an error at `expect`", async () => {
    const environment = fakeEnvironment({ line: { nodes: [node("P1"), node("P2")] } });
    const { problems, coverage, plans } = await compileTexts(
      mapping("{ browse: Line1/*, as: pump, expect: 3 }"),
      environment,
    );
    expect(problems.map(({ place, message }) => [place, message])).to.deep.equal([
      ["a.yaml:3:47", "2 assets match, 3 are expected: P1, P2"],
    ]);
    expect(coverage[0]).to.deep.include({ expected: 3, matched: ["P1", "P2"] });
    expect(plans.size).to.equal(0);
  });

  it("must be told apart; another key helps", async () => {
    const environment = fakeEnvironment({ line: { nodes: [node("P1", "Line1/P1"), node("P1", "Line2/P1")] } });
    const twice = await compileTexts(mapping("{ browse: Line1/*, as: pump }"), environment);
    expect(twice.coverage[0]?.ambiguous).to.deep.equal(["P1"]);
    expect(twice.problems[0]).to.deep.include({
      place: "a.yaml:3:10",
      message: '2 assets are called "P1": Line1/P1, Line2/P1',
      expected: 'a key that tells them apart, e.g. key: "{pump.path}"',
    });
    const apart = await compileTexts(
      mapping('{ browse: Line1/*, as: pump, key: "{pump.path}" }').replace("Pump:{pump.name}", "{pump.path}"),
      environment,
    );
    expect(apart.problems).to.deep.equal([]);
    expect(apart.plans.get("default")?.links.map(({ key }) => key)).to.deep.equal([
      "default/a/Line1/P1/speed",
      "default/a/Line2/P1/speed",
    ]);
  });

  it("have the fields that they have: another one is named with those, once for all assets", async () => {
    const list = "{ list: [{ name: a }, { name: b }, { name: c }], as: pump }";
    expect(await problemsOf(mapping(list, "{pump.nmae}/speed"))).to.deep.equal([
      'a.yaml:6:18: error: "{pump.nmae}": the asset "a" has no field "nmae" (and so for 2 more assets) (did you mean "name"?)',
    ]);
  });

  it("that share an id are told to use a placeholder", async () => {
    const text = mapping("{ list: [{ name: a }, { name: b }], as: pump }").replace("{pump.name}", "all");
    expect(await problemsOf(text)).to.deep.equal([
      "a.yaml:6:3: error: speed of urn:ngsi-ld:Pump:all is claimed twice: by several assets of a.yaml:6:3 (a placeholder in the id, so that each asset has its own)",
    ]);
  });

  it("of a source that is down are an error of that file; addresses written out still compile, with a warning", async () => {
    const environment = fakeEnvironment({ line: { down: true } });
    expect(await problemsOf(mapping("{ browse: Line1/*, as: pump }"), environment)).to.deep.equal([
      "a.yaml:3:20: error: the source cannot be browsed: nobody answers (a source that answers; the mapping runs from then on)",
    ]);
    const listed = await compileTexts(mapping("{ list: [{ name: a }], as: pump }"), environment);
    expect(listed.problems.map(({ severity, place }) => [severity, place])).to.deep.equal([["warning", "a.yaml:2:9"]]);
    expect(listed.plans.get("default")?.links).to.have.length(1);
  });

  it("come from browse or list, not from both or neither", async () => {
    for (const forEach of ["{ as: pump }", "{ browse: a, list: [{ name: a }], as: pump }"]) {
      expect(await problemsOf(mapping(forEach))).to.deep.equal([
        "a.yaml:3:1: error: forEach says where the assets come from, once (either browse or list)",
      ]);
    }
  });

  it("are many and quick: 10,000 links compile in a second", async () => {
    const nodes = Array.from({ length: 5000 }, (_, index) => node(`P${index}`));
    const text = `${mapping("{ browse: Line1/*, as: pump, expect: 5000 }")}  double: { expr: points.speed * 2, ngsi: double }\n`;
    const begun = process.cpuUsage(); // other suites may run beside this one
    const { plans, problems } = await compileTexts(text, fakeEnvironment({ line: { nodes } }));
    const took = process.cpuUsage(begun).user / 1000;
    expect(problems).to.deep.equal([]);
    expect(plans.get("default")?.links).to.have.length(10_000);
    expect(took, "ms of CPU").to.be.below(1000);
  });
});
