import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { HOUSE_RULES } from "./house-rules.ts";
import { ROOT } from "./walls.ts";

/** These files quote what they forbid. */
const STATES_THE_RULES = /^test\/architecture\/house-rules\./;

/** Text that breaks each rule, and text beside it that does not. */
const SAMPLES: Readonly<Record<string, { path: string; bad: readonly string[]; good: readonly string[] }>> = {
  "at most": { path: "src/a.ts", bad: ["x\n".repeat(301)], good: ["x\n".repeat(300)] },
  "state that changes": {
    path: "src/a.ts",
    bad: ["let count = 0;", "export const cache = new Map<string, number>();", "const seen: string[] = [];"],
    good: [
      "const NONE: ReadonlyMap<string, string> = new Map();",
      "const known: ReadonlySet<string> = new Set(['a']);",
      "function f() {\n  let x = 1;\n  return x;\n}",
      "// let it be",
    ],
  },
  "given up": {
    path: "test/a.ts",
    bad: ["const x: any = 1;", "f(x as any);", "// @ts-ignore", "// biome-ignore lint: no"],
    good: ["/** takes: any value */", "const company: Company = one;"],
  },
  environment: { path: "src/twin/a.ts", bad: ["const home = process.env.HOME;"], good: ["process.environment"] },
  print: { path: "src/twin/a.ts", bad: ["console.log(1);"], good: ["log.info('x');"] },
  "end in .ts": {
    path: "src/a.ts",
    bad: ['import { a } from "./a";', 'export * from "../core";'],
    good: ['import { a } from "./a.ts";', 'import { b } from "chai";'],
  },
  machine: {
    path: "docs/a.md",
    // Put together, so that this file itself holds neither.
    bad: [["cd ", "work", "main"].join("/"), '"resolved": "y"', ["https://registry", "npmjs.org/x"].join(".")],
    good: ["a frame/work/shop", "/var/lib/twinweave"],
  },
};

/** Files of the repository, or nothing where this is no clone. */
function trackedFiles(): string[] {
  if (!existsSync(join(ROOT, ".git"))) return [];
  const listed = execFileSync("git", ["ls-files", "-z", "--cached"], { cwd: ROOT, encoding: "utf8" });
  return listed.split("\0").filter((path) => path !== "" && existsSync(join(ROOT, path)));
}

describe("the house rules", () => {
  const files = trackedFiles();
  before(function () {
    if (files.length === 0) {
      console.error("  SKIPPED the house rules: this is no git clone");
      this.skip();
    }
  });

  it("see the files", () => {
    expect(files.length).to.be.greaterThan(50);
    expect(files).to.include("src/core/errors.ts");
  });

  for (const rule of HOUSE_RULES) {
    it(rule.name, () => {
      const broken = files
        .filter((path) => rule.files.test(path) && !STATES_THE_RULES.test(path))
        .flatMap((path) => rule.find(path, readFileSync(join(ROOT, path), "utf8")).map((found) => `${path}:${found}`));
      expect(broken).to.deep.equal([]);
    });
  }

  for (const [name, { path, bad, good }] of Object.entries(SAMPLES)) {
    it(`notice what breaks them (${name})`, () => {
      const rule = HOUSE_RULES.find((candidate) => candidate.name.includes(name));
      for (const text of bad) expect(rule?.find(path, text), text).not.to.deep.equal([]);
      for (const text of good) expect(rule?.find(path, text), text).to.deep.equal([]);
    });
  }

  it("notice a name that says nothing", () => {
    const rule = HOUSE_RULES.find(({ name }) => name.startsWith("names"));
    for (const path of ["src/utils.ts", "src/helpers/time.ts", "src/aas/index.ts", "src/aas/idShort.ts"]) {
      expect(rule?.find(path, ""), path).to.have.lengthOf(1);
    }
    expect(rule?.find("src/aas/id-short-path.ts", "")).to.deep.equal([]);
  });
});
