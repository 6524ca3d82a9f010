import { expect } from "chai";
import { problemBound, Report } from "../../src/aas/validation/report.ts";
import { HubError } from "../../src/core/errors.ts";

describe("what is wrong with a body", () => {
  it("is counted whole; beyond the bound nobody works out what would be right", () => {
    const report = new Report();
    let asked = 0;
    for (let index = 0; index < problemBound + 50; index++) report.add(`/${index}`, "is wrong", () => String(++asked));
    expect(asked).to.equal(problemBound);
    expect(report.problems).to.have.length(problemBound + 1);
    expect(report.problems.at(-1)?.message).to.equal("and 50 more problems");
    expect(() => report.throwIfAny("the submodel")).to.throw(
      HubError,
      `breaks the metamodel in ${problemBound + 50} places`,
    );
  });
});
