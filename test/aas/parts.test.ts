import { expect } from "chai";
import { formatIdShortPath, isAtOrBelow, parentPath, parseIdShortPath } from "../../src/aas/id-short-path.ts";
import { joinElement, joinSubmodel, splitSubmodel } from "../../src/aas/parts.ts";
import type { PartRow } from "../../src/core/document.ts";
import { testSubmodel } from "../northbound/aas/all-elements.ts";

describe("idShortPath", () => {
  it("is read and written", () => {
    for (const path of ["Speed", "Motor.Power", "Phases[0].Current", "A1[0][12].B_2-c"]) {
      expect(formatIdShortPath(parseIdShortPath(path))).to.equal(path);
    }
  });

  it("refuses what is none", () => {
    for (const path of ["", ".a", "a.", "a..b", "a[01]", "a[-1]", "[0]", "a b", "a\u0000", "a[0]b", "ä"]) {
      expect(() => parseIdShortPath(path), path)
        .to.throw()
        .with.property("code", "malformed");
    }
  });

  it("knows what lies above and below", () => {
    expect([parentPath("A1[0].B"), parentPath("A1[0]"), parentPath("A1")]).to.deep.equal(["A1[0]", "A1", undefined]);
    expect([isAtOrBelow("Motor.P", "Motor"), isAtOrBelow("Motor2", "Motor"), isAtOrBelow("L[1]", "L")]).to.deep.equal([
      true,
      false,
      true,
    ]);
  });
});

describe("submodels as parts", () => {
  const { document, parts } = splitSubmodel(testSubmodel(1));
  const rows = parts.map((part, position): PartRow => ({ ...part, position, createdAt: 0, modifiedAt: 0 }));

  it("join to the submodel that was split, in its order", () => {
    expect(joinSubmodel(document.body, rows)).to.deep.equal(testSubmodel(1));
  });

  it("are one an element, without what lies below", () => {
    expect(parts.map(({ key }) => key)).to.include.members(["Phases[1].Current", "Drives.Since", "Motor.Power"]);
    expect(JSON.parse(parts.find(({ key }) => key === "Phases")?.body ?? "")).not.to.have.property("value");
    expect(parts.find(({ key }) => key === "Speed")).to.include({ num: 1450, text: "1450", kind: "Property" });
  });

  it("join to one element from its own parts", () => {
    const below = rows.filter(({ key }) => isAtOrBelow(key, "Phases[1]"));
    expect(joinElement(below)).to.deep.equal({
      modelType: "SubmodelElementCollection",
      value: [{ modelType: "Property", idShort: "Current", valueType: "xs:float", value: "3.5" }],
    });
  });

  it("are found by idShort and semanticId", () => {
    expect(document.keys).to.deep.include({
      idShort: ["Submodel1"],
      semanticId: ["(GlobalReference)urn:test:semantics:1", "urn:test:semantics:1"],
    });
  });
});
