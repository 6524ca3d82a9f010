import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const ERRORS = "https://uri.etsi.org/ngsi-ld/errors/";
const HOUSE = "urn:ngsi-ld:House:h1";

describe("NGSI-LD API: what CIM 009 says in passing", () => {
  let hub: NgsiHub;

  beforeEach(async () => {
    hub = await startNgsiHub();
    const created = await hub.call("POST", "/entities", {
      id: HOUSE,
      type: "House",
      name: { type: "LanguageProperty", languageMap: { en: "home", fr: "maison" } },
      owner: { type: "Relationship", object: "urn:ngsi-ld:Person:a" },
      rooms: { type: "Property", value: 4, observedAt: "2026-01-01T00:00:00Z" },
    });
    expect(created.status).to.equal(201);
  });
  afterEach(() => hub.stop());

  const house = async (query = ""): Promise<Record<string, unknown>> =>
    (await (await hub.call("GET", `/entities/${HOUSE}${query}`)).json()) as Record<string, unknown>;

  const failure = async (response: Response): Promise<readonly [number, string]> => {
    const { type } = (await response.json()) as { readonly type: string };
    return [response.status, type.replace(ERRORS, "")];
  };

  it("a simplified merge keeps the types that are there (5.6.17.4)", async () => {
    const fragment = { owner: "urn:ngsi-ld:Person:b", rooms: 5 };
    expect((await hub.call("PATCH", `/entities/${HOUSE}?format=keyValues`, fragment)).status).to.equal(204);
    const { owner, rooms } = await house();
    expect(owner).to.deep.equal({ type: "Relationship", object: "urn:ngsi-ld:Person:b" });
    expect(rooms).to.include({ type: "Property", value: 5 });
    const wrong = await hub.call("PATCH", `/entities/${HOUSE}?format=keyValues`, { owner: 7 });
    expect(await failure(wrong)).to.deep.equal([400, "BadRequestData"]);
  });

  it("a merge with a language replaces that language's text, with a common time the times (6.5.3.4)", async () => {
    const path = `/entities/${HOUSE}?format=simplified&lang=fr&observedAt=2026-02-02T00:00:00Z`;
    expect((await hub.call("PATCH", path, { name: "chez moi", rooms: 6 })).status).to.equal(204);
    const { name, rooms } = await house();
    expect(name).to.deep.equal({ type: "LanguageProperty", languageMap: { en: "home", fr: "chez moi" } });
    expect(rooms).to.include({ value: 6, observedAt: "2026-02-02T00:00:00Z" });
  });

  it("a common time touches only attributes that have one (5.6.17.4)", async () => {
    const path = `/entities/${HOUSE}?observedAt=2026-02-02T00:00:00Z`;
    await hub.call("PATCH", path, { owner: { type: "Relationship", object: "urn:ngsi-ld:Person:c" } });
    expect((await house()).owner).to.deep.equal({ type: "Relationship", object: "urn:ngsi-ld:Person:c" });
  });

  it("the scope is replaced by no attribute operation (5.6.19.4)", async () => {
    const put = await hub.call("PUT", `/entities/${HOUSE}/attrs/scope`, { value: "/A" });
    expect(await failure(put)).to.deep.equal([400, "BadRequestData"]);
  });

  it("pick and omit take a pipe as well as a comma, and exclude attrs and each other (4.21, 6.4.3.2)", async () => {
    expect(await house("?pick=id%7Crooms&options=keyValues")).to.deep.equal({ id: HOUSE, rooms: 4 });
    for (const query of ["attrs=rooms&omit=owner", "pick=rooms&omit=rooms", "pick=rooms%7C%7Cowner"]) {
      expect(await failure(await hub.call("GET", `/entities/${HOUSE}?${query}`)), query).to.deep.equal([
        400,
        "BadRequestData",
      ]);
    }
    const nothing = await hub.call("GET", `/entities/${HOUSE}?omit=id,type,name,owner,rooms`);
    expect(await failure(nothing)).to.deep.equal([404, "ResourceNotFound"]);
  });

  it("an id or a name that is missing in the path is bad data, not another path (5.6.3.4, 5.6.5.4)", async () => {
    const value = { type: "Property", value: 1 };
    for (const [method, path, body] of [
      ["POST", "/entities//attrs", { value }],
      ["PATCH", "/entities//attrs/rooms", value],
      ["DELETE", "/entities//attrs/rooms", undefined],
      ["GET", "/entities//", undefined],
    ] as const) {
      expect(await failure(await hub.call(method, path, body)), path).to.deep.equal([400, "BadRequestData"]);
    }
  });

  it("GeoJSON without a context inside links to it (6.3.6)", async () => {
    const headers = { accept: "application/geo+json", prefer: 'respond-async, Body="json";a=1' };
    const plain = await hub.call("GET", `/entities/${HOUSE}`, undefined, headers);
    expect(plain.headers.get("link")).to.contain("http://www.w3.org/ns/json-ld#context");
    expect(await plain.json()).not.to.have.property("@context");
    const whole = await hub.call("GET", `/entities/${HOUSE}`, undefined, { accept: "application/geo+json" });
    expect(whole.headers.get("link")).to.equal(null);
    expect(await whole.json()).to.have.property("@context");
  });

  it("a signature seals id and type as bare texts (4.5.2.2)", async () => {
    const value = { type: "DataIntegrityProof", proofValue: "z1" };
    const proof = { type: "Property", entityIdSealed: HOUSE, entityTypeSealed: "House", value };
    const signed = { type: "Property", value: 1, ngsildproof: proof };
    expect((await hub.call("POST", `/entities/${HOUSE}/attrs`, { signed })).status).to.equal(204);
    expect((await house()).signed).to.deep.equal(signed);
    for (const ngsildproof of [
      { type: "Property", value: "text" },
      { ...proof, entityTypeSealed: 42 },
    ]) {
      const refused = await hub.call("POST", `/entities/${HOUSE}/attrs`, { signed: { ...signed, ngsildproof } });
      expect(await failure(refused)).to.deep.equal([400, "BadRequestData"]);
    }
  });

  it("texts of languages have the datatype langString (5.2.32)", async () => {
    const name = { type: "LanguageProperty", languageMap: { en: "x" } };
    const append = (valueType: string) =>
      hub.call("POST", `/entities/${HOUSE}/attrs`, { name: { ...name, valueType } });
    expect((await append("langString")).status).to.equal(204);
    expect(await failure(await append("xsd:string"))).to.deep.equal([400, "BadRequestData"]);
  });

  it("an empty body and an array are no request about one thing; an empty object is one with wrong data (5.5.2, 5.5.4)", async () => {
    for (const body of ["", "[]"]) {
      expect(await failure(await hub.call("POST", "/entities", body)), body).to.deep.equal([400, "InvalidRequest"]);
    }
    const empty = await hub.call("PATCH", `/entities/${HOUSE}/attrs/rooms`, "{}");
    expect(await failure(empty)).to.deep.equal([400, "BadRequestData"]);
  });
});
