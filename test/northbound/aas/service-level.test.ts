import { expect } from "chai";
import { type AasRoom, b64, type Loose, openAasRoom } from "./aas-room.ts";
import { everyElement, testShell, testSubmodel } from "./all-elements.ts";

const property = { modelType: "Property", idShort: "Fresh", valueType: "xs:int", value: "1" };

describe("one shell at /aas and one submodel at /submodel", () => {
  let room: AasRoom;
  const status = async (method: string, path: string, body?: unknown): Promise<number> =>
    (await room.call(method, path, body)).status;
  const get = async (path: string): Promise<Loose> => (await room.call("GET", path)).body;

  afterEach(async () => await room.close());

  it("are what a PUT makes, and the only one there is from then on (PutAssetAdministrationShell, PutSubmodel)", async () => {
    room = await openAasRoom();
    for (const path of ["/aas", "/aas/asset-information", "/submodel", "/submodel/$value"]) {
      expect(await status("GET", path), path).to.equal(404);
    }
    expect(await status("PUT", "/aas", testShell(1, [1]))).to.equal(201);
    expect(await status("PUT", "/aas", testShell(1, [1]))).to.equal(204);
    const made = await room.call("PUT", "/submodel", testSubmodel(1));
    expect([made.status, made.headers.get("location")]).to.deep.equal([201, `${room.base}/submodel`]);
    expect(await get("/aas")).to.deep.equal(testShell(1, [1]));
    expect(await get("/aas/$reference")).to.deep.include({ type: "ModelReference" });
    expect(await status("PUT", "/aas", testShell(2, []))).to.equal(400);
  });

  it("where there are several, the configuration says which; without it 409 names the setting", async () => {
    room = await openAasRoom(undefined, { submodel: "urn:test:sm:2" });
    for (const number of [1, 2]) {
      await room.call("POST", "/shells", testShell(number, [number]));
      await room.call("POST", "/submodels", testSubmodel(number));
    }
    const refused = await room.call("GET", "/aas");
    expect([refused.status, refused.text.includes("aas.shell")]).to.deep.equal([409, true]);
    expect((await get("/submodel")).id).to.equal("urn:test:sm:2");
    expect(await status("PUT", "/submodel", testSubmodel(1))).to.equal(400);
  });

  it("answer what the repositories answer, in every content", async () => {
    room = await openAasRoom();
    await room.call("POST", "/shells", testShell(1, [1]));
    await room.call("POST", "/submodels", testSubmodel(1));
    const below = `submodels/${b64("urn:test:sm:1")}`;
    const contents = ["", "/$metadata", "/$value", "/$reference", "/$path", "/submodel-elements"];
    const paths = [
      ...contents,
      ...["$metadata", "$value", "$reference", "$path"].map((content) => `/submodel-elements/${content}`),
      ...everyElement.map(({ idShort }) => `/submodel-elements/${idShort}`),
      "/submodel-elements/Bearing.Temperature/$value",
      "/submodel-elements/Phases%5B0%5D/$path",
      "/submodel-elements/Motor/$reference",
    ];
    for (const path of paths) {
      const expected = await room.call("GET", `/submodels/${b64("urn:test:sm:1")}${path}`);
      for (const root of ["/submodel", `/aas/${below}`]) {
        const answer = await room.call("GET", `${root}${path}`);
        expect([answer.status, answer.text], `${root}${path}`).to.deep.equal([200, expected.text]);
      }
    }
    for (const path of ["", "/asset-information", "/submodel-refs", "/$reference"]) {
      expect(await get(`/aas${path}`)).to.deep.equal(await get(`/shells/${b64("urn:test:aas:1")}${path}`));
    }
  });

  it("change what the repositories show, and say where it is", async () => {
    room = await openAasRoom();
    await room.call("POST", "/shells", testShell(1, [1]));
    await room.call("POST", "/submodels", testSubmodel(1));
    const below = `/aas/submodels/${b64("urn:test:sm:1")}`;
    for (const [index, root] of ["/submodel", below].entries()) {
      const posted = await room.call("POST", `${root}/submodel-elements`, { ...property, idShort: `Fresh${index}` });
      expect(posted.headers.get("location")).to.equal(`${room.base}${root}/submodel-elements/Fresh${index}`);
      const place = `${root}/submodel-elements/Fresh${index}`;
      expect(await status("PATCH", `${place}/$value`, 7)).to.equal(204);
      expect(await get(`/submodels/${b64("urn:test:sm:1")}/submodel-elements/Fresh${index}`)).to.include({
        value: "7",
      });
      expect(await status("PUT", place, { ...property, idShort: `Fresh${index}` })).to.equal(204);
      expect(await status("DELETE", place)).to.equal(204);
      expect(await status("PATCH", `${root}/$metadata`, { category: "x", modelType: "Submodel" })).to.equal(204);
    }
    expect(await status("DELETE", "/submodel")).to.equal(405);
    expect(await status("DELETE", "/aas")).to.equal(405);
    const reference = { type: "ModelReference", keys: [{ type: "Submodel", value: "urn:test:sm:2" }] };
    const referred = await room.call("POST", "/aas/submodel-refs", reference);
    expect(referred.headers.get("location")).to.equal(`${room.base}/aas/submodel-refs/${b64("urn:test:sm:2")}`);
    expect(await status("PUT", `/aas/submodels/${b64("urn:test:sm:3")}`, testSubmodel(3))).to.equal(201);
    expect(await status("DELETE", below)).to.equal(204);
    const { value } = await room.services.shells.get("urn:test:aas:1");
    expect(value.submodels?.map(({ keys }) => keys[0]?.value)).to.deep.equal(["urn:test:sm:2", "urn:test:sm:3"]);
  });
});
