import { Readable } from "node:stream";
import { expect } from "chai";
import { readXmlEnvironment } from "../../../src/aas/xml/read-xml.ts";
import { type AasRoom, type Answer, b64, openAasRoom } from "./aas-room.ts";
import { environment, everyElement, testShell, testSubmodel } from "./all-elements.ts";

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

  it("writes XML, in the namespace of the edition that is asked", async () => {
    for (const [base, namespace] of [
      [room.base, "https://admin-shell.io/aas/3/1"],
      [room.base30, "https://admin-shell.io/aas/3/0"],
    ]) {
      const { status, headers, text } = await room.call("GET", `${base}/serialization`, undefined, {
        accept: "application/xml",
      });
      expect([status, headers.get("content-type")]).to.deep.equal([200, "application/xml"]);
      expect(text).to.contain(`<environment xmlns="${namespace}">`);
      const found: Record<string, unknown[]> = {};
      for await (const { type, value } of readXmlEnvironment(Readable.from([Buffer.from(text)]))) {
        found[type] = [...(found[type] ?? []), value];
      }
      expect(found.AssetAdministrationShell).to.deep.equal(environment.shells);
      expect(found.Submodel?.slice(0, 4)).to.deep.equal(environment.submodels);
      expect(found.ConceptDescription).to.deep.equal([concept, unused]);
    }
    const none = await get(`?submodelIds=${b64("urn:test:sm:100")}`, "text/xml");
    expect(none.text).to.contain("</submodels></environment>").and.not.to.contain("conceptDescriptions");
  });

  it("concept descriptions come along that others refer to", async () => {
    const wider = { modelType: "ConceptDescription", id: "urn:test:wider" };
    const listing = {
      ...concept,
      isCaseOf: [{ type: "ModelReference", keys: [{ type: "ConceptDescription", value: wider.id }] }],
    };
    await room.call("POST", "/concept-descriptions", wider);
    await room.call("PUT", `/concept-descriptions/${b64(concept.id)}`, listing);
    const { conceptDescriptions } = (await get(`?submodelIds=${b64("urn:test:sm:1")}`)).body;
    expect(conceptDescriptions).to.deep.equal([listing, wider]);
  });

  it("answers the type that the client likes best; 406 where it takes none", async () => {
    const aasx = "application/asset-administration-shell-package+xml";
    const types: readonly (readonly [string, string])[] = [
      ["*/*", "application/json"],
      ["application/*;q=0.1", "application/json"],
      ["application/xml, */*", "application/xml"],
      [`${aasx};q=0.4, application/json;q=0.5`, "application/json"],
      ["application/json;q=0, */*", "application/xml"],
      [`${aasx}, application/json;q=0.5`, aasx],
      ["application/asset-administration-shell-package", "application/asset-administration-shell-package"],
      ["application/aasx+xml", "application/aasx+xml"],
      ["text/html,application/xml;q=0.9,*/*;q=0.8", "application/xml"],
    ];
    for (const [accept, type] of types) {
      const { status, headers } = await get("", accept);
      expect([status, headers.get("content-type")], accept).to.deep.equal([200, type]);
    }
    for (const accept of ["text/plain", "application/json;q=0", "image/*, audio/*;q=0.5"]) {
      const { status, text } = await get("", accept);
      expect([status, text.includes("JSON, XML or AASX")], accept).to.deep.equal([406, true]);
    }
  });

  it("gives way while it writes much: other requests do not wait for its end", async () => {
    const elements = Array.from({ length: 4000 }, (_, index) => ({ ...everyElement[0], idShort: `Element${index}` }));
    for (const number of [500, 501, 502, 503]) {
      const big = { ...testSubmodel(number, []), submodelElements: elements };
      expect((await room.call("POST", "/submodels", big)).status).to.equal(201);
    }
    const ended: string[] = [];
    const much = get("", "application/xml").then(() => ended.push("much"));
    await room.call("GET", "/shells?limit=1").then(() => ended.push("little"));
    await much;
    expect(ended).to.deep.equal(["little", "much"]);
  });
});
