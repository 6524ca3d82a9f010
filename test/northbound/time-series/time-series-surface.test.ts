import { EventEmitter, once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { Secret } from "../../../src/core/secret.ts";
import { createHttpServer, type HttpServer } from "../../../src/northbound/operation.ts";
import { createTimeSeriesSurface } from "../../../src/northbound/time-series/time-series-surface.ts";
import { createAuthentication } from "../../../src/security/api-keys.ts";
import type { HistoryRow, SeriesPort } from "../../../src/store/series-contract.ts";

const leaf = { collection: "submodel", document: "urn:s", part: "Flow" } as const;
const field = { measurement: "urn:s", field: "Flow", type: "double", leaf } as const;
const query = 'from(bucket: "twinweave") |> range(start: 0) |> filter(fn: (r) => r._measurement == "urn:s")';

describe("the time series surface", () => {
  let server: HttpServer;
  const events = new EventEmitter();
  /** Pages asked for; from the third on each waits to be released. */
  let endless: { pages: number } | undefined;
  const rows = (first: number, count: number): readonly HistoryRow[] =>
    Array.from({ length: count }, (_, index) => {
      const at = first + index;
      return { value: 1.5, quality: "good", at, receivedAt: at, modifiedAt: at, instance: String(at) };
    });
  const series: Pick<SeriesPort, "at" | "history"> = {
    at: async () => [{ series: 1, from: 0 }],
    async history() {
      if (endless === undefined) return rows(1_000, 1);
      endless.pages++;
      if (endless.pages > 2) await once(events, "release");
      return rows(endless.pages * 2_000, 2_000);
    },
  };

  before(async () => {
    server = await createHttpServer({
      surfaces: [
        createTimeSeriesSurface({
          room: (tenant) => {
            if (tenant === "gone") throw new HubError("unknown-tenant", "there is no tenant gone");
            const catalog = {
              fields: async () => (tenant === "default" ? [field] : []),
              file: () => Promise.reject(new HubError("not-found", "no such segment")),
            };
            return { catalog, series: series as SeriesPort };
          },
          now: () => 5_000,
        }),
      ],
      host: "127.0.0.1",
      port: 0,
      hosts: { hosts: new Set(["127.0.0.1"]), origins: new Set() },
      baseUrl: {},
      authenticate: createAuthentication([
        { name: "grafana", key: new Secret("secret"), rights: ["read"], tenants: ["default", "gone"] },
      ]),
      observe: () => events.emit("answered"),
      log: silentLogger,
    });
  });
  after(() => server.close());

  const post = (body: string, headers: Record<string, string> = {}, path = "/time-series") =>
    fetch(`${server.url}${path}/api/v2/query?org=any`, {
      method: "POST",
      headers: { authorization: "Token secret", "content-type": "application/vnd.flux", ...headers },
      body,
    });

  it("knows keys as clients of InfluxDB send them, and tenants by path", async () => {
    expect((await post(query)).status).to.equal(200);
    const refused = await post(query, { authorization: "Token " });
    expect(refused.status).to.equal(401);
    expect(await refused.json()).to.deep.include({ code: "unauthorized" });
    expect((await post(query, {}, "/tenants/gone/time-series")).status).to.equal(404);
    expect((await post(query, {}, "/tenants/other/time-series")).status).to.equal(403);
  });

  it("takes JSON with a dialect, and refuses what it cannot read", async () => {
    const json = { "content-type": "application/json; charset=utf-8" };
    const dialect = { annotations: ["datatype", "group", "default"], delimiter: ";", header: true };
    const answer = await post(JSON.stringify({ query, dialect, type: "flux", now: "1970-01-01T00:00:09Z" }), json);
    const lines = (await answer.text()).split("\r\n");
    expect(lines[0]).to.match(/^#datatype;string;long;dateTime:RFC3339;/);
    expect(lines[4]).to.equal(
      ";;0;1970-01-01T00:00:00.000Z;1970-01-01T00:00:09.000Z;1970-01-01T00:00:01.000Z;1.5;Flow;urn:s;good",
    );
    for (const body of [
      "{",
      "[]",
      "{}",
      '{"query":"x","type":"sql"}',
      '{"query":"x","now":"soon"}',
      '{"query":"x","dialect":{"delimiter":"ab"}}',
    ]) {
      const { status } = await post(body, json);
      expect(status, body).to.equal(400);
    }
    expect((await post(query, { "content-type": "text/plain" })).status).to.equal(415);
    expect((await post("x".repeat(70_000))).status).to.equal(413);
    expect(
      (
        await fetch(`${server.url}/time-series/submodels/dXJu/segments/X/records.csv`, {
          headers: { authorization: "Token secret" },
        })
      ).status,
    ).to.equal(404);
  });

  it("streams, and stops reading where the client goes", async () => {
    endless = { pages: 0 };
    const gone = new AbortController();
    const response = await fetch(`${server.url}/time-series/api/v2/query`, {
      method: "POST",
      headers: { authorization: "Token secret", "content-type": "application/vnd.flux" },
      body: query.replace("start: 0", "start: 0, stop: 9999-01-01T00:00:00Z"),
      signal: gone.signal,
    });
    const first = await response.body?.getReader().read();
    expect(first?.value?.length).to.be.greaterThan(0);
    let isAnswered = false;
    events.once("answered", () => {
      isAnswered = true;
    });
    gone.abort();
    // Page after page, without an end, unless the surface stops asking for them.
    while (!isAnswered) {
      events.emit("release");
      await turn();
    }
    const { pages } = endless;
    events.emit("release");
    await turn();
    expect(endless.pages).to.equal(pages);
    endless = undefined;
  });
});
