import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createAasEnd } from "../../src/aas/end/aas-end.ts";
import type { PlannedDocument } from "../../src/core/plan.ts";
import { assetRequest, type TestPoint } from "../northbound/aas/aas-room.ts";

const cardinality = (value: string): object => ({
  kind: "TemplateQualifier",
  type: "SMT/Cardinality",
  valueType: "xs:string",
  value,
});
const semanticId = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:test:temperature" }] };
const template = {
  modelType: "Submodel",
  id: "urn:template",
  idShort: "OperationalData",
  kind: "Template",
  submodelElements: [
    {
      modelType: "Property",
      idShort: "Temperature",
      valueType: "xs:double",
      value: "20",
      semanticId,
      qualifiers: [cardinality("One")],
    },
    { modelType: "Property", idShort: "Count", valueType: "xs:int", qualifiers: [cardinality("ZeroToOne")] },
    {
      modelType: "Property",
      idShort: "Unused",
      valueType: "xs:int",
      value: "1",
      qualifiers: [cardinality("ZeroToOne")],
    },
    { modelType: "MultiLanguageProperty", idShort: "Maker", value: [{ language: "en", text: "Example" }] },
    { modelType: "SubmodelElementCollection", idShort: "Motor", qualifiers: [cardinality("ZeroToMany")] },
  ],
};
const twin = {
  shell: { id: "urn:acme:pump:1", idShort: "Pump1", assetId: "urn:acme:asset:1" },
  submodels: {
    OperationalData: { id: "urn:acme:sm", template: "operational.json", values: { Maker: { en: "Acme", de: "Akme" } } },
  },
};

describe("the AAS end of mapping files", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-end-"));
    await writeFile(join(folder, "operational.json"), JSON.stringify(template));
  });
  after(async () => await rm(folder, { recursive: true }));

  const weave = async (section: Record<string, unknown>, points: readonly TestPoint[]) =>
    await createAasEnd({ unitSymbol: (code) => (code === "CEL" ? "°C" : undefined) }).weave(
      assetRequest(section, points, folder),
    );
  const bodies = (documents: readonly PlannedDocument[], key: string) =>
    JSON.parse(documents.flatMap(({ parts }) => parts).find((part) => part.key === key)?.body ?? "null");

  it("lets the shell name the entity of its asset", async () => {
    const request = { ...assetRequest(twin, [], folder), kin: { shell: "urn:acme:pump:1", entity: "urn:entity:1" } };
    const [shell] = (await createAasEnd().weave(request)).documents;
    expect(JSON.parse(shell?.document.body ?? "").assetInformation.specificAssetIds).to.deep.equal([
      { name: "ngsiLdEntity", value: "urn:entity:1" },
    ]);
    expect(shell?.document.keys.assetId).to.include("ngsiLdEntity\nurn:entity:1");
  });

  it("makes shell and submodel of an asset: an instance of the template, filled, with its linked leaves", async () => {
    const { documents, leaves, problems } = await weave(twin, [
      { point: "temperature", aas: "OperationalData.Temperature", type: "double", line: 10, unit: "CEL" },
      { point: "speed", aas: "OperationalData.Motor.Drive.Speed", type: "int", line: 11 },
    ]);
    expect(problems).to.deep.equal([]);
    const [shell, submodel] = documents;
    expect(JSON.parse(shell?.document.body ?? "")).to.deep.include({
      id: "urn:acme:pump:1",
      submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:acme:sm" }] }],
    });
    expect(JSON.parse(submodel?.document.body ?? "")).to.include({ id: "urn:acme:sm", kind: "Instance" });
    expect(submodel?.document.owner).to.equal("pump");
    expect(submodel?.parts.map(({ key }) => key)).to.deep.equal([
      "Temperature",
      "Maker",
      "Motor",
      "Motor.Drive",
      "Motor.Drive.Speed",
    ]);
    const temperature = bodies(documents, "Temperature");
    expect(temperature)
      .to.deep.include({ valueType: "xs:double", semanticId })
      .and.not.to.have.any.keys("value", "qualifiers");
    expect(temperature.embeddedDataSpecifications[0].dataSpecificationContent).to.deep.include({ unit: "°C" });
    expect(bodies(documents, "Maker").value).to.deep.equal([
      { language: "en", text: "Acme" },
      { language: "de", text: "Akme" },
    ]);
    expect(leaves.map(({ address, type }) => [address.document, address.part, type])).to.deep.equal([
      ["urn:acme:sm", "Temperature", "double"],
      ["urn:acme:sm", "Motor.Drive.Speed", "int"],
    ]);
  });

  it("warns of what the template asks for and nothing gives, at its line, but not where another file may give it", async () => {
    const section = { submodels: { OperationalData: { id: "urn:acme:sm", template: "operational.json" } } };
    const end = createAasEnd();
    const request = assetRequest(section, [], folder);
    const { warnings = [], problems } = await end.weave(request);
    expect(problems).to.deep.equal([]);
    expect(warnings).to.deep.equal([
      {
        place: "pump.yaml:6",
        message: "Temperature has no value: a Property, One",
        expected: "a value at Temperature (xs:double), or a point that is linked to it",
      },
    ]);
    expect((await end.weave({ ...request, adopt: true })).warnings).to.deep.equal([]);
    const linked = [{ point: "temperature", aas: "OperationalData.Temperature", type: "double", line: 10 }] as const;
    expect((await end.weave(assetRequest(section, linked, folder))).warnings).to.deep.equal([]);
  });

  it("takes the type from the template where neither mapping nor source has one", async () => {
    const { leaves, problems } = await weave(twin, [{ point: "count", aas: "OperationalData.Count", line: 10 }]);
    expect([problems, leaves[0]?.type]).to.deep.equal([[], "int"]);
  });

  it("reports every problem at its line, with what would be right", async () => {
    const { problems, documents } = await weave(twin, [
      { point: "a", aas: "OperationalData.Count", type: "double", line: 10 },
      { point: "b", aas: "Nameplate.Serial", type: "string", line: 11 },
      { point: "c", aas: "OperationalData.1x", type: "string", line: 12 },
      { point: "d", aas: "OperationalData.Maker", type: "string", line: 13 },
      { point: "e", aas: "OperationalData.New", line: 14 },
      { point: "f", aas: "OperationalData.Tree", type: "json", line: 15 },
      { point: "g", aas: "OperationalData.Items[1]", type: "int", line: 16 },
      { point: "h", aas: { pth: "OperationalData.X" }, type: "int", line: 17 },
    ]);
    expect(documents.map(({ collection }) => collection)).to.deep.equal(["shell"]);
    const at = new Map(problems.map((problem) => [problem.place, `${problem.message} | ${problem.expected ?? ""}`]));
    expect(at.get("pump.yaml:10")).to.contain("xs:int").and.contain("xs:double").and.contain("type: int");
    expect(at.get("pump.yaml:11")).to.contain("OperationalData");
    expect(at.get("pump.yaml:12")).to.contain("no idShortPath");
    expect(at.get("pump.yaml:13")).to.contain("MultiLanguageProperty");
    expect(at.get("pump.yaml:14")).to.contain("type: double");
    expect(at.get("pump.yaml:15")).to.contain("structure");
    expect(at.get("pump.yaml:16")).to.contain("Items[0] first");
    expect([...at.keys()]).to.include("pump.yaml:17");
  });

  it("says which member of the twin section is wrong, and which template cannot be read", async () => {
    const wrong = await weave({ shell: { id: "urn:a", asset: "x" } }, []);
    expect(wrong.problems.map(({ expected }) => expected).join()).to.contain("assetId");
    const missing = await weave({ submodels: { Data: { id: "urn:a", template: "none.json" } } }, []);
    expect(missing.problems[0]?.message).to.contain("none.json cannot be read");
  });

  it("makes lists that the mapping owns whole", async () => {
    const { documents, problems } = await weave({ submodels: { Data: { id: "urn:a" } } }, [
      { point: "a", aas: "Data.Phases[0]", type: "float", line: 1 },
      { point: "b", aas: "Data.Phases[1]", type: "float", line: 2 },
    ]);
    expect(problems).to.deep.equal([]);
    expect(bodies(documents, "Phases")).to.include({
      typeValueListElement: "Property",
      valueTypeListElement: "xs:float",
    });
    expect(documents[0]?.parts.map(({ key }) => key)).to.deep.equal(["Phases", "Phases[0]", "Phases[1]"]);
  });

  it("concept descriptions beside the template come along where the submodel refers to them, and are only adopted", async () => {
    const concept = (id: string) => ({ modelType: "ConceptDescription", id, idShort: "Temperature" });
    const environment = {
      submodels: [template],
      conceptDescriptions: [concept("urn:test:temperature"), concept("urn:test:other")],
    };
    await writeFile(join(folder, "environment.json"), JSON.stringify(environment));
    const section = { submodels: { OperationalData: { id: "urn:acme:sm", template: "environment.json" } } };
    const { documents, problems } = await weave(section, []);
    expect(problems).to.deep.equal([]);
    expect(documents.map(({ collection, adopt }) => [collection, adopt])).to.deep.equal([
      ["submodel", false],
      ["concept", true],
    ]);
    const [, planned] = documents;
    expect(JSON.parse(planned?.document.body ?? "")).to.deep.equal(concept("urn:test:temperature"));
    expect(planned?.document).to.deep.include({
      id: "urn:test:temperature",
      owner: "pump",
      keys: { idShort: ["Temperature"], isCaseOf: [], dataSpecification: [] },
    });
    const broken = { ...environment, conceptDescriptions: [{ ...concept("urn:test:temperature"), idShort: "1" }] };
    await writeFile(join(folder, "environment.json"), JSON.stringify(broken));
    const messages = (await weave(section, [])).problems.map(({ message }) => message);
    expect(messages.join("\n")).to.contain("environment.json#/conceptDescriptions/0/idShort");
  });
});
