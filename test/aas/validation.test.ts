import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  validateConcept,
  validateElement,
  validateShell,
  validateSubmodel,
} from "../../src/aas/validation/validate.ts";
import { HubError, type Problem } from "../../src/core/errors.ts";
import { testShell, testSubmodel } from "../northbound/aas/all-elements.ts";

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

const submodel = (changes: object): object => ({ ...testSubmodel(1, []), ...changes });
const withElement = (element: object): object => submodel({ submodelElements: [element] });
const property = { modelType: "Property", idShort: "Speed", valueType: "xs:int", value: "1" };
const global = (value: string) => ({ type: "GlobalReference", value });
const reference = (type: string, ...keys: object[]): object => ({ type, keys });

/** Constraint, a body that breaks it, and where. */
const broken: readonly (readonly [rule: string, body: object, place: string])[] = [
  ["AASd-002", withElement({ ...property, idShort: "9lives" }), "/submodelElements/0/idShort"],
  ["AASd-002", withElement({ ...property, idShort: "ends-" }), "/submodelElements/0/idShort"],
  ["AASd-005", submodel({ administration: { revision: "1" } }), "/administration/revision"],
  [
    "AASd-014",
    withElement({ modelType: "Entity", idShort: "Motor", entityType: "SelfManagedEntity" }),
    "/submodelElements/0",
  ],
  ["AASd-020", submodel({ qualifiers: [{ type: "a", valueType: "xs:int", value: "x" }] }), "/qualifiers/0/value"],
  [
    "AASd-021",
    submodel({
      qualifiers: [
        { type: "a", valueType: "xs:int" },
        { type: "a", valueType: "xs:int" },
      ],
    }),
    "/qualifiers/1/type",
  ],
  ["AASd-022", submodel({ submodelElements: [property, property] }), "/submodelElements/1/idShort"],
  ["AASd-077", submodel({ extensions: [{ name: "a" }, { name: "a" }] }), "/extensions/1/name"],
  [
    "AASd-107",
    withElement({
      modelType: "SubmodelElementList",
      idShort: "List",
      typeValueListElement: "Capability",
      semanticIdListElement: reference("ExternalReference", global("urn:a")),
      value: [{ modelType: "Capability", semanticId: reference("ExternalReference", global("urn:b")) }],
    }),
    "/submodelElements/0/value/0/semanticId",
  ],
  [
    "AASd-108",
    withElement({
      modelType: "SubmodelElementList",
      idShort: "List",
      typeValueListElement: "Capability",
      value: [{ modelType: "Property", valueType: "xs:int" }],
    }),
    "/submodelElements/0/value/0/modelType",
  ],
  [
    "AASd-109",
    withElement({ modelType: "SubmodelElementList", idShort: "List", typeValueListElement: "Property" }),
    "/submodelElements/0",
  ],
  [
    "AASd-114",
    withElement({
      modelType: "SubmodelElementList",
      idShort: "List",
      typeValueListElement: "Capability",
      value: ["urn:a", "urn:b"].map((iri) => ({
        modelType: "Capability",
        semanticId: reference("ExternalReference", global(iri)),
      })),
    }),
    "/submodelElements/0/value/1/semanticId",
  ],
  ["AASd-117", withElement({ modelType: "Capability" }), "/submodelElements/0"],
  [
    "AASd-118",
    submodel({ semanticId: undefined, supplementalSemanticIds: [reference("ExternalReference", global("urn:a"))] }),
    "",
  ],
  [
    "AASd-119",
    submodel({ qualifiers: [{ kind: "TemplateQualifier", type: "a", valueType: "xs:string" }] }),
    "/qualifiers/0/kind",
  ],
  [
    "AASd-121",
    submodel({ semanticId: reference("ModelReference", { type: "Property", value: "x" }) }),
    "/semanticId/keys/0/type",
  ],
  [
    "AASd-122",
    submodel({ semanticId: reference("ExternalReference", { type: "Submodel", value: "x" }) }),
    "/semanticId/keys/0/type",
  ],
  ["AASd-123", submodel({ semanticId: reference("ModelReference", global("x")) }), "/semanticId/keys/0/type"],
  [
    "AASd-124",
    submodel({ semanticId: reference("ExternalReference", global("x"), { type: "Property", value: "y" }) }),
    "/semanticId/keys/1/type",
  ],
  [
    "AASd-125",
    submodel({
      semanticId: reference("ModelReference", { type: "Submodel", value: "x" }, { type: "Submodel", value: "y" }),
    }),
    "/semanticId/keys/1/type",
  ],
  [
    "AASd-127",
    submodel({
      semanticId: reference(
        "ModelReference",
        { type: "Submodel", value: "x" },
        { type: "Property", value: "y" },
        { type: "FragmentReference", value: "z" },
      ),
    }),
    "/semanticId/keys/2/type",
  ],
  [
    "AASd-128",
    submodel({
      semanticId: reference(
        "ModelReference",
        { type: "Submodel", value: "x" },
        { type: "SubmodelElementList", value: "y" },
        { type: "Property", value: "first" },
      ),
    }),
    "/semanticId/keys/2/value",
  ],
  [
    "AASd-129",
    withElement({ ...property, qualifiers: [{ kind: "TemplateQualifier", type: "a", valueType: "xs:string" }] }),
    "/submodelElements/0/qualifiers/0/kind",
  ],
  ["AASd-130", submodel({ category: "bell\u0007" }), "/category"],
  [
    "AASd-134",
    withElement({
      modelType: "Operation",
      idShort: "Reset",
      inputVariables: [{ value: property }],
      outputVariables: [{ value: property }],
    }),
    "/submodelElements/0/outputVariables/0/value/idShort",
  ],
];

describe("the metamodel's validation", () => {
  it("takes every element type with all its values, and a shell", () => {
    expect(problemsOf(() => validateSubmodel(testSubmodel(1)))).to.deep.equal([]);
    expect(problemsOf(() => validateShell(testShell(1, [1])))).to.deep.equal([]);
  });

  for (const [rule, body, place] of broken) {
    it(`names ${rule} at ${place === "" ? "the root" : place}`, () => {
      const found = problemsOf(() => validateSubmodel(JSON.parse(JSON.stringify(body))));
      expect(found.map((problem) => [problem.rule, problem.place])).to.deep.include([rule, place]);
      expect(found.find((problem) => problem.rule === rule)?.expected)
        .to.be.a("string")
        .and.not.equal("");
    });
  }

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

  it("AASd-131, AASd-133: an asset has an identifier, its subject is no model reference", () => {
    const shell = { ...testShell(1, []), submodels: undefined, assetInformation: { assetKind: "Instance" } };
    expect(problemsOf(() => validateShell(JSON.parse(JSON.stringify(shell))))[0]?.rule).to.equal("AASd-131");
  });

  it("AASc-3a-002, AASc-3a-010: an IEC 61360 content has an English name and one kind of value", () => {
    const content = {
      modelType: "DataSpecificationIec61360",
      preferredName: [{ language: "de", text: "Druck" }],
      value: "1",
      valueList: { valueReferencePairs: [{ value: "1" }] },
    };
    const specification = {
      dataSpecification: reference("ExternalReference", global("urn:iec")),
      dataSpecificationContent: content,
    };
    const concept = { modelType: "ConceptDescription", id: "urn:c", embeddedDataSpecifications: [specification] };
    expect(problemsOf(() => validateConcept(concept)).map(({ rule }) => rule)).to.have.members([
      "AASc-3a-002",
      "AASc-3a-010",
    ]);
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
