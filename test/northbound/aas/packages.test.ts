import { expect } from "chai";
import { packageParts, rawZip } from "../../aas/support/raw-zip.ts";
import { type AasRoom, type Answer, b64, openAasRoom } from "./aas-room.ts";
import { type FilePart, formOf, sendForm } from "./send-form.ts";

const type = "application/asset-administration-shell-package";

describe("The AASX file server", () => {
  let room: AasRoom;
  beforeEach(async () => {
    room = await openAasRoom();
  });
  afterEach(() => room.close());

  const post = (
    content: FilePart["content"],
    fields: Readonly<Record<string, string | readonly string[]>> = {},
  ): Promise<Answer> => sendForm(room, "POST", "/packages", formOf({ content, name: "part.aasx", type }, fields));
  const idOf = ({ body }: Answer): string => String(body.packageId);
  const listed = async (query = ""): Promise<unknown> => (await room.call("GET", `/packages${query}`)).body.result;

  it("keeps packages as they come and gives them back", async () => {
    const made = await post("PK one", { fileName: "Pumpe Ä.aasx", aasIds: ["urn:a", "urn:b"] });
    expect(made.status).to.equal(201);
    const packageId = idOf(made);
    expect(made.body).to.deep.equal({ packageId, aasIds: ["urn:a", "urn:b"] });
    const location = made.headers.get("location") ?? "";
    expect(location).to.equal(`${room.base}/packages/${b64(packageId)}`);
    const got = await room.call("GET", location);
    expect([got.status, got.text]).to.deep.equal([200, "PK one"]);
    expect(Object.fromEntries(got.headers)).to.include({
      "content-type": type,
      "content-length": "6",
      "x-filename": "Pumpe %C3%84.aasx",
      "content-disposition": "attachment; filename=\"Pumpe _.aasx\"; filename*=UTF-8''Pumpe%20%C3%84.aasx",
    });
    const part = await room.call("GET", location, undefined, { range: "bytes=3-" });
    expect([part.status, part.text]).to.deep.equal([206, "one"]);
  });

  it("lists them by pages and by a shell in them", async () => {
    const ids: string[] = [];
    const forms = [["urn:a"], ["urn:b"], ["urn:a", "urn:b"], '["urn:c","urn:d,e"]', "urn:f, urn:g"];
    for (const aasIds of forms) ids.push(idOf(await post(`PK ${ids.length}`, { aasIds })));
    const described = (index: number, ...aasIds: readonly string[]) => ({ packageId: ids[index], aasIds });
    const all = [
      described(0, "urn:a"),
      described(1, "urn:b"),
      described(2, "urn:a", "urn:b"),
      described(3, "urn:c", "urn:d,e"),
      described(4, "urn:f", "urn:g"),
    ];
    expect(await listed()).to.deep.equal(all);
    expect(await listed(`?aasId=${b64("urn:a")}`)).to.deep.equal([all[0], all[2]]);
    expect(await listed(`?aasId=${b64("urn:none")}`)).to.deep.equal([]);
    const first = await room.call("GET", "/packages?limit=2");
    const cursor = String(first.body.paging_metadata?.cursor);
    expect(await listed(`?limit=9&cursor=${cursor}`)).to.deep.equal(all.slice(2));
    expect((await room.call("GET", "/packages?aasId=~")).status).to.equal(400);
    expect((await room.call("GET", "/packages?limit=0")).status).to.equal(400);
  });

  it("looks for the shells in a package where its sender does not name them", async () => {
    const shells = ["urn:a", "urn:b"].map((id) => ({ modelType: "AssetAdministrationShell", id }));
    const data = JSON.stringify({ assetAdministrationShells: shells });
    const archive = rawZip([...packageParts(["/aasx/data.json"]), { name: "aasx/data.json", data }]);
    const made = await post(new Uint8Array(archive));
    expect([made.status, made.body.aasIds]).to.deep.equal([201, ["urn:a", "urn:b"]]);
    const { headers } = await room.call("GET", made.headers.get("location") ?? "");
    expect(headers.get("content-length")).to.equal(String(archive.length));
    const none = await post("no archive");
    expect([none.status, await listed()]).to.deep.equal([400, [made.body]]);
    expect((await post("no archive", { aasIds: "urn:a" })).status).to.equal(201);
  });

  it("replaces and creates by PUT, on condition", async () => {
    const put = (id: string, content: string, fields = {}, headers: Record<string, string> = {}): Promise<Answer> =>
      sendForm(room, "PUT", `/packages/${b64(id)}`, formOf({ content, name: "a.aasx" }, fields), headers);
    const made = await put("my package", "one", { aasIds: "urn:a" });
    expect([made.status, made.body]).to.deep.equal([201, { packageId: "my package", aasIds: ["urn:a"] }]);
    expect(made.headers.get("location")).to.equal(`${room.base}/packages/${b64("my package")}`);
    const location = `/packages/${b64("my package")}`;
    const tag = (await room.call("GET", location)).headers.get("etag") ?? "";
    expect(
      (await put("my package", "two", { fileName: "b.aasx", aasIds: "urn:b" }, { "if-match": tag })).status,
    ).to.equal(204);
    expect((await put("my package", "three", { aasIds: "urn:a" }, { "if-match": tag })).status).to.equal(412);
    expect((await put("my package", "three", { aasIds: "urn:a" }, { "if-none-match": "*" })).status).to.equal(412);
    const got = await room.call("GET", location);
    expect([got.text, got.headers.get("x-filename")]).to.deep.equal(["two", "b.aasx"]);
    expect(await room.store.documents.files("package", "my package")).to.have.length(1);
    expect(await listed(`?aasId=${b64("urn:a")}`)).to.deep.equal([]);
    expect((await put("x".repeat(129), "one")).status).to.equal(400);
  });

  it("deletes", async () => {
    const location = (await post("PK", { aasIds: "urn:a" })).headers.get("location") ?? "";
    expect((await room.call("DELETE", location, undefined, { "if-match": '"0"' })).status).to.equal(412);
    expect((await room.call("DELETE", location)).status).to.equal(204);
    expect((await room.call("DELETE", location)).status).to.equal(404);
    expect((await room.call("GET", location)).status).to.equal(404);
    expect(await listed()).to.deep.equal([]);
  });

  it("refuses what is no form with a package in it", async () => {
    const json = await room.call("POST", "/packages", { packageId: "x" });
    expect([json.status, json.body.messages?.[0]?.code]).to.deep.equal([415, "415"]);
    const form = new FormData();
    form.append("aasIds", "urn:a");
    expect((await sendForm(room, "POST", "/packages", form)).status).to.equal(400);
    for (const aasIds of ["[broken", '["a", 1]', '[["a"]]', "x".repeat(2_049), "[{}]"]) {
      expect((await post("PK", { aasIds })).status, aasIds.slice(0, 20)).to.equal(400);
    }
    expect(await listed()).to.deep.equal([]);
  });

  it("is claimed by /description", async () => {
    const { profiles } = (await room.call("GET", "/description")).body;
    const name = "AasxFileServerServiceSpecification/SSP-001";
    expect(profiles)
      .to.include(`https://admin-shell.io/aas/API/3/1/${name}`)
      .and.include(`https://admin-shell.io/aas/API/3/0/${name}`);
  });
});
