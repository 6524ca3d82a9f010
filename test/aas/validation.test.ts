import { readFileSync } from "node:fs";
import { expect } from "chai";
import { validateElement, validateShell, validateSubmodel } from "../../src/aas/validation/validate.ts";
import { HubError, type Problem } from "../../src/core/errors.ts";
import { testShell, testSubmodel } from "../northbound/aas/all-elements.ts";
import { property, submodel, withElement } from "./constraint-examples.ts";

const templates = new URL("../../../shared/idta-templates/", import.meta.url);

function problemsOf(action: () => unknown): readonly Problem[] {
  try {
    action();
  } catch (error) {
    if (error instanceof HubError && error.code === "invalid") return error.problems;
    throw error;
  }
  return [];
}

describe("the metamodel's validation", () => {
  it("takes every element type with all its values, and a shell", () => {
    expect(problemsOf(() => validateSubmodel(testSubmodel(1)))).to.deep.equal([]);
    expect(problemsOf(() => validateShell(testShell(1, [1])))).to.deep.equal([]);
  });

  it("reports every problem at once, each once", () => {
    const body = withElement({ modelType: "Property", idShort: "Speed", valueTyp: "xs:int", value: 5 });
    const found = problemsOf(() => validateSubmodel(body));
    expect(found.map(({ place }) => place)).to.have.members([
      "/submodelElements/0/valueTyp",
      "/submodelElements/0/value",
      "/submodelElements/0",
    ]);
    expect(found.find(({ place }) => place.endsWith("valueTyp"))?.expected).to.contain('"valueType"?');
  });

  it("judges a value by its valueType, days of the calendar and bounds of integers among it", () => {
    const wrong: readonly (readonly [string, string])[] = [
      ["xs:int", "2147483648"],
      ["xs:boolean", "yes"],
      ["xs:double", "inf"],
      ["xs:date", "2026-02-30"],
      ["xs:dateTime", "2026-11-22 10:00"],
      ["xs:unsignedByte", "-1"],
      ["xs:duration", "P"],
      ["xs:base64Binary", "AAE"],
    ];
    for (const [valueType, value] of wrong) {
      const found = problemsOf(() => validateElement({ ...property, valueType, value }, true));
      expect(
        found.map(({ place }) => place),
        `${valueType} ${value}`,
      ).to.deep.equal(["/value"]);
    }
  });

  it("stays bounded: a body with a thousand problems tells the first hundred", () => {
    const elements = Array.from({ length: 1000 }, () => ({ modelType: "Nothing" }));
    expect(problemsOf(() => validateSubmodel(submodel({ submodelElements: elements })))).to.have.length(101);
  });

  it("takes the official Nameplate and TimeSeries templates", function () {
    for (const file of ["02006-3-0-1_DigitalNameplate.json", "02008-1-1-1_TimeSeriesData.json"]) {
      let text: string;
      try {
        text = readFileSync(new URL(file, templates), "utf8");
      } catch {
        console.warn(`skipped: ../shared/idta-templates/${file} is not here`);
        return this.skip();
      }
      for (const template of JSON.parse(text).submodels) {
        expect(
          problemsOf(() => validateSubmodel(template)),
          file,
        ).to.deep.equal([]);
      }
    }
  });
});
