import { expect } from "chai";
import type { Property, Submodel, SubmodelElement } from "../../../src/aas/metamodel/types.ts";
import { checkInstance } from "../../../src/aas/templates/check-instance.ts";
import { newInstance } from "../../../src/aas/templates/new-instance.ts";
import { fitsPattern, rulesOf } from "../../../src/aas/templates/template-rules.ts";

const means = (id: string) => ({
  semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: `urn:means:${id}` }] } as const,
});
const rules = (...pairs: readonly (readonly [type: string, value: string])[]) => ({
  qualifiers: pairs.map(([type, value]) => ({ type, valueType: "xs:string", value }) as const),
});
const property = (idShort: string, ...pairs: readonly (readonly [string, string])[]): Property => ({
  modelType: "Property",
  idShort,
  valueType: "xs:double",
  ...means(idShort),
  ...rules(...pairs),
});

const template: Submodel = {
  modelType: "Submodel",
  id: "urn:template",
  idShort: "Motor",
  kind: "Template",
  ...means("Motor"),
  submodelElements: [
    { ...property("Power", ["SMT/Cardinality", "One"], ["SMT/AllowedRange", "(0,100]|[200,*]"]), value: "7" },
    property("Speed", ["Multiplicity", "ZeroToOne"], ["SMT/InitialValue", "1500"]),
    { ...property("Code", ["Cardinality", "ZeroToOne"], ["SMT/AllowedValue", "[A-Z]{2}"]), valueType: "xs:string" },
    property("Either", ["SMT/Cardinality", "One"], ["SMT/EitherOr", "power"]),
    property("Other", ["SMT/Cardinality", "One"], ["SMT/EitherOr", "power"]),
    {
      modelType: "MultiLanguageProperty",
      idShort: "Maker",
      ...means("Maker"),
      ...rules(["SMT/Cardinality", "One"], ["SMT/RequiredLang", "en|de"], ["SMT/ExampleValue", "Acme@en"]),
    },
    {
      modelType: "SubmodelElementList",
      idShort: "Phases",
      typeValueListElement: "SubmodelElementCollection",
      ...means("Phases"),
      ...rules(["SMT/Cardinality", "One"]),
      value: [
        {
          modelType: "SubmodelElementCollection",
          ...means("Phase"),
          ...rules(["SMT/Cardinality", "OneToMany"]),
          value: [property("Current", ["SMT/Cardinality", "One"]), property("Angle", ["SMT/Cardinality", "ZeroToOne"])],
        },
      ],
    },
    {
      modelType: "SubmodelElementCollection",
      idShort: "Segment",
      ...means("Segment"),
      ...rules(["Cardinality", "ZeroToMany"], ["AllowedIdShort", "Segment[\\d{2,3}]"]),
    },
  ],
};

const said = (values: Record<string, unknown>): readonly string[] =>
  newInstance(template, { id: "urn:motor:1" }, values).findings.map(({ kind, path }) => `${kind} ${path}`);

describe("instances of submodel templates", () => {
  it("start without examples and qualifiers, with initial values, an item for each index that is filled", () => {
    const values = {
      Power: 5,
      Speed: 3000,
      Maker: { en: "Acme", de: "Akme" },
      Phases: [{ Current: 1 }, { Current: 2 }],
      Either: 1,
    };
    const { submodel, findings } = newInstance(template, { id: "urn:motor:1", idShort: "M1" }, values);
    expect(findings).to.deep.equal([]);
    expect(submodel).to.include({ id: "urn:motor:1", idShort: "M1", kind: "Instance" });
    const find = (name: string): SubmodelElement | undefined =>
      submodel.submodelElements?.find(({ idShort }) => idShort === name);
    expect(find("Power")).to.deep.equal({
      modelType: "Property",
      idShort: "Power",
      valueType: "xs:double",
      ...means("Power"),
      value: "5",
    });
    expect(find("Code")).to.equal(undefined);
    const phases = find("Phases") as unknown as { value: { value: Property[] }[] };
    expect(
      phases.value.map((one) => one.value.map(({ idShort, value, semanticId }) => [idShort, value, semanticId])),
    ).to.deep.equal([[["Current", "1", means("Current").semanticId]], [["Current", "2", means("Current").semanticId]]]);
  });

  it("say all that is missing, and where it should come from", () => {
    expect(said({})).to.have.members([
      "missing Power",
      "missing Either",
      "missing Other",
      "missing Maker",
      "missing Phases[0]",
    ]);
    const [maker] = newInstance(template, { id: "urn:m" }, {}).findings.filter(({ path }) => path === "Maker");
    expect(maker?.expected).to.contain("{ en: Acme }");
    expect(said({ Power: 1, Either: 1, Maker: { en: "a", de: "b" }, Phases: [{ Angle: 2 }] })).to.deep.equal([
      "missing Phases[0].Current",
    ]);
  });

  it("hold ranges, patterns, languages and alternatives", () => {
    const right = { Power: 1, Either: 1, Maker: { en: "a", de: "b" }, Phases: [{ Current: 1 }] };
    expect(said(right)).to.deep.equal([]);
    for (const power of [0, 150])
      expect(said({ ...right, Power: power }), String(power)).to.deep.equal(["wrong Power"]);
    for (const power of [100, 200, 1e9]) expect(said({ ...right, Power: power }), String(power)).to.deep.equal([]);
    expect(said({ ...right, Code: "x" })).to.deep.equal(["wrong Code"]);
    expect(said({ ...right, Maker: { en: "a" } })).to.deep.equal(["wrong Maker"]);
    expect(said({ ...right, Other: 2 })).to.deep.equal(["too-many "]);
  });

  it("tell a value that has no place by its pointer", () => {
    expect(() => newInstance(template, { id: "urn:m" }, { Power: { Deep: 1 } }))
      .to.throw()
      .with.nested.property("problems[0].place", "/Power/Deep");
  });

  it("are told apart from what only looks alike", () => {
    const { submodel } = newInstance(
      template,
      { id: "urn:m" },
      { Power: 1, Either: 1, Maker: { en: "a", de: "b" }, Phases: [{ Current: 1 }] },
    );
    const elements = submodel.submodelElements ?? [];
    const extra = (idShort: string): SubmodelElement => ({
      modelType: "SubmodelElementCollection",
      idShort,
      ...means("Segment"),
    });
    const check = (more: readonly SubmodelElement[], head: Partial<Submodel> = {}) =>
      checkInstance({ ...submodel, ...head, submodelElements: more }, template).map(
        ({ kind, path }) => `${kind} ${path}`,
      );
    expect(check([...elements, extra("Segment00"), extra("Segment001")])).to.deep.equal([]);
    expect(check([...elements, extra("Piece")])).to.deep.equal(["wrong Piece"]);
    expect(
      check(elements.map((one) => (one.idShort === "Power" ? ({ ...one, valueType: "xs:int" } as Property) : one))),
    ).to.deep.equal(["wrong Power"]);
    expect(
      check(elements.map((one) => (one.idShort === "Power" ? ({ ...one, ...means("x") } as Property) : one))),
    ).to.deep.equal(["wrong Power"]);
    expect(check(elements, means("Pump"))).to.deep.equal(["wrong "]);
  });

  it("read rules in their old names too, and patterns as published templates mean them", () => {
    expect(rulesOf(property("A", ["Multiplicity", "OneToMany"])).cardinality).to.deep.include({
      min: 1,
      max: undefined,
    });
    expect(rulesOf(property("A", ["SMT/ExampleValue/ECLASS", "ECLASS"])).examples).to.deep.equal(["ECLASS"]);
    expect(fitsPattern("Time[\\d{2,3}]", "Time01")).to.equal(true);
    expect(fitsPattern("Time[\\d{2,3}]", "Time1")).to.equal(false);
    expect(fitsPattern("(", "a")).to.equal(undefined);
  });
});
