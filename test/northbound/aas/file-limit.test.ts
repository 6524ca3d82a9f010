import { expect } from "chai";
import { silentLogger } from "../../../src/core/logger.ts";
import { createAasSurface } from "../../../src/northbound/aas/aas-surface.ts";
import { createHttpServer, type HttpServer } from "../../../src/northbound/operation.ts";
import { b64 } from "./aas-room.ts";
import { type ManualsRoom, openManualsRoom, submodel } from "./manuals-room.ts";
import { formOf, sendForm } from "./send-form.ts";

const limit = 600_000;

describe("The limit of an upload", () => {
  let room: ManualsRoom;
  let server: HttpServer;
  let url: string;
  before(async () => {
    room = await openManualsRoom();
    server = await createHttpServer({
      surfaces: [createAasSurface({ services: () => room.services, fileLimit: limit })],
      host: "127.0.0.1",
      port: 0,
      hosts: { hosts: new Set(["127.0.0.1"]), origins: new Set() },
      baseUrl: {},
      authenticate: () => ({ name: "test", rights: ["admin"] }),
      log: silentLogger,
    });
    url = `${server.url}/api/v3.1/submodels/${b64(submodel)}/submodel-elements/Manual/attachment`;
  });
  after(async () => {
    await server.close(100);
    await room.close();
  });

  it("is one for the file, whatever surrounds it", async () => {
    const put = (size: number, fields = {}) =>
      sendForm(room, "PUT", url, formOf({ content: "a".repeat(size) }, fields));
    expect((await put(limit, { more: ["b".repeat(8_000), "c".repeat(8_000)] })).status).to.equal(204);
    const larger = await put(limit + 1);
    expect([larger.status, larger.body.messages?.[0]?.text]).to.deep.equal([
      413,
      `a file may have ${limit} bytes; this one has more`,
    ]);
    expect((await room.call("GET", url)).headers.get("content-length")).to.equal(String(limit));
  });

  it("refuses at once what declares to be larger, and at the limit what does not say", async () => {
    const boundary = "multipart/form-data; boundary=x";
    const declared = await sendForm(room, "PUT", url, formOf({ content: "a".repeat(2_000_000) }));
    expect(declared.status).to.equal(413);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
        controller.enqueue(new TextEncoder().encode(sent === 0 ? head : "a".repeat(65_536)));
        sent += 1;
        if (sent > 100) controller.close();
      },
    });
    const answer = await fetch(url, { method: "PUT", headers: { "content-type": boundary }, body, duplex: "half" });
    expect(answer.status).to.equal(413);
    expect(await answer.json()).to.have.property("messages");
  });
});
