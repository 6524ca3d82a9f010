import { expect } from "chai";
import fc from "fast-check";
import { attributeNameOf, idShortOf } from "../../src/mapping/attribute-name.ts";
import { compileTexts, problemsOf } from "./support/mapping-text.ts";

const text = (points: string) => `twinweave: 1
source: line
twin: { submodels: { Op: { id: "urn:op" } }, entity: { id: "urn:e", type: T } }
points:
${points}`;

describe("idShort and attribute name (rule 15)", () => {
  it("lead to each other, and different idShorts never to one name (property)", () => {
    const idShort = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,20}$/);
    fc.assert(
      fc.property(idShort, (name) => {
        const attribute = attributeNameOf(name);
        return attribute === undefined || (/^[A-Za-z]\w*$/.test(attribute) && idShortOf(attribute) === name);
      }),
    );
  });

  it("ngsi: true names the attribute like the element", async () => {
    const { plans } = await compileTexts(text("  s: { from: s, type: double, aas: Op.Motor.Speed-1, ngsi: true }\n"));
    expect(plans.get("default")?.links[0]?.ends.map(({ part }) => part)).to.deep.equal([
      "Motor.Speed-1",
      "Speed_x2d_1",
    ]);
  });

  it("what would not come back, or has no element, is refused at its line", async () => {
    const points = "  a: { from: a, aas: Op.A_x2d_B, ngsi: true }\n  b: { from: b, ngsi: true }\n";
    expect(await problemsOf(text(points))).to.deep.equal([
      'a.yaml:5:40: error: "A_x2d_B" has no reversible attribute name (ngsi: a name of its own)',
      "a.yaml:6:23: error: ngsi: true takes the name of the element, but there is no aas (ngsi: a name)",
    ]);
  });

  it("two elements of one name collide as attributes", async () => {
    const points =
      "  a: { from: a, type: int, aas: Op.A.Speed, ngsi: true }\n  b: { from: b, type: int, aas: Op.B.Speed, ngsi: true }\n";
    expect((await problemsOf(text(points)))[0]).to.match(/^a\.yaml:6:3: error: Speed of urn:e is claimed twice/);
  });
});
