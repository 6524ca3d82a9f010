import { expect } from "chai";
import { type AasRoom, b64, type Loose, openAasRoom } from "./aas-room.ts";
import { testShell, testSubmodel } from "./all-elements.ts";

const template = (number: number): object => ({ ...testSubmodel(number), kind: "Template" });
const path = (number: number): string => `/submodels/${b64(`urn:test:sm:${number}`)}`;

describe("templates at a base of their own", () => {
  let room: AasRoom;
  const call = (method: string, tail: string, body?: unknown) =>
    room.call(method, `${room.baseTemplates}${tail}`, body);
  const ids = async (base: string): Promise<readonly unknown[]> => {
    const { result } = (await room.call("GET", `${base}/submodels`)).body;
    return (result as unknown as readonly Loose[]).map(({ id }) => id);
  };

  beforeEach(async () => {
    room = await openAasRoom();
    await room.call("POST", "/submodels", testSubmodel(1));
    await room.call("POST", "/submodels", template(2));
  });
  afterEach(async () => await room.close());

  it("show submodels of kind Template alone; the main base shows both (AASa-003)", async () => {
    expect(await ids(room.baseTemplates)).to.deep.equal(["urn:test:sm:2"]);
    expect(await ids(room.base)).to.deep.equal(["urn:test:sm:1", "urn:test:sm:2"]);
    expect((await call("GET", `${path(2)}/submodel-elements/Speed`)).status).to.equal(200);
    for (const tail of [
      "",
      "/$value",
      "/submodel-elements",
      "/submodel-elements/Speed",
      "/submodel-elements/Speed/$value",
    ]) {
      expect((await call("GET", `${path(1)}${tail}`)).status, tail).to.equal(404);
    }
    expect((await call("GET", "/shells")).status).to.equal(404);
  });

  it("take no instance, by no way in, and touch none", async () => {
    const instance = await call("POST", "/submodels", testSubmodel(3));
    expect([instance.status, instance.text.includes("AASa-003")]).to.deep.equal([400, true]);
    expect((await call("PUT", path(3), testSubmodel(3))).status).to.equal(400);
    expect((await call("PUT", path(2), testSubmodel(2))).status).to.equal(400);
    expect((await call("PATCH", path(2), { kind: "Instance" })).status).to.equal(400);
    expect((await call("PATCH", `${path(2)}/$metadata`, { kind: "Instance", modelType: "Submodel" })).status).to.equal(
      400,
    );
    expect((await call("DELETE", path(1))).status).to.equal(404);
    expect((await call("PUT", path(1), template(1))).status).to.equal(409);
    const property = { modelType: "Property", idShort: "Fresh", valueType: "xs:int" };
    expect((await call("POST", `${path(1)}/submodel-elements`, property)).status).to.equal(404);
    expect((await call("PATCH", `${path(1)}/submodel-elements/Speed/$value`, 1)).status).to.equal(404);
    expect((await call("DELETE", `${path(1)}/submodel-elements/Speed`)).status).to.equal(404);
    expect((await room.call("GET", `${path(1)}/submodel-elements/Speed/$value`)).text).to.equal("1450");
  });

  it("are made, changed and deleted there", async () => {
    const made = await call("POST", "/submodels", template(4));
    expect([made.status, made.headers.get("location")]).to.deep.equal([201, `${room.baseTemplates}${path(4)}`]);
    expect((await call("PATCH", `${path(4)}/submodel-elements/Speed/$value`, 5)).status).to.equal(204);
    expect((await room.call("GET", `${path(4)}/submodel-elements/Speed/$value`)).text).to.equal("5");
    expect((await call("DELETE", path(4))).status).to.equal(204);
    expect(await ids(room.base)).to.deep.equal(["urn:test:sm:1", "urn:test:sm:2"]);
  });

  it("are all that their serialization holds", async () => {
    await room.call("POST", "/shells", testShell(1, [1]));
    const { body } = await call("GET", "/serialization");
    const environment = body as unknown as { submodels: readonly Loose[]; assetAdministrationShells?: unknown };
    expect(environment.submodels.map(({ id }) => id)).to.deep.equal(["urn:test:sm:2"]);
    expect(environment.assetAdministrationShells).to.equal(undefined);
  });
});
