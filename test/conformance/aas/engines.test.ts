import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { requireForeign } from "../../support/foreign-server.ts";
import { pagePath } from "./conformance-page.ts";
import { openEngineHub } from "./engine-hub.ts";
import { enginesSection, runEngines, type SuiteScore } from "./engines.ts";

describe("aas-test-engines against a running hub", function () {
  this.timeout(120_000);
  let scores: readonly SuiteScore[];

  before(async function () {
    const python = requireForeign(this, "aas_test_engines");
    const hub = await openEngineHub();
    try {
      scores = await runEngines(python, hub.url);
    } finally {
      await hub.close();
    }
  });

  it("makes all checks of the four public suites", () => {
    expect(scores.map(({ checks }) => checks.length)).to.deep.equal([112, 106, 88, 70]);
  });

  it("finds nothing that is not a mistake of its own", () => {
    const failed = scores.flatMap(({ suite, unexplained }) =>
      unexplained.map(({ operation, name, reasons }) => `${suite.name} ${operation}, ${name}: ${reasons.join("; ")}`),
    );
    expect(failed).to.deep.equal([]);
  });

  it("still makes every mistake that is waived", () => {
    expect(scores.flatMap(({ idle }) => idle)).to.deep.equal([]);
  });

  it("has its score in docs/conformance/aas.md", () => {
    const page = existsSync(pagePath) ? readFileSync(pagePath, "utf8") : "";
    expect(page.includes(enginesSection(scores)), "npm run conformance:aas writes the page anew").to.equal(true);
  });
});
