import { expect } from "chai";
import fc from "fast-check";
import { parseExactJson } from "../../src/aas/json/exact-json.ts";
import type { SubmodelElement } from "../../src/aas/metamodel/types.ts";
import { Report } from "../../src/aas/validation/report.ts";
import { namedEdits, valueEdits } from "../../src/aas/value-only/apply-value.ts";
import { defaultModifiers } from "../../src/aas/value-only/modifiers.ts";
import { valueOnly, valuesOnly } from "../../src/aas/value-only/value-only.ts";
import { lexicalOf, signalValueOf } from "../../src/aas/xsd/signal-text.ts";
import { everyElement } from "../northbound/aas/all-elements.ts";

const property = (valueType: string, value: string): SubmodelElement =>
  ({ modelType: "Property", idShort: "P1", valueType, value }) as SubmodelElement;

function patched(element: SubmodelElement, text: string): { readonly value: unknown; readonly problems: number } {
  const report = new Report();
  const [edit] = valueEdits(element, "P1", parseExactJson(text), "", report);
  const value = edit === undefined ? undefined : (edit.element as { value?: unknown }).value;
  return { value, problems: report.problems.length };
}

describe("ValueOnly", () => {
  it("shows every element type that has a value, and no other", () => {
    const shown = JSON.parse(JSON.stringify(valuesOnly(everyElement, defaultModifiers)));
    expect(shown).to.deep.include({
      Speed: 1450,
      Name: [{ en: "Pump" }, { de: "Pumpe" }],
      Limits: { min: -1.5, max: "INF" },
      Manual: { contentType: "application/pdf", value: "/aasx/manual.pdf" },
      Picture: { contentType: "image/png" },
      Bearing: { Temperature: 61.5, Trace: { contentType: "application/octet-stream" } },
      Phases: [{ Current: 3.25 }, { Current: 3.5 }],
      Motor: { statements: { Power: 7.5 }, entityType: "SelfManagedEntity", globalAssetId: "urn:test:motor" },
    });
    expect(shown).not.to.have.any.keys("Pumping", "Reset");
  });

  it("keeps all digits of a 64-bit integer and of a decimal, both ways", () => {
    expect(JSON.stringify(valueOnly(property("xs:long", "9223372036854775807"), defaultModifiers))).to.equal(
      "9223372036854775807",
    );
    expect(patched(property("xs:unsignedLong", "0"), "18446744073709551615").value).to.equal("18446744073709551615");
    expect(patched(property("xs:decimal", "0"), "126789672374892739424.543233").value).to.equal(
      "126789672374892739424.543233",
    );
  });

  it("writes XSD's freer number forms as JSON numbers", () => {
    const json = (type: string, text: string): string =>
      JSON.stringify(valueOnly(property(type, text), defaultModifiers));
    expect([
      json("xs:int", "+007"),
      json("xs:double", ".5"),
      json("xs:double", "-05.E3"),
      json("xs:boolean", "1"),
    ]).to.deep.equal(["7", "0.5", "-5E3", "true"]);
  });

  it("refuses a value of another JSON type or beyond its bounds", () => {
    expect(patched(property("xs:int", "1"), '"5"').problems).to.equal(1);
    expect(patched(property("xs:int", "1"), "2147483648").problems).to.equal(1);
    expect(patched(property("xs:int", "1"), "5.5").problems).to.equal(1);
    expect(patched(property("xs:string", "a"), "5").problems).to.equal(1);
    expect(patched(property("xs:int", "1"), "5.0").value).to.equal("5");
  });

  it("takes back what it shows: the elements stay what they are", () => {
    const report = new Report();
    const text = JSON.stringify(valuesOnly(everyElement, { level: "deep", extent: "withBlobValue" }));
    const edits = namedEdits(everyElement, undefined, parseExactJson(text), "", report);
    expect(report.problems).to.deep.equal([]);
    for (const { element } of edits) {
      const before = JSON.stringify(valueOnly(element, defaultModifiers));
      const stored = everyElement.find(({ idShort }) => idShort === element.idShort);
      if (stored !== undefined) expect(before).to.equal(JSON.stringify(valueOnly(stored, defaultModifiers)));
    }
    expect(edits.map(({ path }) => path)).to.include.members(["Phases[0].Current", "Motor.Power", "Bearing.Trace"]);
  });

  it("names an element that is not there and a list of another length", () => {
    const report = new Report();
    namedEdits(everyElement, undefined, parseExactJson('{"Sped": 1, "Phases": [null]}'), "", report);
    expect(report.problems.map(({ place }) => place)).to.deep.equal(["/Sped", "/Phases"]);
  });
});

describe("signals as XSD text", () => {
  it("gives back every double that it wrote, NaN and infinities among them", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const text = lexicalOf(value, "xs:double") ?? "";
        expect(Object.is(signalValueOf(text, "xs:double", "double", ""), value)).to.equal(true);
      }),
    );
  });

  it("gives back every 64-bit integer that it wrote", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const text = lexicalOf(value, "xs:long") ?? "";
        expect(BigInt(signalValueOf(text, "xs:long", "long", "") as number | bigint)).to.equal(value);
      }),
    );
  });

  it("writes large and small decimals without an exponent, which xs:decimal does not have", () => {
    expect([lexicalOf(1e21, "xs:decimal"), lexicalOf(-1.5e-7, "xs:decimal"), lexicalOf(-0, "xs:int")]).to.deep.equal([
      "1000000000000000000000",
      "-0.00000015",
      "0",
    ]);
  });
});
