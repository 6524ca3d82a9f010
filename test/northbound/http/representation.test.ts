import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { acceptsGzip } from "../../../src/northbound/compression.ts";
import { ask, LONG, startTestServer } from "./test-server.ts";

describe("HTTP: representations, entity tags, HEAD and OPTIONS", () => {
  let server: Awaited<ReturnType<typeof startTestServer>>;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());
  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    ask(server.port, `/api/v1${path}`, { headers, method });

  it("compresses for who takes it, under an entity tag of its own and with Vary", async () => {
    const plain = await get("/long");
    const small = await get("/long", { "accept-encoding": "br, gzip;q=0.5" });
    expect(plain.body.toString()).to.equal(LONG);
    expect(gunzipSync(small.body).toString()).to.equal(LONG);
    expect(small.headers["content-encoding"]).to.equal("gzip");
    expect(small.headers["content-length"]).to.equal(String(small.body.length));
    expect(small.headers.etag).not.to.equal(plain.headers.etag);
    for (const { headers } of [plain, small]) expect(headers.vary).to.equal("Link, accept-encoding");
  });

  it("leaves short bodies and streams as they are", async () => {
    for (const path of ["/short", "/stream"]) {
      expect((await get(path, { "accept-encoding": "gzip" })).headers).not.to.have.property("content-encoding");
    }
    expect((await get("/stream")).headers["transfer-encoding"]).to.equal("chunked");
  });

  for (const [accept, takes] of [
    ["gzip", true],
    ["GZIP ; q=1", true],
    ["gzip;q=0", false],
    ["gzip;q=0, *", false],
    ["*", true],
    ["*;q=0", false],
    ["br, deflate", false],
    ["identity", false],
    ["gzip;q=nonsense", false],
    ["", false],
  ] as const) {
    it(`Accept-Encoding "${accept}" ${takes ? "takes" : "refuses"} gzip`, () => {
      expect(acceptsGzip(accept)).to.equal(takes);
    });
  }

  it("answers 304 with ETag, Vary and Cache-Control and without content, for either coding's tag", async () => {
    const plain = await get("/long");
    const small = await get("/long", { "accept-encoding": "gzip" });
    for (const etag of [plain.headers.etag, small.headers.etag] as string[]) {
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, `"a,b",W/${etag} , "c"`]) {
        const again = await get("/long", { "accept-encoding": "gzip", "if-none-match": known });
        expect(again.status, known).to.equal(304);
        expect(again.body.length).to.equal(0);
        expect(again.headers).to.include({ etag, vary: "Link, accept-encoding", "cache-control": "no-cache" });
        expect(again.headers).not.to.have.any.keys("content-type", "content-encoding", "content-length");
      }
    }
    expect((await get("/long", { "if-none-match": "*" })).status).to.equal(304);
    expect((await get("/long", { "if-none-match": '"other"' })).status).to.equal(200);
    expect((await get("/long", { "if-none-match": "other" })).status).to.equal(200);
  });

  it("keeps an operation's own tag, and takes it for reads alone", async () => {
    expect((await get("/tagged")).headers.etag).to.equal('"v1"');
    expect((await get("/tagged", { "accept-encoding": "gzip" })).headers.etag).to.equal('"v1-gzip"');
    expect((await get("/tagged", { "if-none-match": '"v1-gzip"' })).status).to.equal(304);
    const posted = await ask(server.port, "/api/v1/echo", {
      method: "POST",
      body: "x",
      headers: { "if-none-match": "*" },
    });
    expect(posted.status).to.equal(200);
    expect(posted.headers).not.to.have.property("etag");
  });

  it("gives HEAD the header fields of GET and nothing else", async () => {
    for (const path of ["/long", "/short", "/items/a%20b"]) {
      const [full, head] = [await get(path), await get(path, {}, "HEAD")];
      expect(head.status).to.equal(full.status);
      expect(head.body.length).to.equal(0);
      for (const name of ["etag", "content-type", "content-length", "vary", "cache-control"]) {
        expect(head.headers[name], name).to.equal(full.headers[name]);
      }
    }
    expect((await get("/stream", {}, "HEAD")).status).to.equal(200);
    expect((await get("/nothing", {}, "HEAD")).status).to.equal(404);
  });

  it("says by OPTIONS and 405 what is served", async () => {
    const options = await get("/items/1", {}, "OPTIONS");
    expect(options.status).to.equal(204);
    expect(options.headers.allow).to.equal("GET, DELETE, HEAD, OPTIONS");
    const refused = await get("/items/1", {}, "PROPFIND");
    expect(refused.status).to.equal(405);
    expect(refused.headers.allow).to.equal("GET, DELETE, HEAD, OPTIONS");
    expect((await get("/ignores", {}, "HEAD")).status).to.equal(405);
    expect((await get("/nothing", {}, "OPTIONS")).status).to.equal(404);
  });

  it("lets no browser guess a type", async () => {
    expect((await get("/short")).headers["x-content-type-options"]).to.equal("nosniff");
  });
});
