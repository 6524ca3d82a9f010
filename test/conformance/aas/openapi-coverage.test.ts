import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { requireFile } from "../../support/foreign-server.ts";
import { pagePath } from "./conformance-page.ts";
import { measureCoverage, type Pair } from "./coverage.ts";
import { coverageSection, standingOf } from "./coverage-section.ts";
import { readOfficial } from "./official/openapi.ts";
import { reasonOf, reasons } from "./reasons.ts";

const nameOf = ({ operation, status }: Pair): string => `${operation.id} ${status}`;

describe("every operation and status of IDTA's OpenAPI", function () {
  this.timeout(120_000);
  let pairs: readonly Pair[];

  before(async function () {
    requireFile(this, "../shared/specs/aas/Entire-API-Collection.yaml");
    pairs = await measureCoverage(readOfficial() ?? new Map());
  });

  it("is answered as it describes", () => {
    const wrong = pairs.flatMap((pair) => pair.problems.map((problem) => `${nameOf(pair)}: ${problem}`));
    expect(wrong).to.deep.equal([]);
    expect(pairs.filter(({ asked }) => asked > 0)).to.have.length.greaterThan(1480);
  });

  it("is exercised, or listed with a reason", () => {
    const left = pairs.filter((pair) => standingOf(pair) === "open" || !pair.served);
    expect(left.map(nameOf)).to.deep.equal([]);
  });

  it("has no reason that is not needed", () => {
    const needed = new Set(pairs.filter((pair) => standingOf(pair) === "listed").map(nameOf));
    const given = reasons.flatMap(({ operations, status }) => operations.map((operation) => `${operation} ${status}`));
    expect(given.filter((one) => !needed.has(one))).to.deep.equal([]);
    expect(pairs.some((pair) => reasonOf(pair) !== undefined)).to.equal(true);
  });

  it("stands in docs/conformance/aas.md as it was measured", () => {
    const page = existsSync(pagePath) ? readFileSync(pagePath, "utf8") : "";
    const stale = "npm run conformance:aas writes the page anew";
    expect(page.includes(coverageSection(pairs)), stale).to.equal(true);
  });
});
