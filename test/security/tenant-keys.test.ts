import { expect } from "chai";
import type { Logger } from "../../src/core/logger.ts";
import { Secret } from "../../src/core/secret.ts";
import { hostPolicy } from "../../src/northbound/host-guard.ts";
import { createHttpServer, type HttpServer } from "../../src/northbound/operation.ts";
import type { Operation, Surface } from "../../src/northbound/operation-types.ts";
import { problemDetails } from "../../src/northbound/problem-details.ts";
import { createAuthentication } from "../../src/security/api-keys.ts";

const silent = { error() {}, warn() {}, info() {}, debug() {} } as unknown as Logger;
const key = (name: string) => new Secret(`${name}-${name}-${name}-${name}`);

describe("A key for single tenants", () => {
  let server: HttpServer;
  const get = (path: string, name: string) =>
    fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key(name).reveal()}` } });

  before(async () => {
    const operation = (path: string, right: Operation["right"]): Operation => ({
      name: path,
      method: "GET",
      path,
      clause: "test",
      right,
      handle: ({ scope }) => ({ status: 200, type: "text/plain", body: scope.tenant }),
    });
    const surface = (base: string, ofWholeHub: boolean): Surface => ({
      name: base,
      base,
      tenantInPath: !ofWholeHub,
      ofWholeHub,
      operations: [operation("/look", "read"), operation("/open", "none")],
      tenantOf: () => "default",
      renderError: (error, { requestId }) => problemDetails(error, requestId),
    });
    server = await createHttpServer({
      surfaces: [surface("/twins", false), surface("/hub", true)],
      host: "127.0.0.1",
      port: 0,
      hosts: hostPolicy("127.0.0.1", undefined, [], []),
      baseUrl: {},
      authenticate: createAuthentication([
        { name: "all", key: key("all"), rights: ["admin"] },
        { name: "home", key: key("home"), rights: ["admin"], tenants: ["default"] },
        { name: "away", key: key("away"), rights: ["read"], tenants: ["plant-2"] },
      ]),
      log: silent,
    });
  });
  after(() => server.close());

  it("reaches its tenants and no other, however the path spells it", async () => {
    expect((await get("/twins/look", "home")).status).to.equal(200);
    expect((await get("/twins/look", "away")).status).to.equal(403);
    expect(await (await get("/tenants/plant-2/twins/look", "away")).text()).to.equal("plant-2");
    for (const path of [
      "/tenants/plant-2/twins/look",
      "/tenants/%70lant-2/twins/look",
      "/tenants/DEFAULT/twins/look",
    ]) {
      expect((await get(path, "home")).status, path).to.equal(403);
    }
  });

  it("sees nothing of what is the whole hub's, not even as admin of the default tenant", async () => {
    expect((await get("/hub/look", "all")).status).to.equal(200);
    for (const name of ["home", "away"]) {
      const answer = await get("/hub/look", name);
      expect(answer.status).to.equal(403);
      expect(await answer.json()).to.have.property(
        "detail",
        `${name} is a key for single tenants, and this concerns all of them`,
      );
      expect((await get("/hub/open", name)).status).to.equal(200);
    }
  });

  it("is named by a refusal, which no cache keeps and which says nothing of the key", async () => {
    const answer = await get("/twins/look", "away");
    expect(answer.headers.get("cache-control")).to.equal("no-store");
    expect(await answer.text())
      .to.contain("away may not see the tenant default")
      .and.not.contain(key("away").reveal());
  });
});
