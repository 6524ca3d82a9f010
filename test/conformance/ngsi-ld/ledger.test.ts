import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { type Clause, clauses } from "./clauses.ts";
import { conformancePage, pagePath } from "./conformance-page.ts";
import { contradictions } from "./contradictions.ts";
import { parseCsv } from "./etsi-run.ts";
import { etsiSection } from "./etsi-section.ts";
import { ledger, wrong } from "./ledger.ts";
import { reasonOf, reasons } from "./reasons.ts";
import { clausesIn, titleTags } from "./tags.ts";

describe("the ledger of GS CIM 009", () => {
  const lines = ledger();

  it("stands in docs/conformance/ngsi-ld.md as code and tests have it", () => {
    const page = existsSync(pagePath) ? readFileSync(pagePath, "utf8") : "";
    expect(page === conformancePage(lines), "npm run conformance:ngsi-ld writes the page anew").to.equal(true);
  });

  it("has code and a test for every clause that applies", () => {
    expect(lines.flatMap((line) => wrong(line) ?? [])).to.deep.equal([]);
  });

  it("has each clause once, in the standard's order", () => {
    const order = ({ number }: Clause): string =>
      number
        .split(".")
        .map((part) => part.padStart(3, "0"))
        .join(".");
    const found = clauses.map(order);
    expect(found).to.deep.equal([...new Set(found)].sort());
    expect(clauses).to.have.length.greaterThan(270);
  });

  it("gives no reason that is not needed", () => {
    const idle = Object.keys(reasons).filter(
      (clause) => !clauses.some(({ number }) => `${number}.`.startsWith(`${clause}.`)),
    );
    expect(idle).to.deep.equal([]);
    // What an operation serves applies, whatever was thought of it.
    const served = lines.filter(({ clause, handlers }) => {
      const operations = handlers.filter((place) => !place.endsWith(".ts"));
      return reasonOf(clause) !== undefined && operations.length > 0;
    });
    expect(served.map(({ clause: { number } }) => number)).to.deep.equal([]);
  });

  it("reads clauses alone, in lists and as ranges, and nothing that only looks like one", () => {
    expect(clausesIn("5.7.2")).to.deep.equal(["5.7.2"]);
    expect(clausesIn("5.7.2.4, 6.3.10 and 4.9")).to.deep.equal(["5.7.2.4", "6.3.10", "4.9"]);
    expect(clausesIn("5.7.5 to 5.7.8")).to.deep.equal(["5.7.5", "5.7.6", "5.7.7", "5.7.8"]);
    expect(clausesIn("v1.9.1, 15.2.1, 3.1.2")).to.deep.equal([]);
  });

  it("reads titles of tests, whatever their quotes", () => {
    const source = 'it("a \\"b\\" (5.6.1)", x); describe(`c (CIM 009 4.9, 4.19)`, y); it("d (rule 9) 4.8", z);';
    const found = new Set(titleTags(source, "a.test.ts").map(({ clause }) => clause));
    expect([...found]).to.deep.equal(["5.6.1", "4.9", "4.19"]);
    const table = 'const rows = [{ clauses: "(4.5.2.2, C.2.2)", rule: "x (4.10)" }]; f(4.8); "4.11"';
    expect(titleTags(table, "a.test.ts").map(({ clause }) => clause)).to.deep.equal(["4.5.2.2", "4.10"]);
  });

  it("tells served from untested and missing clauses", () => {
    const tag = (clause: string) => ({ clause, place: "a.ts" });
    const some = ledger([tag("5.6.1.4"), tag("4.5.3"), tag("5.8")], [tag("5.6.1")]);
    const states = new Map(some.map(({ clause: { number }, state }) => [number, state]));
    const asked = ["5.6.1", "4.5.3.2", "5.8.1", "5.16"].map((number) => states.get(number));
    expect(asked).to.deep.equal(["served", "untested", "missing", "not applicable"]);
  });

  it("lists what failed of the ETSI suite, but for what contradicts the text", () => {
    const folders = [{ folder: "A", tests: 3, passed: 1 }];
    const failures = ["001_01 Broken", `${contradictions[0]?.test} Other`];
    const section = etsiSection({ suite: "abc", folders, failures });
    expect(section).to.include("| all | 3 | 1 |").and.include("- 001_01 Broken").and.not.include("Other");
  });

  it("reads the suite's table, names with commas and messages with lines in it", () => {
    const text = 'phase,file\r\na,"b, ""c""",d\r\ne,"f\r\ng",\r\n';
    expect(parseCsv(text)).to.deep.equal([
      ["phase", "file"],
      ["a", 'b, "c"', "d"],
      ["e", "f\r\ng", ""],
    ]);
  });
});
