import { expect } from "chai";
import { type AasRoom, b64, openAasRoom } from "./aas-room.ts";
import { type FilePart, formOf, sendForm } from "./send-form.ts";

const shell = "urn:test:shell";
const body = {
  modelType: "AssetAdministrationShell",
  id: shell,
  assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset" },
};
const path = `/shells/${b64(shell)}`;
const thumbnail = `${path}/asset-information/thumbnail`;

describe("Thumbnails", () => {
  let room: AasRoom;
  beforeEach(async () => {
    room = await openAasRoom();
    await room.call("POST", "/shells", body);
  });
  afterEach(() => room.close());

  const upload = async (file: FilePart, fileName = "pump.png", headers: Record<string, string> = {}): Promise<number> =>
    (await sendForm(room, "PUT", thumbnail, formOf(file, { fileName }), headers)).status;
  const shown = async (): Promise<unknown> =>
    (await room.call("GET", `${path}/asset-information`)).body.defaultThumbnail;
  const files = async (): Promise<readonly string[]> =>
    (await room.store.documents.files("shell", shell)).map(({ name }) => name);

  it("are set with their file, replaced, read and taken away", async () => {
    expect((await room.call("GET", thumbnail)).status).to.equal(404);
    expect((await room.call("DELETE", thumbnail)).status).to.equal(404);
    expect(await upload({ content: "one", type: "image/png" })).to.equal(204);
    expect(await shown()).to.deep.equal({ path: "/aasx/files/pump.png", contentType: "image/png" });
    expect(await upload({ content: "<svg/>" }, "pump.svg")).to.equal(204);
    expect(await shown()).to.deep.equal({ path: "/aasx/files/pump.svg", contentType: "image/svg+xml" });
    expect(await files()).to.deep.equal(["/aasx/files/pump.svg"]);
    const got = await room.call("GET", thumbnail);
    expect([got.status, got.text, got.headers.get("content-type")]).to.deep.equal([200, "<svg/>", "image/svg+xml"]);
    expect(got.headers.get("content-disposition")).to.equal('attachment; filename="pump.svg"');
    expect(got.headers.get("content-security-policy")).to.equal("default-src 'none'; sandbox");
    expect((await room.call("DELETE", thumbnail)).status).to.equal(204);
    expect([await shown(), await files()]).to.deep.equal([undefined, []]);
  });

  it("are served at /aas too", async () => {
    const aas = `${room.base}/aas/asset-information/thumbnail`;
    expect((await sendForm(room, "PUT", aas, formOf({ content: "x" }))).status).to.equal(204);
    expect((await room.call("GET", aas)).text).to.equal("x");
    expect((await room.call("GET", thumbnail)).text).to.equal("x");
    expect((await room.call("DELETE", aas)).status).to.equal(204);
  });

  it("go with the shell, and when it names another", async () => {
    await upload({ content: "one" });
    const { assetInformation } = body;
    const other = { ...assetInformation, defaultThumbnail: { path: "https://example.org/pump.png" } };
    expect((await room.call("PUT", `${path}/asset-information`, other)).status).to.equal(204);
    expect(await files()).to.deep.equal([]);
    const elsewhere = await room.call("GET", thumbnail);
    expect([elsewhere.status, elsewhere.body.messages?.[0]?.text]).to.deep.equal([
      404,
      'the shell\'s thumbnail names "https://example.org/pump.png", which is elsewhere: get it there',
    ]);
    await upload({ content: "two" });
    expect((await room.call("PUT", path, { ...body, idShort: "Pump" })).status).to.equal(204);
    expect(await files()).to.deep.equal([]);
    await upload({ content: "three" });
    expect((await room.call("DELETE", path)).status).to.equal(204);
    expect(await files()).to.deep.equal([]);
  });

  it("stay while the shell changes around them", async () => {
    await upload({ content: "one" });
    const reference = { type: "ModelReference", keys: [{ type: "Submodel", value: "urn:sm" }] };
    expect((await room.call("POST", `${path}/submodel-refs`, reference)).status).to.equal(201);
    expect((await room.call("GET", thumbnail)).text).to.equal("one");
  });

  it("are changed on condition", async () => {
    expect(await upload({ content: "one" }, undefined, { "if-match": "*" })).to.equal(412);
    expect(await upload({ content: "one" }, undefined, { "if-none-match": "*" })).to.equal(204);
    const tag = (await room.call("GET", thumbnail)).headers.get("etag") ?? "";
    expect(await upload({ content: "two" }, undefined, { "if-match": tag })).to.equal(204);
    expect(await upload({ content: "three" }, undefined, { "if-match": tag })).to.equal(412);
  });

  it("of what is not there are not found, before anything is sent", async () => {
    const none = `/shells/${b64("urn:none")}/asset-information/thumbnail`;
    const form = formOf({ content: "x" });
    const answers = [room.call("GET", none), sendForm(room, "PUT", none, form), room.call("DELETE", none)];
    expect((await Promise.all(answers)).map(({ status }) => status)).to.deep.equal([404, 404, 404]);
  });
});
