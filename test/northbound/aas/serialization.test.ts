import { expect } from "chai";
import { type AasRoom, type Answer, b64, openAasRoom } from "./aas-room.ts";
import { environment, testShell, testSubmodel } from "./all-elements.ts";

const concept = { modelType: "ConceptDescription", id: "urn:test:speed", idShort: "Speed" };
const unused = { modelType: "ConceptDescription", id: "urn:test:unused" };

describe("the AAS API's serialization (GenerateSerializationByIds)", () => {
  let room: AasRoom;
  const get = async (query: string, accept?: string): Promise<Answer> =>
    await room.call("GET", `/serialization${query}`, undefined, accept === undefined ? {} : { accept });

  before(async () => {
    room = await openAasRoom();
    for (const submodel of environment.submodels) await room.call("POST", "/submodels", submodel);
    for (const shell of environment.shells) await room.call("POST", "/shells", shell);
    for (const one of [concept, unused]) await room.call("POST", "/concept-descriptions", one);
  });
  after(async () => await room.close());

  it("without ids: everything that is here, Blobs with their content", async () => {
    const { status, body, headers } = await get("");
    expect([status, headers.get("content-type")]).to.deep.equal([200, "application/json"]);
    expect(body).to.deep.equal({
      assetAdministrationShells: environment.shells,
      submodels: environment.submodels,
      conceptDescriptions: [concept, unused],
    });
  });

  it("with ids: the shells and submodels named, and the concept descriptions that these refer to", async () => {
    const both = `?aasIds=${b64("urn:test:aas:2")}&submodelIds=${b64("urn:test:sm:1")},${b64("urn:test:sm:3")}`;
    expect((await get(both)).body).to.deep.equal({
      assetAdministrationShells: [testShell(2, [3, 4])],
      submodels: [testSubmodel(1), testSubmodel(3)],
      conceptDescriptions: [concept],
    });
    expect((await get(`?aasIds=${b64("urn:test:aas:1")}`)).body).to.deep.equal({
      assetAdministrationShells: [testShell(1, [1, 2])],
    });
  });

  it("concept descriptions are left out on request", async () => {
    const query = `?submodelIds=${b64("urn:test:sm:1")}&includeConceptDescriptions=`;
    expect((await get(`${query}false`)).body).to.deep.equal({ submodels: [testSubmodel(1)] });
    // A client in Python prints its booleans so.
    expect((await get(`${query}True`)).body).to.have.property("conceptDescriptions");
  });

  it("more documents than are held at a time come out once, in order", async () => {
    const many = Array.from({ length: 45 }, (_, index) => testSubmodel(100 + index, []));
    for (const { submodelElements: _none, ...submodel } of many) await room.call("POST", "/submodels", submodel);
    const { submodels } = (await get("")).body as unknown as { submodels: { id: string }[] };
    expect(submodels.map(({ id }) => id)).to.deep.equal([...environment.submodels, ...many].map(({ id }) => id));
  });

  it("what is no id, not here or no boolean is refused", async () => {
    const bad = [
      "aasIds=invalid-base64url=====",
      "submodelIds=%%",
      "aasIds=",
      "includeConceptDescriptions=invalid-bool",
    ];
    for (const query of bad) expect((await get(`?${query}`)).status, query).to.equal(400);
    for (const name of ["aasIds", "submodelIds"]) {
      const { status, text } = await get(`?${name}=${b64("urn:test:none")}`);
      expect([status, text.includes("urn:test:none")], name).to.deep.equal([404, true]);
    }
  });

  it("JSON is the one format: 406 says so to who takes AASX or XML alone", async () => {
    const aasx = "application/asset-administration-shell-package+xml";
    for (const accept of [aasx, "application/xml", "application/json;q=0, */*"]) {
      const { status, text } = await get("", accept);
      expect([status, text.includes("application/json")], accept).to.deep.equal([406, true]);
    }
    for (const accept of ["*/*", "application/*;q=0.1", `${aasx}, application/json;q=0.5`]) {
      expect((await get("", accept)).status, accept).to.equal(200);
    }
  });
});
