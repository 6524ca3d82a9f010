import { expect } from "chai";
import { storedText } from "../../src/aas/overlay/stored-text.ts";
import { splitSubmodel } from "../../src/aas/parts.ts";
import { normalSubmodel } from "../../src/aas/value-only/content.ts";
import type { PartRow } from "../../src/core/document.ts";
import { testSubmodel } from "../northbound/aas/all-elements.ts";

describe("a stored submodel as text", () => {
  for (const extent of ["withBlobValue", "withoutBlobValue"] as const) {
    it(`is what its serialisation is, letter by letter (${extent})`, () => {
      for (const submodel of [testSubmodel(1), { ...testSubmodel(2), category: 'a "quoted" \\ ü' }]) {
        const { document, parts } = splitSubmodel(submodel);
        const rows = parts.map((part, position): PartRow => ({ ...part, position, createdAt: 0, modifiedAt: 0 }));
        const expected = JSON.stringify(normalSubmodel(submodel, { level: "deep", extent }));
        expect(storedText(document.body, rows, extent)).to.equal(expected);
      }
    });
  }

  it("without elements is its head", () => {
    expect(storedText('{"modelType":"Submodel"}', [], "withBlobValue")).to.equal('{"modelType":"Submodel"}');
  });
});
