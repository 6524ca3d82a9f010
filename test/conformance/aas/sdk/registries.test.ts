import type * as Sdk from "basyx-typescript-sdk";
import { expect } from "chai";
import { shellId, submodelId } from "../world.ts";
import { openSdkRoom, read, type SdkRoom, sdk, written } from "./typescript-sdk.ts";

describe("registry and discovery clients of the BaSyx TypeScript SDK", function () {
  this.timeout(20_000);

  describe("AasRegistryClient", () => {
    let room: SdkRoom<Sdk.AasRegistryClient>;
    before(async () => {
      room = await openSdkRoom(sdk.AasRegistryClient);
    });
    after(async () => await room.close());

    it("finds what the hub holds", async () => {
      const { client } = room;
      const { result } = await client.getAllAssetAdministrationShellDescriptors({ limit: 10 });
      expect(result.map(({ id }) => id)).to.include(shellId);
      const own = await client.getAssetAdministrationShellDescriptorById({ aasIdentifier: shellId });
      expect(own.endpoints?.[0]?.protocolInformation.href).to.include(room.world.api);
      const below = await client.getAllSubmodelDescriptorsThroughSuperpath({ aasIdentifier: shellId });
      expect(below.result.map(({ id }) => id)).to.include(submodelId);
    });

    it("registers, changes and withdraws what lies elsewhere", async () => {
      const { client } = room;
      const aasIdentifier = "urn:test:sdk:registered";
      const assetAdministrationShellDescriptor = shellDescriptor(aasIdentifier, "Elsewhere");
      await client.postAssetAdministrationShellDescriptor({ assetAdministrationShellDescriptor });
      await client.putAssetAdministrationShellDescriptorById({
        aasIdentifier,
        assetAdministrationShellDescriptor: shellDescriptor(aasIdentifier, "Other"),
      });
      expect((await client.getAssetAdministrationShellDescriptorById({ aasIdentifier })).idShort).to.equal("Other");
      const submodelDescriptor = submodelDescriptorOf("urn:test:sdk:nested");
      const nested = { aasIdentifier, submodelIdentifier: submodelDescriptor.id };
      await client.postSubmodelDescriptorThroughSuperpath({ aasIdentifier, submodelDescriptor });
      await client.putSubmodelDescriptorByIdThroughSuperpath({ ...nested, submodelDescriptor });
      expect((await client.getSubmodelDescriptorByIdThroughSuperpath(nested)).id).to.equal("urn:test:sdk:nested");
      await client.deleteSubmodelDescriptorByIdThroughSuperpath(nested);
      await client.deleteAssetAdministrationShellDescriptorById({ aasIdentifier });
    });

    it("has been asked everything that it can", () => {
      expect(room.untried()).to.deep.equal([]);
    });
  });

  describe("SubmodelRegistryClient", () => {
    let room: SdkRoom<Sdk.SubmodelRegistryClient>;
    before(async () => {
      room = await openSdkRoom(sdk.SubmodelRegistryClient);
    });
    after(async () => await room.close());

    it("finds what the hub holds, and registers what lies elsewhere", async () => {
      const { client } = room;
      const { result } = await client.getAllSubmodelDescriptors({ limit: 10 });
      expect(result.map(({ id }) => id)).to.include(submodelId);
      const submodelDescriptor = submodelDescriptorOf("urn:test:sdk:submodel");
      const { id: submodelIdentifier } = submodelDescriptor;
      await client.postSubmodelDescriptor({ submodelDescriptor });
      await client.putSubmodelDescriptorById({ submodelIdentifier, submodelDescriptor });
      expect((await client.getSubmodelDescriptorById({ submodelIdentifier })).id).to.equal(submodelIdentifier);
      await client.deleteSubmodelDescriptorById({ submodelIdentifier });
      expect(room.untried()).to.deep.equal([]);
    });
  });

  describe("AasDiscoveryClient", () => {
    let room: SdkRoom<Sdk.AasDiscoveryClient>;
    before(async () => {
      room = await openSdkRoom(sdk.AasDiscoveryClient);
    });
    after(async () => await room.close());

    it("finds shells by their assets, and links others", async () => {
      const { client } = room;
      const assetIds = [{ name: "globalAssetId", value: "urn:test:asset:1" }];
      const found = await client.getAllAssetAdministrationShellIdsByAssetLink({ assetIds });
      expect(found.result).to.deep.equal([shellId]);
      const aasIdentifier = "urn:test:sdk:linked";
      const link = { name: "serial", value: "S-77" };
      await client.postAllAssetLinksById({ aasIdentifier, specificAssetId: [read.assetId(link)] });
      expect((await client.getAllAssetLinksById({ aasIdentifier })).map(written)).to.deep.include(link);
      await client.deleteAllAssetLinksById({ aasIdentifier });
      expect(room.untried()).to.deep.equal([]);
    });
  });

  describe("ConceptDescriptionRepositoryClient", () => {
    let room: SdkRoom<Sdk.ConceptDescriptionRepositoryClient>;
    before(async () => {
      room = await openSdkRoom(sdk.ConceptDescriptionRepositoryClient);
    });
    after(async () => await room.close());

    it("creates, reads, lists, replaces and deletes", async () => {
      const { client } = room;
      const json = { modelType: "ConceptDescription", id: "urn:test:sdk:cd", idShort: "Flow" };
      const { id: cdIdentifier } = json;
      await client.postConceptDescription({ conceptDescription: read.concept(json) });
      expect(written(await client.getConceptDescriptionById({ cdIdentifier }))).to.deep.equal(json);
      const found = await client.getAllConceptDescriptions({ idShort: "Flow" });
      expect(found.result.map(({ id }) => id)).to.deep.equal([cdIdentifier]);
      await client.putConceptDescriptionById({ cdIdentifier, conceptDescription: read.concept(json) });
      await client.deleteConceptDescriptionById({ cdIdentifier });
      expect(room.untried()).to.deep.equal([]);
    });
  });

  describe("AasxFileClient", () => {
    let room: SdkRoom<Sdk.AasxFileClient>;
    before(async () => {
      room = await openSdkRoom(sdk.AasxFileClient);
    });
    after(async () => await room.close());

    it("keeps packages", async () => {
      const { client, world } = room;
      const accept = "application/asset-administration-shell-package+xml";
      const { bytes } = await world.send("GET", "/serialization", { headers: { accept } });
      const upload = { aasIds: [shellId], file: new Blob([new Uint8Array(bytes)]), fileName: "pump.aasx" };
      const { packageId = "" } = await client.postAASXPackage(upload);
      await client.putAASXByPackageId({ packageId, ...upload });
      // Its result is the whole page (its mistake): the list lies one level below.
      const { result } = (await client.getAllAASXPackageIds({ aasId: shellId })) as { readonly result: unknown };
      expect((result as { readonly result: readonly unknown[] }).result).to.have.length(1);
      expect((await client.getAASXByPackageId({ packageId })).size).to.equal(bytes.length);
      await client.deleteAASXByPackageId({ packageId });
      expect(room.untried()).to.deep.equal([]);
    });
  });
});

const endpoint = {
  _interface: "AAS-3.0",
  protocolInformation: {
    href: "https://twins.example.org/aas",
    endpointProtocol: "HTTP",
    endpointProtocolVersion: ["1.1"],
    subprotocol: null,
    subprotocolBody: null,
    subprotocolBodyEncoding: null,
    securityAttributes: null,
  },
};

function shellDescriptor(id: string, idShort: string): Sdk.Models.AssetAdministrationShellDescriptor {
  const made = new sdk.Models.AssetAdministrationShellDescriptor(id);
  return Object.assign(made, { idShort, endpoints: [endpoint] });
}

function submodelDescriptorOf(id: string): Sdk.Models.SubmodelDescriptor {
  return new sdk.Models.SubmodelDescriptor(id, [endpoint]);
}
