import { createRequire } from "node:module";
import type * as Sdk from "basyx-typescript-sdk";
import { expect } from "chai";
import { type ManualsRoom, openManualsRoom, submodel } from "./manuals-room.ts";

/** Its ES modules name each other without extensions, which Node does not follow. */
const sdk = createRequire(import.meta.url)("basyx-typescript-sdk") as typeof Sdk;

describe("The BaSyx TypeScript SDK and our files", () => {
  let room: ManualsRoom;
  let configuration: Sdk.Configuration;
  const aasIdentifier = "urn:test:shell";
  const at = { aasIdentifier, submodelIdentifier: submodel, idShortPath: "Manual" };
  before(async () => {
    room = await openManualsRoom();
    configuration = new sdk.Configuration({ basePath: room.base });
    const reference = { type: "ModelReference", keys: [{ type: "Submodel", value: submodel }] };
    const assetInformation = { assetKind: "Instance", globalAssetId: "urn:asset" };
    const shell = {
      modelType: "AssetAdministrationShell",
      id: aasIdentifier,
      assetInformation,
      submodels: [reference],
    };
    await room.call("POST", "/shells", shell);
  });
  after(() => room.close());

  /** What a call gave. */
  async function good<T>(result: Promise<{ success: true; data: T } | { success: false; error: unknown }>): Promise<T> {
    const answer = await result;
    if (!answer.success) throw new Error(`the SDK got ${JSON.stringify(answer.error)}`);
    return answer.data;
  }

  it("upload, read and delete an attachment", async () => {
    const client = new sdk.AasRepositoryClient();
    const file = new Blob(["a manual"], { type: "application/pdf" });
    await good(client.putFileByPathAasRepository({ configuration, ...at, fileName: "manual.pdf", file }));
    const got = await good(client.getFileByPathAasRepository({ configuration, ...at }));
    expect([await got.text(), got.type]).to.deep.equal(["a manual", "application/pdf"]);
    await good(client.deleteFileByPathAasRepository({ configuration, ...at }));
    const none = await client.getFileByPathAasRepository({ configuration, ...at });
    expect(none.success).to.equal(false);
  });

  it("upload, read and delete a thumbnail", async () => {
    const client = new sdk.AasRepositoryClient();
    const file = new Blob(["a picture"], { type: "image/png" });
    await good(client.putThumbnail({ configuration, aasIdentifier, fileName: "pump.png", file }));
    const got = await good(client.getThumbnail({ configuration, aasIdentifier }));
    expect([await got.text(), got.type]).to.deep.equal(["a picture", "image/png"]);
    await good(client.deleteThumbnail({ configuration, aasIdentifier }));
    expect((await client.getThumbnail({ configuration, aasIdentifier })).success).to.equal(false);
  });

  it("keep, find, replace and delete a package", async () => {
    const client = new sdk.AasxFileClient();
    const file = new Blob(["PK"]);
    const aasIds = [aasIdentifier, "urn:other"];
    const made = await good(client.postAASXPackage({ configuration, aasIds, file, fileName: "a.aasx" }));
    const packageId = made.packageId ?? "";
    expect(made.aasIds).to.deep.equal(aasIds);
    await good(
      client.putAASXByPackageId({ configuration, packageId, aasIds, file: new Blob(["PK 2"]), fileName: "b.aasx" }),
    );
    expect(await (await good(client.getAASXByPackageId({ configuration, packageId }))).text()).to.equal("PK 2");
    const found = (await good(client.getAllAASXPackageIds({ configuration, aasId: "urn:other" }))).result;
    expect(JSON.stringify(found)).to.include(packageId);
    await good(client.deleteAASXByPackageId({ configuration, packageId }));
    expect((await client.getAASXByPackageId({ configuration, packageId })).success).to.equal(false);
  });
});
