import { expect } from "chai";
import { officialSchemas } from "../../aas/registry/official-schemas.ts";
import { type AasRoom, type Answer, b64, openAasRoom } from "./aas-room.ts";
import { environment } from "./all-elements.ts";

const at = (id: string): string => `/lookup/shells/${b64(id)}`;
const link = (name: string, value: string): string => b64(JSON.stringify({ name, value }));
const found = ({ body }: Answer): unknown => body.result;

describe("discovery", () => {
  let room: AasRoom;
  const get = (path: string): Promise<Answer> => room.call("GET", path);
  const search = (links: unknown, query = ""): Promise<Answer> =>
    room.call("POST", `/lookup/shellsByAssetLink${query}`, links);
  const judge = officialSchemas();

  before(async () => {
    room = await openAasRoom();
    for (const shell of environment.shells) await room.call("POST", "/shells", shell);
  });
  after(async () => await room.close());

  it("finds shells of the repository without anybody posting links", async () => {
    const both = [
      { name: "globalAssetId", value: "urn:test:asset:1" },
      { name: "serial", value: "S-1" },
    ];
    expect(found(await search(both))).to.deep.equal(["urn:test:aas:1"]);
    expect(found(await search([both[0], { name: "serial", value: "S-2" }]))).to.deep.equal([]);
    const query = both.map(({ name, value }) => `assetIds=${link(name, value)}`).join("&");
    expect(found(await get(`/lookup/shells?${query}`))).to.deep.equal(["urn:test:aas:1"]);
    expect(found(await search([]))).to.deep.equal(environment.shells.map(({ id }) => id));
    const links = (await get(at("urn:test:aas:1"))).body as unknown as readonly object[];
    expect(links[0]).to.deep.equal(both[0]);
    expect(links[1]).to.include(both[1]);
    for (const one of links) expect(judge?.("SpecificAssetId", one) ?? []).to.deep.equal([]);
    expect((await room.call("POST", at("urn:test:aas:1"), both)).status).to.equal(409);
    expect((await room.call("DELETE", at("urn:test:aas:1"))).status).to.equal(409);
  });

  it("keeps the links of shells that live elsewhere", async () => {
    const id = "urn:elsewhere:aas:1";
    expect((await get(at(id))).status).to.equal(404);
    const links = [
      { name: "globalAssetId", value: "urn:elsewhere:asset:1" },
      { name: "serial", value: "S-1" },
    ];
    const made = await room.call("POST", at(id), links);
    expect([made.status, made.body]).to.deep.equal([201, links]);
    expect((await get(at(id))).body).to.deep.equal(links);
    const [first] = environment.shells;
    expect(found(await search([links[1]]))).to.deep.equal([first?.id, id]);
    const page = await search([links[1]], "?limit=1");
    expect(found(page)).to.deep.equal([first?.id]);
    const cursor = page.body.paging_metadata?.cursor as unknown as string;
    expect(found(await search([links[1]], `?limit=1&cursor=${cursor}`))).to.deep.equal([id]);
    expect((await room.call("POST", at(id), [links[0]])).status).to.equal(201);
    expect(found(await search([links[1]]))).to.deep.equal([first?.id]);
    expect((await room.call("DELETE", at(id))).status).to.equal(204);
    expect((await room.call("DELETE", at(id))).status).to.equal(404);
    expect(found(await search([links[0]]))).to.deep.equal([]);
  });

  it("a global asset id has no meaning of its own, no subject and no twin", async () => {
    const id = "urn:elsewhere:aas:2";
    const semanticId = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:x" }] };
    const made = await room.call("POST", at(id), [{ name: "globalAssetId", value: "urn:a", semanticId }]);
    expect(made.body).to.deep.equal([{ name: "globalAssetId", value: "urn:a" }]);
    const global = { name: "globalAssetId", value: "urn:b" };
    const wrong = await room.call("POST", at(id), [{ ...global, externalSubjectId: semanticId }, global]);
    expect(wrong.status).to.equal(400);
    expect(wrong.text).to.contain("/0/externalSubjectId").and.to.contain("AASd-116").and.to.contain("/1:");
    await room.call("DELETE", at(id));
  });

  it("refuses searches that are none", async () => {
    for (const body of [
      {},
      "x",
      [1],
      [{ name: "a" }],
      [{ name: "a", value: 1 }],
      [{ name: "a", value: "b", more: 1 }],
    ]) {
      expect((await search(body)).status, JSON.stringify(body)).to.equal(400);
    }
    const many = Array.from({ length: 101 }, (_, index) => ({ name: "serial", value: `${index}` }));
    expect((await search(many)).status).to.equal(400);
    for (const query of ["assetIds=%%", `assetIds=${b64("{}")}`, "limit=0", "cursor=x"]) {
      expect((await get(`/lookup/shells?${query}`)).status, query).to.equal(400);
    }
  });
});
