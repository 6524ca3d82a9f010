/** The twins of the benchmark: shells with one submodel of twenty Properties each. */

export const ELEMENTS = 20;

export const shellId = (number: number): string => `urn:bench:aas:${padded(number)}`;
export const submodelId = (number: number): string => `urn:bench:sm:${padded(number)}`;
export const base64url = (text: string): string => Buffer.from(text).toString("base64url");

export function shellText(number: number): string {
  return JSON.stringify({
    modelType: "AssetAdministrationShell",
    id: shellId(number),
    idShort: "Machine",
    assetInformation: { assetKind: "Instance", globalAssetId: `urn:bench:asset:${padded(number)}` },
    submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: submodelId(number) }] }],
  });
}

export function submodelText(number: number): string {
  return JSON.stringify({
    modelType: "Submodel",
    id: submodelId(number),
    idShort: "OperationalData",
    kind: "Instance",
    semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:bench:semantics" }] },
    submodelElements: Array.from({ length: ELEMENTS }, (_, index) => ({
      modelType: "Property",
      idShort: `Value${index}`,
      semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: `urn:bench:value:${index}` }] },
      valueType: "xs:double",
      value: String(1000 + index),
    })),
  });
}

/** All ids are of one length, so that all requests of a kind are. */
function padded(number: number): string {
  return String(number).padStart(8, "0");
}
