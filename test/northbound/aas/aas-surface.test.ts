import { expect } from "chai";
import { type AasRoom, type Answer, b64, type Loose, openAasRoom } from "./aas-room.ts";
import { environment, testSubmodel } from "./all-elements.ts";

const sm = (number: number): string => `/submodels/${b64(`urn:test:sm:${number}`)}`;
const aas = (number: number): string => `/shells/${b64(`urn:test:aas:${number}`)}`;
const items = (answer: Answer): readonly Loose[] => answer.body.result as unknown as readonly Loose[];

describe("the AAS API", () => {
  let room: AasRoom;
  const get = async (path: string, headers?: Record<string, string>): Promise<Answer> =>
    await room.call("GET", path, undefined, headers);

  before(async () => {
    room = await openAasRoom();
    for (const submodel of environment.submodels)
      expect((await room.call("POST", "/submodels", submodel)).status).to.equal(201);
    for (const shell of environment.shells) expect((await room.call("POST", "/shells", shell)).status).to.equal(201);
  });
  after(async () => await room.close());

  it("every error has the envelope: messages with code, correlation id and a time in UTC", async () => {
    const wrong = ["/shells/xx=", `${sm(9)}`, `${sm(1)}/submodel-elements/1x`, "/nothing", "/shells?limit=0"];
    for (const path of wrong) {
      const { status, body } = await get(path);
      expect(status, path).to.be.within(400, 404);
      const messages = body.messages as unknown as Record<string, string>[];
      expect(messages.length).to.be.greaterThan(0);
      for (const { messageType, code = "", correlationId = "", timestamp } of messages) {
        expect([messageType, code.length <= 32, correlationId.length <= 128]).to.deep.equal(["Error", true, true]);
        expect(timestamp).to.match(/Z$/);
      }
    }
  });

  it("every paged read has paging_metadata, a default, and refuses limits that are none", async () => {
    const lists = [
      "/shells",
      "/shells/$reference",
      "/submodels",
      "/submodels/$path",
      `${aas(1)}/submodel-refs`,
      "/concept-descriptions",
    ];
    const below = ["", "/$metadata", "/$value", "/$reference", "/$path"].map(
      (tail) => `${sm(1)}/submodel-elements${tail}`,
    );
    for (const path of [...lists, ...below]) {
      for (const limit of ["0", "-1", "x", "1.5"])
        expect((await get(`${path}?limit=${limit}`)).status, path).to.equal(400);
      expect((await get(`${path}?cursor=not-ours`)).status, path).to.equal(400);
      const all = await get(path);
      expect(all.body.paging_metadata, path).to.deep.equal({});
    }
  });

  it("pages cover everything once, in one order", async () => {
    for (const path of ["/shells", "/submodels", "/submodels/$path", `${sm(1)}/submodel-elements`]) {
      const seen: unknown[] = [];
      let cursor = "";
      do {
        const page = await get(`${path}?limit=2${cursor}`);
        expect(items(page).length).to.be.within(1, 2);
        seen.push(...items(page));
        const next = page.body.paging_metadata?.cursor as unknown as string | undefined;
        cursor = next === undefined ? "" : `&cursor=${encodeURIComponent(next)}`;
      } while (cursor !== "");
      expect(seen, path).to.deep.equal(items(await get(path)));
    }
  });

  it("an identifier that is no base64url is 400 everywhere", async () => {
    const tails = [
      "",
      "/$value",
      "/$metadata",
      "/$path",
      "/$reference",
      "/submodel-elements",
      "/submodel-elements/Speed",
    ];
    const bad = "invalid-base64url=====";
    for (const tail of tails) expect((await get(`/submodels/${bad}${tail}`)).status, tail).to.equal(400);
    for (const tail of ["", "/asset-information", "/submodel-refs", `/submodels/${b64("urn:test:sm:1")}`]) {
      expect((await get(`/shells/${bad}${tail}`)).status, tail).to.equal(400);
    }
  });

  it("shells are found by idShort and by all of their asset identifiers", async () => {
    const link = (name: string, value: string): string => b64(JSON.stringify({ name, value }));
    const ids = async (query: string): Promise<unknown> => items(await get(`/shells?${query}`)).map(({ id }) => id);
    expect(await ids(`assetIds=${link("globalAssetId", "urn:test:asset:2")}`)).to.deep.equal(["urn:test:aas:2"]);
    const both = `${link("serial", "S-1")},${link("globalAssetId", "urn:test:asset:1")}`;
    expect(await ids(`assetIds=${both}`)).to.deep.equal(["urn:test:aas:1"]);
    expect(
      await ids(`assetIds=${link("serial", "S-1")}&assetIds=${link("globalAssetId", "urn:test:asset:2")}`),
    ).to.deep.equal([]);
    expect(await ids("idShort=Shell2")).to.deep.equal(["urn:test:aas:2"]);
    expect(await ids("idShort=does-not-exist")).to.deep.equal([]);
    for (const bad of ["assetIds=%%%", "assetIds=abc=", `assetIds=${b64('{"name":1}')}`, "idShort=%00"]) {
      expect((await get(`/shells?${bad}`)).status, bad).to.equal(400);
    }
    expect(items(await get(`/shells/$reference?assetIds=${both}`))).to.have.length(1);
  });

  it("submodels are found by semanticId, as a reference or by its value", async () => {
    const reference = JSON.stringify(testSubmodel(3).semanticId);
    for (const text of [reference, "urn:test:semantics:3"]) {
      expect(items(await get(`/submodels?semanticId=${b64(text)}`)).map(({ id }) => id)).to.deep.equal([
        "urn:test:sm:3",
      ]);
    }
  });

  it("level and extent: other words are 400, valid ones that mean nothing are ignored, constraints hold", async () => {
    const paths = [
      sm(1),
      `${sm(1)}/$value`,
      `${sm(1)}/submodel-elements/Speed`,
      `${sm(1)}/submodel-elements/Bearing/$value`,
    ];
    for (const path of paths) {
      for (const query of ["level=%23%23", "extent=%23%23"])
        expect((await get(`${path}?${query}`)).status, path).to.equal(400);
      expect((await get(`${path}?level=core&extent=withBlobValue`)).status, path).to.equal(200);
    }
    expect((await get(`${sm(1)}/$path?level=%23`)).status).to.equal(400);
    for (const query of ["$metadata?level=core", "$metadata?extent=withBlobValue", "$reference?level=deep"]) {
      expect((await get(`${sm(1)}/${query}`)).status, query).to.equal(400);
    }
  });

  it("blobs are left out unless asked for; core cuts below the first level", async () => {
    const blob = `${sm(1)}/submodel-elements/Picture`;
    expect((await get(blob)).body).not.to.have.property("value");
    expect((await get(`${blob}?extent=withBlobValue`)).body.value).to.equal("iVBORw0KGgo=");
    const core = (await get(`${sm(1)}/$value?level=core`)).body;
    expect(core).to.deep.include({ Speed: 1450, Bearing: {}, Phases: [] });
    expect((await get(`${sm(1)}?level=core`)).text).not.to.contain("Temperature");
  });

  it("paths: one flat list, list items by index; only containers have them", async () => {
    const paths = (await get(`${sm(1)}/$path`)).body as unknown as string[];
    expect(paths).to.include.members(["Speed", "Phases[1].Current", "Drives.Since", "Motor.Power"]);
    for (const name of ["Bearing", "Phases", "Motor"]) {
      expect((await get(`${sm(1)}/submodel-elements/${name}/$path`)).status, name).to.equal(200);
    }
    for (const name of ["Speed", "Drives", "Reset"]) {
      expect((await get(`${sm(1)}/submodel-elements/${name}/$path`)).status, name).to.equal(400);
    }
    for (const name of ["Pumping", "Reset"]) {
      for (const content of ["$metadata", "$value"]) {
        expect((await get(`${sm(1)}/submodel-elements/${name}/${content}`)).status, name).to.equal(400);
      }
    }
  });

  it("list items arrive percent-encoded, and trailing slashes mean nothing", async () => {
    const item = `${sm(1)}/submodel-elements/Phases%5B1%5D.Current`;
    expect((await get(`${item}/$value`)).text).to.equal("3.5");
    const keys = (await get(`${item}/$reference`)).body.keys as unknown as { type: string; value: string }[];
    expect(keys.map(({ type, value }) => `${type} ${value}`)).to.deep.equal([
      "Submodel urn:test:sm:1",
      "SubmodelElementList Phases",
      "SubmodelElementCollection 1",
      "Property Current",
    ]);
    expect((await get(`${aas(1)}/`)).status).to.equal(200);
    expect((await get(`${aas(1)}${sm(1)}/`)).status).to.equal(200);
  });

  it("the tree lies under the shell too, for submodels that it refers to", async () => {
    for (const tail of [
      "",
      "/$value",
      "/$metadata",
      "/$path",
      "/submodel-elements",
      "/submodel-elements/Motor.Power/$value",
    ]) {
      expect((await get(`${aas(1)}${sm(1)}${tail}`)).text, tail).to.equal((await get(`${sm(1)}${tail}`)).text);
    }
    expect((await get(`${aas(1)}${sm(3)}`)).status).to.equal(404);
    expect((await get(`${aas(9)}${sm(1)}`)).status).to.equal(404);
  });

  it("a GET with a content type and no body is answered", async () => {
    expect((await get("/shells", { "content-type": "application/json" })).status).to.equal(200);
  });

  it("tenants are chosen by the path; one that is not there is 404", async () => {
    const origin = room.base.replace("/api/v3.1", "");
    expect((await get(`${origin}/tenants/default/api/v3.1/shells`)).status).to.equal(200);
    expect((await get(`${origin}/tenants/other/api/v3.1/shells`)).status).to.equal(404);
  });

  it("the served OpenAPI describes every operation", async () => {
    const { body } = await get("/openapi.json");
    const described = Object.values(body.paths ?? {}).flatMap((path) => Object.keys(path ?? {}));
    expect(described).to.have.length(room.surface.operations.length);
    expect(body.paths?.["/submodels"]?.get?.operationId).to.equal("GetAllSubmodels");
  });
});
