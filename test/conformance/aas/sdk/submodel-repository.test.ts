import type * as Sdk from "basyx-typescript-sdk";
import { expect } from "chai";
import { testSubmodel } from "../../../northbound/aas/all-elements.ts";
import { shellId, submodelId } from "../world.ts";
import { openSdkRoom, read, type SdkRoom, sdk, written } from "./typescript-sdk.ts";

const property = (idShort: string, value: string): object => ({
  modelType: "Property",
  idShort,
  valueType: "xs:int",
  value,
});
const code = { modelType: "Property", idShort: "Code", valueType: "xs:string", value: "full" };
const at = { submodelIdentifier: submodelId };
const operation = { ...at, idShortPath: "Reset" };

describe("SubmodelRepositoryClient of the BaSyx TypeScript SDK", function () {
  this.timeout(20_000);
  let room: SdkRoom<Sdk.SubmodelRepositoryClient>;
  before(async () => {
    room = await openSdkRoom(sdk.SubmodelRepositoryClient);
  });
  after(async () => await room.close());

  it("creates, reads, lists, replaces and deletes submodels", async () => {
    const { client } = room;
    const document = { ...testSubmodel(7), id: "urn:test:sdk:sm" };
    const submodelIdentifier = document.id;
    expect(written(await client.postSubmodel({ submodel: read.submodel(document) }))).to.deep.equal(document);
    const got = await client.getSubmodelById({ submodelIdentifier, extent: "withBlobValue" });
    expect(written(got)).to.deep.equal(document);
    const page = await client.getAllSubmodels({ limit: 2 });
    expect(page.result).to.have.length(2);
    const found = await client.getAllSubmodels({ idShort: "Submodel7" });
    expect(found.result.map(({ id }) => id)).to.deep.equal([document.id]);
    await client.putSubmodelById({ submodelIdentifier, submodel: read.submodel({ ...document, idShort: "Other" }) });
    expect((await client.getSubmodelByIdMetadata({ submodelIdentifier })).idShort).to.equal("Other");
    await client.deleteSubmodelById({ submodelIdentifier });
    const error = await client.getSubmodelById({ submodelIdentifier }).catch((thrown: Error) => thrown.message);
    expect(error).to.include("404");
  });

  it("creates, reads, replaces and deletes elements", async () => {
    const { client } = room;
    await client.postSubmodelElement({ ...at, submodelElement: read.element(property("One", "1")) });
    await client.postSubmodelElementByPath({
      ...at,
      idShortPath: "Bearing",
      submodelElement: read.element(property("Two", "2")),
    });
    await client.putSubmodelElementByPath({
      ...at,
      idShortPath: "Bearing.Two",
      submodelElement: read.element(property("Two", "3")),
    });
    const two = await client.getSubmodelElementByPath({ ...at, idShortPath: "Bearing.Two" });
    expect(written(two)).to.deep.equal(property("Two", "3"));
    expect((await client.getAllSubmodelElements({ ...at, limit: 3 })).result).to.have.length(3);
    await client.deleteSubmodelElementByPath({ ...at, idShortPath: "Bearing.Two" });
  });

  it("reads and writes values", async () => {
    const { client } = room;
    await client.patchSubmodelByIdValueOnly({ ...at, body: { Speed: 11 } });
    expect((await client.getSubmodelByIdValueOnly(at)) as { Speed: number }).to.include({ Speed: 11 });
    const speed = { ...at, idShortPath: "Speed" };
    await client.patchSubmodelElementByPathValueOnly({ ...speed, submodelElementValue: 12 as never });
    expect(await client.getSubmodelElementByPathValueOnly(speed)).to.equal(12);
  });

  it("invokes operations", async () => {
    const { client } = room;
    const operationRequest = { inputArguments: [{ value: code }], clientTimeoutDuration: "PT5S" } as never;
    const done = await client.postInvokeOperationSubmodelRepo({ ...operation, operationRequest });
    expect(done.success).to.equal(true);
    const operationRequestValueOnly = { inputArguments: { Code: "full" }, clientTimeoutDuration: "PT5S" };
    const shell = { ...operation, aasIdentifier: shellId };
    const values = await client.postInvokeOperationValueOnly({ ...shell, operationRequestValueOnly });
    expect(values.executionState).to.equal("Completed");
    await client.postInvokeOperationAsync({ ...operation, operationRequest });
    await client.postInvokeOperationAsyncValueOnly({ ...shell, operationRequestValueOnly });
  });

  it("never sees a cursor: it looks for pagingMetadata, which the OpenAPI calls paging_metadata (its mistake)", async () => {
    const { pagedResult } = await room.client.getAllSubmodels({ limit: 1 });
    expect(pagedResult).to.equal(undefined);
    const { bytes } = await room.world.send("GET", "/submodels", { query: { limit: "1" } });
    expect(JSON.parse(bytes.toString()).paging_metadata.cursor).to.be.a("string");
  });

  it("loads as CommonJS alone (its mistake)", async () => {
    const loaded = await import("basyx-typescript-sdk").then(
      () => "loaded",
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(loaded).to.equal("ERR_MODULE_NOT_FOUND");
  });

  it("has been asked everything that it can", () => {
    expect(room.untried()).to.deep.equal([]);
  });
});
