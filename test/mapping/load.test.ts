import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadMappings, parseMapping } from "../../src/mapping/load.ts";
import { problemText } from "../../src/mapping/problem.ts";
import { withPoints } from "./support/mapping-text.ts";

const told = (text: string) => parseMapping(text, "a.yaml").problems.map(problemText);

describe("reading mapping files", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "mappings-"));
    mkdirSync(join(folder, "line"));
    const text = withPoints("  speed: { from: speed, ngsi: speed }\n");
    for (const name of ["line/b.yaml", "line/a.yml", "line/a.test.yaml", "line/readme.md", "c.yaml"]) {
      writeFileSync(join(folder, name), text);
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  const names = async (...paths: string[]) => (await loadMappings(paths, folder)).map(({ file }) => file);

  it("takes files, folders and globs, each file once, in the order of their names, tests left out", async () => {
    expect(await names("line")).to.deep.equal(["line/a.yml", "line/b.yaml"]);
    expect(await names("**/*.yaml")).to.deep.equal(["c.yaml", "line/b.yaml"]);
    expect(await names("line", "./line/b.yaml", join(folder, "c.yaml"))).to.deep.equal([
      "c.yaml",
      "line/a.yml",
      "line/b.yaml",
    ]);
  });

  it("says where nothing is, and goes on", async () => {
    const files = await loadMappings(["nowhere", "c.yaml"], folder);
    expect(
      files.map(({ definition, problems }) => [definition !== undefined, problems.map(problemText)]),
    ).to.deep.equal([
      [true, []],
      [false, ["nowhere:1:1: error: there is no mapping file (a file, a folder with *.yaml, or a glob)"]],
    ]);
  });

  it("takes name and tenant from the file, else from its name and the default", () => {
    const plain = parseMapping(withPoints("  speed: { from: speed, ngsi: speed }\n"), "x/press-line.yaml");
    expect([plain.name, plain.tenant]).to.deep.equal(["press-line", "default"]);
    const named = parseMapping(`name: other\ntenant: plant\n${withPoints("  s: { from: s, ngsi: s }\n")}`, "x.yaml");
    expect([named.name, named.tenant]).to.deep.equal(["other", "plant"]);
    expect(parseMapping(withPoints("  s: { from: s, ngsi: s }\n"), "my mapping.yaml").problems[0]?.message).to.equal(
      'the file\'s name "my mapping" cannot name a mapping',
    );
  });

  it("tells broken YAML with its line", () => {
    expect(told("")).to.deep.equal(["a.yaml:1:1: error: the file is empty (twinweave: 1, source, twin, points)"]);
    expect(told("twinweave: 1\ntwinweave: 1\n")).to.deep.equal([
      'a.yaml:2:1: error: "twinweave" is written twice, first in line 1 (each key once)',
    ]);
    expect(told("a: 1\n---\nb: 2\n")[0]).to.match(/^a\.yaml:.*one document a file/);
    expect(told("a: !secret x\n")[0]).to.match(/^a\.yaml:1:4: error: Unresolved tag/);
    expect(told("a: *nowhere\n")[0]).to.match(/^a\.yaml:1:4: error: .*nowhere/);
    expect(told("- 1\n")).to.deep.equal([
      "a.yaml:1:1: error: the file must be a mapping (key: value), not a list (Weaves points of a source into AAS submodels and NGSI-LD entities.)",
    ]);
  });

  it("never loses a digit silently", () => {
    expect(told(withPoints("  s: { from: { serial: 12345678901234567890 }, ngsi: s }\n"))).to.deep.equal([
      'a.yaml:6:24: error: the number 12345678901234567890 loses digits ("12345678901234567890")',
    ]);
  });

  it("bounds what a file may expand to", () => {
    const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let step = 1; step < 10; step++) {
      bomb.push(
        `a${step}: &a${step} [${Array(10)
          .fill(`*a${step - 1}`)
          .join(", ")}]`,
      );
    }
    const begun = performance.now();
    expect(told(bomb.join("\n")).join("\n")).to.match(/more than 500000 values/);
    expect(told(`a: ${"[".repeat(100)}${"]".repeat(100)}`).join("\n")).to.match(/nested deeper than 64 levels/);
    expect(told(`a: ${"[".repeat(100_000)}`)).to.not.be.empty;
    expect(performance.now() - begun, "ms").to.be.below(9000); // unbounded it would run for hours
  });

  it("tells every mistake of form at once, in one form of a member only", () => {
    const points = `  a: { from: 7, unit: { form: bar, to: kPa }, write: yes, ngsi: { typ: Property } }
  b: { from: x, report: { deadband: 0 }, quality: { bad: old }, histroy: true }
`;
    expect(told(withPoints(points)).map((line) => line.replace(/ \(.*/, ""))).to.deep.equal([
      'a.yaml:6:14: error: "from" must be text or a mapping',
      'a.yaml:6:25: error: unknown key "form"',
      'a.yaml:6:54: error: "write" must be true or false or a mapping',
      'a.yaml:6:59: error: "attribute" is missing in "ngsi"',
      'a.yaml:7:37: error: "deadband" must be > 0',
      'a.yaml:7:58: error: "bad" cannot be "old"',
      'a.yaml:7:65: error: unknown key "histroy"',
    ]);
  });
});
