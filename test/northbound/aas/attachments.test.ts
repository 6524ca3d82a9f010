import { createHash } from "node:crypto";
import { expect } from "chai";
import { b64 } from "./aas-room.ts";
import { at, attachment, type ManualsRoom, openManualsRoom, submodel } from "./manuals-room.ts";
import { type FilePart, formOf } from "./send-form.ts";

const digestOf = (content: string): string => createHash("sha256").update(content).digest("hex");

describe("Attachments", () => {
  let room: ManualsRoom;
  beforeEach(async () => {
    room = await openManualsRoom();
  });
  afterEach(() => room.close());

  it("are uploaded and read back with name, type, length and tag", async () => {
    const put = await room.upload(
      "Manual",
      { content: "%PDF-1.7", name: "ignored.bin", type: "application/pdf" },
      "Pump A.pdf",
    );
    expect([put.status, put.text]).to.deep.equal([204, ""]);
    const element = await room.call("GET", at("Manual"));
    expect(element.body).to.include({ value: "/aasx/files/Pump%20A.pdf", contentType: "application/pdf" });
    const got = await room.call("GET", attachment("Manual"));
    expect([got.status, got.text]).to.deep.equal([200, "%PDF-1.7"]);
    expect(Object.fromEntries(got.headers)).to.include({
      "content-type": "application/pdf",
      "content-length": "8",
      "content-disposition": 'attachment; filename="Pump A.pdf"',
      etag: `"${digestOf("%PDF-1.7")}"`,
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
    });
    const head = await room.call("HEAD", attachment("Manual"));
    expect([head.status, head.text, head.headers.get("content-length")]).to.deep.equal([200, "", "8"]);
    const known = await room.call("GET", attachment("Manual"), undefined, {
      "if-none-match": got.headers.get("etag") ?? "",
    });
    expect([known.status, known.text]).to.deep.equal([304, ""]);
  });

  it("hang under every root of a submodel, in both editions", async () => {
    const shell = "urn:test:shell";
    const reference = { type: "ModelReference", keys: [{ type: "Submodel", value: submodel }] };
    const assetInformation = { assetKind: "Instance", globalAssetId: "urn:asset" };
    const made = { modelType: "AssetAdministrationShell", id: shell, assetInformation, submodels: [reference] };
    expect((await room.call("POST", "/shells", made)).status).to.equal(201);
    const path = "submodel-elements/Manual/attachment";
    const roots = [
      `${room.base}/submodels/${b64(submodel)}`,
      `${room.base}/shells/${b64(shell)}/submodels/${b64(submodel)}`,
      `${room.base}/aas/submodels/${b64(submodel)}`,
      `${room.base}/submodel`,
      `${room.base30}/submodels/${b64(submodel)}`,
    ];
    for (const [index, root] of roots.entries()) {
      const body = formOf({ content: `content ${index}`, name: "a.pdf", type: "application/pdf" });
      expect((await fetch(`${root}/${path}`, { method: "PUT", body })).status, root).to.equal(204);
      expect((await room.call("GET", `${root}/${path}`)).text).to.equal(`content ${index}`);
    }
    for (const root of roots) {
      expect((await room.call("DELETE", `${root}/${path}`)).status, root).to.equal(200);
      expect((await room.call("GET", `${root}/${path}`)).status).to.equal(404);
      await room.upload("Manual", { content: "again" });
    }
  });

  it("are read in part", async () => {
    await room.upload("Manual", { content: "0123456789", type: "text/plain" });
    const part = async (range: string, more: Record<string, string> = {}) => {
      const { status, text, headers } = await room.call("GET", attachment("Manual"), undefined, { range, ...more });
      return [status, text, headers.get("content-range"), headers.get("content-length")];
    };
    expect(await part("bytes=2-4")).to.deep.equal([206, "234", "bytes 2-4/10", "3"]);
    expect(await part("bytes=8-")).to.deep.equal([206, "89", "bytes 8-9/10", "2"]);
    expect(await part("bytes=-3")).to.deep.equal([206, "789", "bytes 7-9/10", "3"]);
    expect(await part("bytes=5-99")).to.deep.equal([206, "56789", "bytes 5-9/10", "5"]);
    for (const passedOver of ["bytes=0-1,3-4", "lines=1-2", "bytes=4-2", "bytes=-"]) {
      expect((await part(passedOver)).slice(0, 2), passedOver).to.deep.equal([200, "0123456789"]);
    }
    const tag = `"${digestOf("0123456789")}"`;
    expect((await part("bytes=0-0", { "if-range": tag }))[0]).to.equal(206);
    expect((await part("bytes=0-0", { "if-range": '"other"' }))[0]).to.equal(200);
    const beyond = await room.call("GET", attachment("Manual"), undefined, { range: "bytes=10-" });
    expect([beyond.status, beyond.headers.get("content-range")]).to.deep.equal([416, "bytes */10"]);
    expect(beyond.body.messages).to.have.length(1);
    const head = await room.call("HEAD", attachment("Manual"), undefined, { range: "bytes=2-4" });
    expect([head.status, head.headers.get("content-length")]).to.deep.equal([206, "3"]);
  });

  it("are given the type that their part says, else that of their name", async () => {
    const typeOf = async (file: FilePart, fileName?: string): Promise<unknown> => {
      await room.upload("Drawing", file, fileName);
      const { contentType } = (await room.call("GET", at("Drawing"))).body;
      expect((await room.call("GET", attachment("Drawing"))).headers.get("content-type")).to.equal(contentType);
      return contentType;
    };
    expect(await typeOf({ content: "a", name: "a.bin", type: "model/step" })).to.equal("model/step");
    expect(await typeOf({ content: "a", name: "a.STP", type: "application/octet-stream" })).to.equal("model/step");
    expect(await typeOf({ content: "a", name: "x", type: "application/octet-stream" }, "a.csv")).to.equal("text/csv");
    expect(await typeOf({ content: "a", name: "a.constructor" })).to.equal("application/octet-stream");
  });

  it("have names that lead nowhere, whatever their sender says", async () => {
    const named = async (fileName: string): Promise<unknown> => {
      expect((await room.upload("Drawing", { content: fileName }, fileName)).status, fileName).to.equal(204);
      return await room.fileOf("Drawing");
    };
    expect(await named("../../etc/passwd")).to.equal("/aasx/files/passwd");
    expect(await named("C:\\Temp\\..\\a.txt")).to.equal("/aasx/files/a.txt");
    expect(await named("..")).to.equal("/aasx/files/file");
    expect(await named("a\u0000b\r\nX: y\u202Efdp.exe")).to.equal("/aasx/files/abX_%20yfdp.exe");
    expect(await named("Rohr Ø 20%.pdf")).to.equal("/aasx/files/Rohr%20%C3%98%2020%25.pdf");
    const { headers } = await room.call("GET", attachment("Drawing"));
    expect(headers.get("content-disposition")).to.equal(
      "attachment; filename=\"Rohr _ 20_.pdf\"; filename*=UTF-8''Rohr%20%C3%98%2020%25.pdf",
    );
    expect(String(await named(`${"ü".repeat(500)}.pdf`))).to.match(/^\/aasx\/files\/(%C3%BC){196}\.pdf$/);
  });

  it("are changed on condition, of the file or of the submodel", async () => {
    await room.upload("Manual", { content: "one" });
    const tag = (await room.call("GET", attachment("Manual"))).headers.get("etag") ?? "";
    const put = async (content: string, condition: Record<string, string>): Promise<number> =>
      (await room.upload("Manual", { content }, undefined, condition)).status;
    expect(await put("two", { "if-match": '"other"' })).to.equal(412);
    expect(await put("two", { "if-none-match": "*" })).to.equal(412);
    expect(await put("two", { "if-match": tag })).to.equal(204);
    expect(await put("three", { "if-match": tag })).to.equal(412);
    expect((await room.call("DELETE", attachment("Manual"), undefined, { "if-match": tag })).status).to.equal(412);
    const version = (await room.call("GET", at("Manual"))).headers.get("etag") ?? "";
    expect(await put("three", { "if-match": version })).to.equal(204);
    expect(await put("four", { "if-match": version })).to.equal(412);
    expect(await put("four", { "if-match": "*" })).to.equal(204);
    expect((await room.upload("Drawing", { content: "a" }, undefined, { "if-match": "*" })).status).to.equal(412);
    expect((await room.upload("Drawing", { content: "a" }, undefined, { "if-none-match": "*" })).status).to.equal(204);
    expect((await room.call("GET", attachment("Manual"))).text).to.equal("four");
  });

  it("are of File elements alone, and of those that have one", async () => {
    const statusAndText = async (method: string, path: string): Promise<readonly unknown[]> => {
      const { status, body } = await (method === "PUT"
        ? room.upload(path, { content: "x" })
        : room.call(method, attachment(path)));
      return [status, body.messages?.[0]?.text];
    };
    for (const method of ["GET", "PUT", "DELETE"]) {
      const [blob, why] = await statusAndText(method, "Small");
      expect([blob, String(why)], method).to.deep.equal([
        405,
        "idShortPath: Small is no File: a Blob holds its content in its own value; expected the path of a File element",
      ]);
      expect((await statusAndText(method, "Serial"))[0]).to.equal(405);
      expect((await statusAndText(method, "Nothing"))[0]).to.equal(404);
      expect((await statusAndText(method, "..%2F"))[0]).to.equal(400);
    }
    expect(await statusAndText("GET", "Manual")).to.deep.equal([404, "Manual has no file"]);
    expect(await statusAndText("GET", "Elsewhere")).to.deep.equal([
      404,
      'Elsewhere names "https://example.org/manual.pdf", which is elsewhere: get it there',
    ]);
    expect(await statusAndText("GET", "Promised")).to.deep.equal([
      404,
      'Promised names "/aasx/files/promised.pdf", of which the hub has no content',
    ]);
    expect((await room.unnamed("Promised", "kept")).status).to.equal(204);
    expect(await room.fileOf("Promised")).to.equal("/aasx/files/promised.pdf");
  });

  it("come as a form with one file; what is none is refused and leaves nothing", async () => {
    const form = (build: (form: FormData) => void): FormData => {
      const made = new FormData();
      build(made);
      return made;
    };
    const refused: readonly (readonly [number, FormData | string, Record<string, string>])[] = [
      [415, "%PDF", { "content-type": "application/pdf" }],
      [415, "{}", { "content-type": "application/json" }],
      [400, "--x", { "content-type": "multipart/form-data" }],
      [400, "--x\r\nbroken", { "content-type": "multipart/form-data; boundary=x" }],
      [400, "", { "content-type": "multipart/form-data; boundary=x" }],
      [400, form((one) => one.append("fileName", "a.pdf")), {}],
      [400, form((one) => one.append("document", new Blob(["a"]), "a.pdf")), {}],
      [400, form((one) => ["a", "b"].map((name) => one.append("file", new Blob([name]), name))), {}],
      [400, form((one) => one.append("fileName", "a".repeat(10_000))), {}],
      [
        400,
        `--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ncut off`,
        { "content-type": "multipart/form-data; boundary=x" },
      ],
    ];
    for (const [status, body, headers] of refused) {
      const answer = await room.send(attachment("Manual"), body, headers);
      expect(answer.status, `${typeof body === "string" ? body : [...body.keys()].join()} ${answer.text}`).to.equal(
        status,
      );
      expect(answer.body.messages).to.have.length(1);
    }
    expect((await room.call("GET", attachment("Manual"))).status).to.equal(404);
    expect(await room.namesOf()).to.deep.equal([]);
  });
});
