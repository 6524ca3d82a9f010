import { expect } from "chai";
import { validateConcept, validateShell, validateSubmodel } from "../../src/aas/validation/validate.ts";
import { HubError, type Problem } from "../../src/core/errors.ts";
import { concept, type Example, examples, type Judged } from "./constraint-examples.ts";

/** All constraints of IDTA-01001 v3.1 ("Constraints") and of IDTA-01003-a (data specification IEC 61360). */
const constraints = [
  ...[2, 5, 6, 7, 12, 14, 20, 21, 22, 77, 107, 108, 109, 114, 115, 116, 117, 118, 119, 121, 122, 123, 124, 125, 126],
  ...[127, 128, 129, 130, 131, 133, 134],
].map((number) => `AASd-${String(number).padStart(3, "0")}`);
const ofContent = [2, 3, 4, 5, 6, 7, 8, 9, 10, 50].map((number) => `AASc-3a-${String(number).padStart(3, "0")}`);

/** Why nothing is refused for a constraint. */
const unchecked: Readonly<Record<string, string>> = {
  "AASd-006": "The coded value behind a valueId lies in somebody's dictionary, not in the document.",
  "AASd-007": "As AASd-006.",
  "AASd-012": "As AASd-006; and that texts mean the same cannot be computed.",
  "AASd-115": "It says what a missing semanticId means and forbids nothing.",
  "AASd-116":
    "It gives a name its meaning and forbids nothing: look-ups by globalAssetId find both (see assetKey, in any case).",
  "AASc-3a-003": "It is about the concept description that a value list names, another document that may come later.",
  "AASc-3a-050":
    "Published files, and the test data of other implementations, name data specifications of their own; to refuse them would keep them out.",
};

const validators: Readonly<Record<Judged, (body: unknown) => unknown>> = {
  submodel: validateSubmodel,
  shell: validateShell,
  concept: validateConcept,
};

function problemsOf([, body, , what = "submodel"]: Example): readonly Problem[] {
  try {
    validators[what](JSON.parse(JSON.stringify(body)));
  } catch (error) {
    if (error instanceof HubError && error.code === "invalid") return error.problems;
    throw error;
  }
  return [];
}

describe("the metamodel's constraints", () => {
  for (const constraint of [...constraints, ...ofContent]) {
    it(`${constraint} is held, or there is a reason why not`, () => {
      const shown = examples.some(([rule]) => rule === constraint);
      expect([shown, Object.hasOwn(unchecked, constraint)]).to.deep.equal([shown, !shown]);
    });
  }

  it("there are 32 and 10 of them", () => {
    expect([constraints.length, ofContent.length]).to.deep.equal([32, 10]);
    expect(
      [...new Set(examples.map(([rule]) => rule))].filter((rule) => ![...constraints, ...ofContent].includes(rule)),
    ).to.deep.equal([]);
  });

  for (const example of examples) {
    const [rule, , place] = example;
    it(`names ${rule} at ${place === "" ? "the root" : place}`, () => {
      const found = problemsOf(example);
      expect(found.map((problem) => [problem.rule, problem.place])).to.deep.include([rule, place]);
      expect(found.find((problem) => problem.rule === rule)?.expected)
        .to.be.a("string")
        .and.not.equal("");
    });
  }

  it("IEC 61360 content that keeps them is taken, a value without a definition too", () => {
    const good = [
      concept({}),
      concept({ definition: undefined, value: "7" }),
      concept({ dataType: "REAL_MEASURE", unit: "bar" }, { category: "PROPERTY" }),
      concept({ dataType: "STRING" }, { category: "APPLICATION_CLASS" }),
    ];
    for (const body of good) expect(problemsOf(["", body, "", "concept"])).to.deep.equal([]);
  });
});
