import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import { ask, operation, startTestServer, talk } from "./test-server.ts";

describe("HTTP: request targets, ids, errors and bodies", () => {
  let server: Awaited<ReturnType<typeof startTestServer>>;
  const held = Promise.withResolvers<AbortSignal>();
  before(async () => {
    server = await startTestServer({
      limits: { head: 300, request: 600 },
      extra: [
        operation("GET", "/held", async ({ scope }) => {
          held.resolve(scope.abort);
          await once(scope.abort, "abort");
          throw scope.abort.reason;
        }),
      ],
    });
  });
  after(() => server.close());
  const get = (path: string, headers: Record<string, string> = {}) => ask(server.port, path, { headers });
  const json = async (path: string) => JSON.parse((await get(path)).body.toString()) as Record<string, unknown>;

  it("says at a path that is none where the API is described", async () => {
    expect(JSON.stringify(await json("/api/v1"))).to.contain("/api/v1/openapi.json says what there is");
  });

  it("decodes parameters once, query and all", async () => {
    const seen = await json("/api/v1/items/urn%3Aa%2Fb%20c%252F?q=%C3%BC+x&y");
    expect(seen).to.include({ id: "urn:a/b c%2F", q: "ü x", baseUrl: server.api });
    expect(seen.url).to.equal("/api/v1/items/urn%3Aa%2Fb%20c%252F?q=%C3%BC+x&y");
  });

  for (const [path, status] of [
    ["/api/v1/short/", 200],
    ["/api/v0/short", 200],
    ["/api/v1/items/%E0%A4%A", 400],
    ["/api/v1/items/%ff", 400],
    ["/tenants/%ff/api/v1/short", 400],
    ["/api/v1/items/", 404],
    ["/api/v1/items//", 404],
    ["/api/v1//short", 404],
    ["//api/v1/short", 404],
    ["/api/v1/../v1/short", 404],
    ["/api/v1x/short", 404],
    ["/", 404],
    ["/%", 404],
    ["/..%2f..%2fetc%2fpasswd", 404],
    ["/api/v1/openapi.json", 200],
    [`/api/v1/items/${"x".repeat(9000)}`, 414],
  ] as const) {
    it(`${path.slice(0, 40)} is ${status}`, async () => {
      const answer = await get(path);
      expect(answer.status).to.equal(status);
      if (status !== 200)
        expect(JSON.parse(answer.body.toString())).to.have.keys(
          "type",
          "title",
          "status",
          "detail",
          "requestId",
          ...(path.includes("items/%") ? ["problems"] : []),
        );
    });
  }

  it("takes dots in a parameter as they are: they walk nowhere", async () => {
    expect(await json("/api/v1/items/..%2F..")).to.include({ id: "../.." });
  });

  it("takes a whole URL as target, and OPTIONS of the server", async () => {
    const whole = await talk(
      server.port,
      `GET http://127.0.0.1/api/v1/items/a HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n`,
    );
    expect(whole).to.match(/^HTTP\/1.1 200 /);
    const foreign = await talk(
      server.port,
      `GET http://evil.example/api/v1/items/a HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    );
    expect(foreign).to.match(/^HTTP\/1.1 403 /);
    const star = await talk(server.port, `OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    expect(star).to.match(/^HTTP\/1.1 404 [\s\S]*problem\+json/);
  });

  it("echoes a sane request id and makes one else", async () => {
    expect((await get("/api/v1/short", { "x-request-id": "abc-1:2" })).headers["x-request-id"]).to.equal("abc-1:2");
    const bad = (await get("/api/v1/short", { "x-request-id": "a b<script>" })).headers["x-request-id"];
    expect(bad).to.match(/^[0-9a-f-]{36}$/);
  });

  it("tells nothing of a failure that nobody foresaw, and logs it under the request's id", async () => {
    for (const path of ["/fails", "/broken-header"]) {
      const answer = await get(`/api/v1${path}`, { "x-request-id": `id${path.slice(1)}` }).catch(() => undefined);
      expect(answer?.body.toString() ?? "").not.to.match(/passwd|TypeError|\.ts/);
      expect(
        server.logged.some(({ fields }) => fields.includes(`id${path.slice(1)}`)),
        path,
      ).to.equal(true);
    }
  });

  it("says when to come again", async () => {
    const { status, headers } = await get("/api/v1/busy");
    expect([status, headers["retry-after"]]).to.deep.equal([503, "2"]);
  });

  it("answers a body over the bound with 413, declared or not, and the client reads it", async () => {
    for (const path of ["echo", "streamed"]) {
      const declared = await ask(server.port, `/api/v1/${path}`, { method: "POST", body: "x".repeat(2_000_000) });
      expect(declared.status, path).to.equal(413);
      expect(declared.headers.connection).to.equal("close");
      const chunked = await fetch(`${server.api}/${path}`, {
        method: "POST",
        body: new Blob(["x".repeat(300_000)]).stream(),
        duplex: "half",
      } as RequestInit);
      expect(chunked.status, path).to.equal(413);
    }
  });

  it("reads bodies up to the bound, and takes none that is compressed", async () => {
    const whole = await ask(server.port, "/api/v1/echo", { method: "POST", body: "y".repeat(1000) });
    expect(whole.body.toString()).to.equal("y".repeat(1000));
    expect((await ask(server.port, "/api/v1/echo", { method: "POST" })).body.length).to.equal(0);
    const zipped = await ask(server.port, "/api/v1/echo", {
      method: "POST",
      body: "x",
      headers: { "content-encoding": "gzip" },
    });
    expect(zipped.status).to.equal(415);
  });

  it("never takes an unread body for the next request", async () => {
    const body = "GET /api/v1/open HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    const head = `POST /api/v1/ignores HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${body.length + 10}\r\n\r\n`;
    const heard = await talk(server.port, head + body);
    expect(heard.match(/HTTP\/1\.1 /g)).to.have.length(1);
    expect(heard).to.match(/connection: close/i);
  });

  it("keeps a connection over requests without a body, DELETE too", async () => {
    const one = (method: string, path: string) => `${method} /api/v1${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
    const heard = await talk(
      server.port,
      `${one("DELETE", "/items/1")}\r\n${one("GET", "/short")}\r\n${one("GET", "/open")}Connection: close\r\n\r\n`,
    );
    expect(heard.match(/HTTP\/1\.1 20[04]/g)).to.have.length(3);
  });

  it("asks for a body that waits for 100 Continue only when it is wanted", async () => {
    const head = (length: number) =>
      `POST /api/v1/echo HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`;
    expect(await talk(server.port, head(5000))).to.match(/^HTTP\/1.1 413 /);
    const socket = connect(server.port, "127.0.0.1");
    socket.write(head(3));
    const [go] = (await once(socket, "data")) as [Buffer];
    expect(go.toString()).to.match(/^HTTP\/1.1 100 Continue/);
    socket.write("abc");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).to.match(/^HTTP\/1.1 200 [\s\S]*abc$/);
    socket.destroy();
  });

  it("ends who sends a head or a body too slowly", async () => {
    const slow = [
      "GET /api/v1/short HTTP/1.1\r\nHost: 127.0.0.1\r\n",
      "POST /api/v1/echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nab",
    ];
    for (const heard of await Promise.all(slow.map((text) => talk(server.port, text)))) {
      expect(heard).to.match(/^(HTTP\/1.1 408 |$)/);
    }
  });

  it("tells an operation that its client has gone, and logs no failure", async () => {
    const leaving = new AbortController();
    const asked = fetch(`${server.api}/held`, { signal: leaving.signal }).catch(() => "left");
    const abort = await held.promise;
    const count = server.logged.length;
    leaving.abort();
    expect(await asked).to.equal("left");
    if (!abort.aborted) await once(abort, "abort");
    await get("/api/v1/short");
    expect(server.logged).to.have.length(count);
    expect(server.observed.at(-2)).to.include({ operation: "GET /held", status: 499 });
  });
});
