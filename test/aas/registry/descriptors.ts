import type { Endpoint, ShellDescriptor, SubmodelDescriptor } from "../../../src/aas/registry/descriptor.ts";

export const endpointAt = (name: string, href: string): Endpoint => ({
  interface: name,
  protocolInformation: { href, endpointProtocol: "HTTP", endpointProtocolVersion: ["1.1"] },
});

export const submodelDescriptor = (number: number): SubmodelDescriptor => ({
  id: `urn:elsewhere:sm:${number}`,
  idShort: `Submodel${number}`,
  semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: `urn:semantics:${number}` }] },
  endpoints: [endpointAt("SUBMODEL-3.1", `https://elsewhere.example.org/submodels/${number}`)],
});

export const shellDescriptor = (number: number): ShellDescriptor => ({
  id: `urn:elsewhere:aas:${number}`,
  idShort: `Shell${number}`,
  description: [{ language: "en", text: "a shell of another server" }],
  administration: { version: "1", revision: "2" },
  assetKind: number % 2 === 0 ? "Type" : "Instance",
  assetType: `urn:type:${number % 3}`,
  globalAssetId: `urn:elsewhere:asset:${number}`,
  specificAssetIds: [{ name: "serial", value: `S-${number}` }],
  endpoints: [
    {
      interface: "AAS-3.1",
      protocolInformation: {
        href: `https://elsewhere.example.org/shells/${number}`,
        endpointProtocol: "HTTPS",
        subprotocol: "DSP",
        subprotocolBody: "id=1",
        subprotocolBodyEncoding: "plain",
        securityAttributes: [{ type: "NONE", key: "NONE", value: "NONE" }],
      },
    },
  ],
  submodelDescriptors: [submodelDescriptor(number)],
});
