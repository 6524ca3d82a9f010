import { expect } from "chai";
import { type AasRoom, b64, openAasRoom } from "./aas-room.ts";
import { testShell, testSubmodel } from "./all-elements.ts";

const sm = (number: number): string => `/submodels/${b64(`urn:test:sm:${number}`)}`;
const element = (path: string): string => `${sm(1)}/submodel-elements/${path}`;

describe("forms of requests to the AAS API", () => {
  let room: AasRoom;
  const status = async (...call: Parameters<AasRoom["call"]>): Promise<number> => (await room.call(...call)).status;

  before(async () => {
    room = await openAasRoom();
    expect(await status("POST", "/submodels", testSubmodel(1))).to.equal(201);
    expect(await status("POST", "/shells", testShell(1, [1]))).to.equal(201);
  });
  after(async () => await room.close());

  it("JSON comes with its type, a type built on it or none, always in UTF-8 (PatchSubmodelElementByPath-ValueOnly)", async () => {
    const path = element("Speed/$value");
    const types = ["application/json", "Application/JSON;charset=UTF-8", 'application/json; charset="utf-8"'];
    for (const type of [...types, "application/merge-patch+json"]) {
      expect(await status("PATCH", path, "7", { "content-type": type }), type).to.equal(204);
    }
    const bare = await fetch(`${room.base}${path}`, { method: "PATCH", body: Buffer.from("8") });
    expect(bare.status).to.equal(204);
    for (const type of ["text/plain", "application/json; charset=iso-8859-1", "application/xml"]) {
      expect(await status("PATCH", path, "9", { "content-type": type }), type).to.equal(415);
    }
    expect((await room.call("GET", path)).text).to.equal("8");
  });

  it("an address that is too long is refused in the API's own form (Result)", async () => {
    const answer = await room.call("GET", `/submodels?idShort=${"x".repeat(9000)}`);
    expect([answer.status, answer.text.includes('"messages":[{')]).to.deep.equal([414, true]);
  });

  it("PATCH $metadata knows level core alone (PatchSubmodelById-Metadata, PatchSubmodelElementByPath-Metadata)", async () => {
    for (const path of [`${sm(1)}/$metadata`, element("Speed/$metadata")]) {
      for (const level of ["deep", "%23%23"]) {
        expect(await status("PATCH", `${path}?level=${level}`, { category: "PARAMETER" }), path).to.equal(400);
      }
      expect(await status("PATCH", `${path}?level=core`, { category: "PARAMETER" }), path).to.equal(204);
    }
  });

  it("PUT and PATCH refuse a level that is none (PutSubmodelElementByPath, PatchSubmodelById)", async () => {
    const speed = { modelType: "Property", idShort: "Speed", valueType: "xs:int", value: "1" };
    expect(await status("PUT", element("Speed?level=%23"), speed)).to.equal(400);
    expect(await status("PUT", element("Speed?level=deep"), speed)).to.equal(204);
    expect(await status("PATCH", `${sm(1)}?level=%23`, { category: "PARAMETER" })).to.equal(400);
  });

  it("what has no $metadata takes none (PatchSubmodelElementByPath-Metadata)", async () => {
    for (const name of ["Pumping", "Reset"]) {
      const { status: refused, text } = await room.call("PATCH", element(`${name}/$metadata`), {
        category: "VARIABLE",
      });
      expect([refused, text.includes("has no $metadata")], name).to.deep.equal([400, true]);
      expect(await status("PATCH", element(name), { category: "VARIABLE" }), name).to.equal(204);
    }
  });

  it("If-None-Match: * creates and never replaces (RFC 9110, 13.1.2)", async () => {
    const onlyNew = { "if-none-match": "*" };
    const added = { modelType: "Property", idShort: "Added", valueType: "xs:int" };
    const concept = { modelType: "ConceptDescription", id: "urn:test:cd" };
    const puts: readonly (readonly [string, unknown])[] = [
      [sm(2), testSubmodel(2)],
      [`/shells/${b64("urn:test:aas:2")}`, testShell(2, [2])],
      [`/concept-descriptions/${b64(concept.id)}`, concept],
      [element("Added"), added],
    ];
    for (const [path, body] of puts) {
      expect(await status("PUT", path, body, onlyNew), path).to.equal(201);
      expect(await status("PUT", path, body, onlyNew), path).to.equal(412);
      expect(await status("PUT", path, body), path).to.equal(204);
    }
  });

  it("assetIds may be spelt as the text of the specification spells it, too (GetAllAssetAdministrationShells)", async () => {
    const other = b64(JSON.stringify({ name: "globalAssetId", value: "urn:test:none" }));
    for (const name of ["assetIds", "assetids"]) {
      expect((await room.call("GET", `/shells?${name}=${other}`)).body.result, name).to.deep.equal([]);
    }
  });
});
