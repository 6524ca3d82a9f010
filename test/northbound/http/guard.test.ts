import { connect } from "node:net";
import { expect } from "chai";
import { Secret } from "../../../src/core/secret.ts";
import { hostPolicy } from "../../../src/northbound/host-guard.ts";
import { createApiKey } from "../../../src/security/api-keys.ts";
import { ask, startTestServer } from "./test-server.ts";

const UI = "https://ui.example.org";

describe("HTTP: Host, Origin, CORS and API keys", () => {
  const reader = createApiKey();
  let server: Awaited<ReturnType<typeof startTestServer>>;
  before(async () => {
    server = await startTestServer({
      origins: [UI],
      allowed: ["*.plant.example", "Hub.Example"],
      baseUrl: { configured: "https://twins.example.org/hub/" },
      keys: [
        { name: "reader", hash: reader.hash, rights: ["read"], tenants: ["default", "north"] },
        { name: "writer", key: new Secret("write-0123456789abcdef"), rights: ["write"] },
      ],
    });
  });
  after(() => server.close());
  const call = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    ask(server.port, path, { headers: { "x-api-key": reader.key, ...headers }, method });

  it("refuses a request with two Hosts (RFC 9112, 3.2)", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).to.match(/^HTTP\/1\.1 400 /);
  });

  for (const [host, taken] of [
    ["127.0.0.1", true],
    ["localhost:80", true],
    ["LOCALHOST", true],
    ["[::1]:8080", true],
    ["twins.example.org", true],
    ["hub.example:443", true],
    ["a.b.plant.example", true],
    ["plant.example", false],
    ["evilplant.example", false],
    ["127.0.0.1.evil.example", false],
    ["evil.example:8080", false],
    ["10.0.0.5", false],
  ] as const) {
    it(`Host "${host}" is ${taken ? "taken" : "refused"}`, async () => {
      expect((await call("/api/v1/short", { host })).status).to.equal(taken ? 200 : 403);
    });
  }

  it("takes any address, but no further name, where the hub listens on all of them", async () => {
    const wide = await startTestServer({ hosts: hostPolicy("0.0.0.0", undefined, [], []) });
    const status = async (host: string) => (await ask(wide.port, "/api/v1/short", { headers: { host } })).status;
    expect(await status("10.0.0.5:8080")).to.equal(200);
    expect(await status("[fe80::1]:8080")).to.equal(200);
    expect(await status("evil.example")).to.equal(403);
    await wide.close();
  });

  for (const [origin, status] of [
    ["https://twins.example.org", 200],
    [UI, 200],
    ["null", 403],
    ["https://evil.example", 403],
    ["http://twins.example.org", 403],
    [`${UI}.evil.example`, 403],
  ] as const) {
    it(`Origin ${origin} is ${status}`, async () => {
      const answer = await call("/api/v1/short", { origin });
      expect(answer.status).to.equal(status);
      expect(answer.headers["access-control-allow-origin"]).to.equal(origin === UI ? UI : undefined);
      expect(answer.headers.vary).to.match(/\borigin\b/);
    });
  }

  it("is the same origin for a page that the hub itself served", async () => {
    const answer = await call("/api/v1/short", { origin: server.url, host: `127.0.0.1:${server.port}` });
    expect(answer.status).to.equal(200);
  });

  it("answers a preflight without a key, and tells the page why it was refused afterwards", async () => {
    const asks = {
      origin: UI,
      "access-control-request-method": "DELETE",
      "access-control-request-headers": "x-api-key",
    };
    const preflight = await ask(server.port, "/api/v1/items/1", { method: "OPTIONS", headers: asks });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers).to.include({
      "access-control-allow-origin": UI,
      "access-control-allow-methods": "GET, DELETE, HEAD, OPTIONS",
      "access-control-allow-headers": "x-api-key",
    });
    const refused = await ask(server.port, "/api/v1/short", { headers: { origin: UI } });
    expect(refused.status).to.equal(401);
    expect(refused.headers).to.include({
      "access-control-allow-origin": UI,
      "www-authenticate": 'Bearer realm="twinweave"',
    });
    const foreign = { ...asks, origin: "https://evil.example" };
    expect((await ask(server.port, "/api/v1/items/1", { method: "OPTIONS", headers: foreign })).status).to.equal(403);
  });

  it("knows keys by bearer token and X-API-Key, and who asks by them", async () => {
    for (const headers of [
      { authorization: `Bearer ${reader.key}` },
      { authorization: `bearer  ${reader.key} ` },
      { "x-api-key": reader.key },
    ]) {
      const { body } = await ask(server.port, "/api/v1/who", { headers: headers as Record<string, string> });
      expect(JSON.parse(body.toString())).to.include({ name: "reader", tenant: "default" });
    }
    for (const headers of [
      {},
      { "x-api-key": "wrong" },
      { authorization: "Basic eDp5" },
      { "x-api-key": reader.hash },
    ]) {
      const answer = await ask(server.port, "/api/v1/who", { headers: headers as Record<string, string> });
      expect(answer.status).to.equal(401);
      expect(answer.body.toString()).not.to.match(/wrong|eDp5|sha256:/);
    }
  });

  it("asks nobody who may ask without a key", async () => {
    expect((await ask(server.port, "/api/v1/open")).status).to.equal(200);
  });

  it("holds a key to its rights and tenants; a key is never in a log", async () => {
    expect((await call("/api/v1/items/1", {}, "DELETE")).status).to.equal(403);
    const writer = { "x-api-key": "write-0123456789abcdef" };
    expect((await call("/api/v1/items/1", writer, "DELETE")).status).to.equal(204);
    expect((await call("/api/v1/short", writer)).status).to.equal(200);
    expect((await call("/tenants/north/api/v1/short")).status).to.equal(200);
    expect((await call("/tenants/south/api/v1/short")).status).to.equal(403);
    expect((await call("/api/v1/short", { "x-tenant": "south" })).status).to.equal(403);
    await call("/api/v1/fails");
    expect(JSON.stringify(server.logged)).not.to.contain(reader.key).and.not.to.contain("write-0123");
  });
});
