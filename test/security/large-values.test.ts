import { expect } from "chai";
import { parseJson } from "../../src/aas/json/exact-json.ts";
import type { Property } from "../../src/aas/metamodel/types.ts";
import { Report } from "../../src/aas/validation/report.ts";
import { namedEdits } from "../../src/aas/value-only/apply-value.ts";
import { HubError } from "../../src/core/errors.ts";

describe("An AAS body", () => {
  it("that names every element of a large submodel takes time by its size, not by its square", () => {
    const count = 40_000;
    let reads = 0;
    const elements = Array.from({ length: count }, (_, at) => {
      const property = { modelType: "Property", valueType: "xs:string", value: "" } as unknown as Property;
      return Object.defineProperty(property, "idShort", {
        enumerable: true,
        get: () => {
          reads += 1;
          return `p${at}`;
        },
      });
    });
    const body = Object.fromEntries(elements.map((_, at) => [`p${at}`, "x"]));
    const report = new Report();
    expect(namedEdits(elements, undefined, body, "", report)).to.have.length(count);
    expect(namedEdits(elements, undefined, { a: 1, b: 2, c: 3 }, "", report)).to.be.empty;
    expect(reads).to.be.lessThan(10 * count);
  });

  it("that nests deeper than any submodel is malformed", () => {
    for (const depth of [201, 100_000]) {
      let error: unknown;
      try {
        parseJson("[".repeat(depth) + "]".repeat(depth));
      } catch (thrown) {
        error = thrown;
      }
      expect(HubError.from(error).code).to.equal("malformed");
    }
  });
});
