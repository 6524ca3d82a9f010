import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import { operation, startTestServer } from "./test-server.ts";

const failure = (promise: Promise<unknown>): Promise<HubError> =>
  promise.then(
    () => Promise.reject(new Error("nothing was thrown")),
    (thrown: unknown) => (thrown instanceof HubError ? thrown : Promise.reject(thrown)),
  );

describe("HTTP: listening and stopping", () => {
  it("says which port is in use, and what to do", async () => {
    const first = await startTestServer();
    const error = await failure(startTestServer({ port: first.port }));
    expect(error.code).to.equal("config");
    expect(error.message).to.equal(`cannot listen on 127.0.0.1:${first.port}`);
    expect(error.problems[0]).to.include({ place: "http.port", message: "the port is in use" });
    await first.close();
  });

  it("names an address that is none of this machine's, and TLS files that are none", async () => {
    expect((await failure(startTestServer({ host: "203.0.113.7" }))).problems[0]?.place).to.equal("http.host");
    const tls = { cert: Buffer.from("no"), key: Buffer.from("pem") };
    expect((await failure(startTestServer({ tls }))).problems[0]?.place).to.equal("http.tls");
  });

  it("listens on IPv6, with brackets or without", async () => {
    for (const host of ["::1", "[::1]"]) {
      const server = await startTestServer({ host });
      expect(server.url).to.equal(`http://[::1]:${server.port}`);
      expect((await fetch(`${server.url}/api/v1/short`)).status).to.equal(200);
      await server.close();
    }
  });

  it("finishes what runs, ends idle connections at once", async () => {
    const [started, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = operation("GET", "/slow", async () => {
      started.resolve();
      await go.promise;
      return { status: 200, type: "text/plain", body: "done" };
    });
    const server = await startTestServer({ extra: [slow] });
    const idle = connect(server.port, "127.0.0.1");
    idle.write("GET /api/v1/short HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    await once(idle, "data");
    const answer = fetch(`${server.api}/slow`).then((response) => response.text());
    await started.promise;
    const closing = server.close(5_000);
    await once(idle, "close");
    go.resolve();
    expect(await answer).to.equal("done");
    await closing;
  });

  it("ends a request that hangs after the grace, and closes again without harm", async () => {
    const aborted = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const stuck = operation("GET", "/stuck", async ({ scope }) => {
      started.resolve();
      await once(scope.abort, "abort");
      aborted.resolve();
      return { status: 200 };
    });
    const server = await startTestServer({ extra: [stuck] });
    const answer = fetch(`${server.api}/stuck`).catch(() => "ended");
    await started.promise;
    await server.close(50);
    await aborted.promise;
    expect(await answer).to.equal("ended");
    await server.close();
  });
});
