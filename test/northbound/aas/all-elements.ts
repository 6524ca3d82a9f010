import type { Shell, Submodel, SubmodelElement } from "../../../src/aas/metamodel/types.ts";

const external = (value: string) =>
  ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] }) as const;
const toSubmodel = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] }) as const;

/** One element of each of the fourteen types, with values in all of them. */
export const everyElement: readonly SubmodelElement[] = [
  {
    modelType: "Property",
    idShort: "Speed",
    valueType: "xs:int",
    value: "1450",
    semanticId: external("urn:test:speed"),
  },
  { modelType: "Property", idShort: "Serial", valueType: "xs:long", value: "9007199254740993" },
  {
    modelType: "MultiLanguageProperty",
    idShort: "Name",
    value: [
      { language: "en", text: "Pump" },
      { language: "de", text: "Pumpe" },
    ],
  },
  { modelType: "Range", idShort: "Limits", valueType: "xs:double", min: "-1.5", max: "INF" },
  { modelType: "File", idShort: "Manual", contentType: "application/pdf", value: "/aasx/manual.pdf" },
  { modelType: "Blob", idShort: "Picture", contentType: "image/png", value: "iVBORw0KGgo=" },
  { modelType: "ReferenceElement", idShort: "Parent", value: external("urn:test:parent") },
  { modelType: "RelationshipElement", idShort: "Feeds", first: external("urn:test:a"), second: external("urn:test:b") },
  {
    modelType: "AnnotatedRelationshipElement",
    idShort: "Drives",
    first: external("urn:test:a"),
    second: external("urn:test:b"),
    annotations: [{ modelType: "Property", idShort: "Since", valueType: "xs:date", value: "2026-11-22" }],
  },
  {
    modelType: "Entity",
    idShort: "Motor",
    entityType: "SelfManagedEntity",
    globalAssetId: "urn:test:motor",
    statements: [{ modelType: "Property", idShort: "Power", valueType: "xs:double", value: "7.5" }],
  },
  { modelType: "Capability", idShort: "Pumping" },
  {
    modelType: "Operation",
    idShort: "Reset",
    inputVariables: [{ value: { modelType: "Property", idShort: "Code", valueType: "xs:string", value: "x" } }],
  },
  {
    modelType: "BasicEventElement",
    idShort: "Changed",
    observed: toSubmodel("urn:test:sm:1"),
    direction: "output",
    state: "on",
  },
  {
    modelType: "SubmodelElementCollection",
    idShort: "Bearing",
    value: [
      { modelType: "Property", idShort: "Temperature", valueType: "xs:double", value: "61.5" },
      { modelType: "Blob", idShort: "Trace", contentType: "application/octet-stream", value: "AAEC" },
    ],
  },
  {
    modelType: "SubmodelElementList",
    idShort: "Phases",
    typeValueListElement: "SubmodelElementCollection",
    value: [
      {
        modelType: "SubmodelElementCollection",
        value: [{ modelType: "Property", idShort: "Current", valueType: "xs:float", value: "3.25" }],
      },
      {
        modelType: "SubmodelElementCollection",
        value: [{ modelType: "Property", idShort: "Current", valueType: "xs:float", value: "3.5" }],
      },
    ],
  },
];

export function testSubmodel(number: number, elements: readonly SubmodelElement[] = everyElement): Submodel {
  return {
    modelType: "Submodel",
    id: `urn:test:sm:${number}`,
    idShort: `Submodel${number}`,
    semanticId: external(`urn:test:semantics:${number}`),
    submodelElements: elements,
  };
}

export function testShell(number: number, submodels: readonly number[]): Shell {
  return {
    modelType: "AssetAdministrationShell",
    id: `urn:test:aas:${number}`,
    idShort: `Shell${number}`,
    assetInformation: {
      assetKind: "Instance",
      globalAssetId: `urn:test:asset:${number}`,
      specificAssetIds: [{ name: "serial", value: `S-${number}` }],
    },
    submodels: submodels.map((one) => toSubmodel(`urn:test:sm:${one}`)),
  };
}

/** What the public test engines want: two shells with two submodels each. */
export const environment = {
  submodels: [1, 2, 3, 4].map((number) => testSubmodel(number)),
  shells: [testShell(1, [1, 2]), testShell(2, [3, 4])],
};
