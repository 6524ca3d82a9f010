import { text } from "node:stream/consumers";
import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import { createHubMetrics } from "../../../src/metrics/hub-metrics.ts";
import { createAdminSurface } from "../../../src/northbound/admin/admin-surface.ts";
import type { AdminPorts } from "../../../src/northbound/admin/ports.ts";
import { createSystemSurface } from "../../../src/northbound/admin/system-surface.ts";
import { loadStartPage } from "../../../src/northbound/console/start-page.ts";
import { createApiKey } from "../../../src/security/api-keys.ts";
import type { SourceStatus, TagStatus } from "../../../src/southbound/source-status.ts";
import { startTestServer } from "../http/test-server.ts";

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const status = (source: string): SourceStatus => ({
  source,
  type: "opcua",
  state: "waiting",
  since: AT,
  attempts: 3,
  sessions: 1,
  lastError: { code: "unreachable", message: "no route", at: AT },
  readings: { total: 7, perSecond: 0 },
  queue: { depth: 0, batches: 0, refused: 0, failed: 0 },
  counters: {},
  tags: { wanted: 4, subscribed: 4, seen: 4, problems: 0 },
  problems: [],
});
const tags: readonly TagStatus[] = [
  { tag: "count", value: 9223372036854775807n, quality: "good", sourceTime: AT, receivedTime: AT, age: 12 },
  { tag: "temp", value: Number.NaN, quality: "bad", code: "BadSensor" },
  { tag: "deep", value: { at: 5, since: [1, Number.POSITIVE_INFINITY] }, quality: "good", sourceTime: 9e15 },
  { tag: "gone", problem: { code: "not-found", message: "there is no such node" } },
];

describe("admin and system surfaces", () => {
  const [reader, admin] = [createApiKey(), createApiKey()];
  const trusted: string[] = [];
  let reloads = 0;
  let ready = false;
  const told: string[] = [];
  const imported: unknown[] = [];
  const registry = {
    registry: "plant",
    tenant: "default",
    state: "waiting",
    registered: 2,
    pending: 1,
    everything: false,
    refused: 0,
    requests: 4,
    failures: 1,
    lastError: { message: "no route", at: AT },
  } as const;
  const ports: AdminPorts = {
    sources: {
      all: () => ["a/b", "line", "press"].map(status),
      status(source) {
        if (["a/b", "line", "press"].includes(source)) return status(source);
        throw new HubError("not-found", `no source is called ${source}`);
      },
      tags: (_source, offset, limit) => ({
        total: tags.length,
        tags: tags.slice(offset, offset + limit),
        ...(offset + limit < tags.length ? { next: offset + limit } : {}),
      }),
      trust: (source) =>
        source === "line"
          ? { list: async () => [], trust: async (print) => void trusted.push(print), reject: async () => undefined }
          : undefined,
    },
    mappings: {
      report: () => ({ at: AT, files: [], problems: [] }),
      reload: async () => {
        reloads += 1;
        return { at: AT, files: [], problems: [] };
      },
    },
    registries: {
      all: () => [registry],
      register: (name) => void told.push(`register ${name}`),
      withdraw: async (name) => {
        if (name !== "plant") throw new HubError("not-found", `there is no registry ${name}`);
        told.push(`withdraw ${name}`);
      },
    },
    tenants: { all: async () => [] },
    imports: {
      async begin({ tenant }, content, wish) {
        imported.push([tenant, await text(content), wish]);
        const full = new HubError("store-full", "no room");
        const done = tenant === "full" ? Promise.reject(full) : Promise.resolve({ format: "json", notes: [] });
        return { done, soFar: () => ({ files: 2 }) };
      },
    },
  };
  let server: Awaited<ReturnType<typeof startTestServer>>;
  before(async () => {
    const metrics = createHubMetrics([
      {
        name: "twinweave_test_total",
        help: "h",
        kind: "counter",
        labels: ["a"],
        read: () => [{ labels: { a: "b" }, value: 3 }],
      },
    ]);
    const version = { name: "twinweave", version: "1.2.3", node: "26" };
    const page = await loadStartPage();
    const system = createSystemSurface({ version, metrics, page, missing: () => (ready ? [] : ["mappings"]) });
    server = await startTestServer({
      surfaces: [createAdminSurface(ports), system],
      observe: metrics.request,
      keys: [
        { name: "reader", hash: reader.hash, rights: ["read"] },
        { name: "admin", hash: admin.hash, rights: ["admin"] },
      ],
    });
  });
  after(() => server.close());
  const call = (path: string, init: { method?: string; headers?: Record<string, string> } = {}) =>
    fetch(`${server.url}${path}`, { ...init, headers: { "x-api-key": reader.key, ...init.headers } });
  const json = async (path: string) => (await (await call(path)).json()) as Record<string, unknown>;

  it("pages sources, with ISO times and where their points and certificates are", async () => {
    const first = await json("/admin/sources?limit=2");
    expect(first).to.include({ total: 3, next: `${server.url}/admin/sources?offset=2&limit=2` });
    const [odd, line] = first.sources as [Record<string, unknown>, Record<string, unknown>];
    expect(odd).to.include({ source: "a/b", state: "waiting", since: "2026-01-02T03:04:05.000Z" });
    expect(odd.links).to.deep.equal({
      self: `${server.url}/admin/sources/a%2Fb`,
      tags: `${server.url}/admin/sources/a%2Fb/tags`,
    });
    expect(line.links).to.include({ certificates: `${server.url}/admin/sources/line/certificates` });
    expect(await json("/admin/sources?offset=2&limit=2")).not.to.have.property("next");
    expect(await json("/admin/sources/a%2Fb")).to.deep.include({
      source: "a/b",
      lastError: { code: "unreachable", message: "no route", at: "2026-01-02T03:04:05.000Z" },
    });
    expect((await call("/admin/sources/nobody")).status).to.equal(404);
  });

  it("shows values digit by digit, with quality and age; what JSON lacks by its name", async () => {
    const text = await (await call("/admin/sources/line/tags")).text();
    expect(text).to.contain('"value":9223372036854775807').and.to.contain('"age":12');
    const page = JSON.parse(text) as { tags: TagStatus[] };
    expect(page.tags[1]).to.deep.equal({ tag: "temp", value: "NaN", quality: "bad", code: "BadSensor" });
    expect(page.tags[2]).to.deep.include({ value: { at: 5, since: [1, "Infinity"] }, sourceTime: 9e15 });
    expect(await json("/admin/sources/line/tags?offset=1&limit=2")).to.include({
      next: `${server.url}/admin/sources/line/tags?offset=3&limit=2`,
    });
  });

  for (const query of ["limit=0", "limit=1001", "limit=ten", "offset=-1", "offset=1.5", "limit="]) {
    it(`refuses ?${query} and says what would be right`, async () => {
      const answer = await call(`/admin/sources/line/tags?${query}`);
      expect(answer.status).to.equal(400);
      expect(await answer.text()).to.contain("a whole number from");
    });
  }

  it("breaks lines for a browser alone", async () => {
    const lines = async (accept: string) =>
      (await (await call("/admin/sources", { headers: { accept } })).text()).split("\n").length;
    expect(await lines("text/html,*/*")).to.be.above(30);
    expect(await lines("application/json")).to.equal(1);
  });

  it("takes files to import as they arrive, for the right `admin` alone", async () => {
    const send = (query: string, key: string): Promise<Response> =>
      fetch(`${server.url}/admin/import${query}`, { method: "POST", headers: { "x-api-key": key }, body: "{}" });
    expect((await send("", reader.key)).status).to.equal(403);
    const wrong = await send("?mode=bend", admin.key);
    expect([wrong.status, await wrong.text()]).to.satisfy(([status, body]: [number, string]) => {
      return status === 400 && body.includes("one of mend, strict");
    });
    const done = await send("?conflict=replace&tenant=north", admin.key);
    expect([done.status, await done.json()]).to.deep.equal([200, { format: "json", notes: [] }]);
    expect(imported).to.deep.equal([["north", "{}", { mode: "mend", conflict: "replace" }]]);
    expect(await (await send("?tenant=full", admin.key)).json()).to.deep.equal({
      files: 2,
      failed: { code: "store-full", message: "no room", problems: [] },
    });
  });

  it("trusts and reloads for the right `admin` alone", async () => {
    const path = "/admin/sources/line/certificates/ab12/trust";
    expect((await call(path, { method: "POST" })).status).to.equal(403);
    expect((await call("/admin/mappings/reload", { method: "POST" })).status).to.equal(403);
    expect([trusted.length, reloads]).to.deep.equal([0, 0]);
    const headers = { "x-api-key": admin.key };
    expect((await call(path, { method: "POST", headers })).status).to.equal(204);
    expect((await call("/admin/mappings/reload", { method: "POST", headers })).status).to.equal(200);
    expect([trusted, reloads]).to.deep.equal([["ab12"], 1]);
    expect((await call("/admin/sources/press/certificates")).status).to.equal(404);
  });

  it("answers health, readiness, version and start page to anybody, the rest to keys", async () => {
    const status = async (path: string) => (await fetch(`${server.url}${path}`)).status;
    for (const path of ["/health", "/version", "/"]) expect(await status(path), path).to.equal(200);
    expect(await status("/ready")).to.equal(503);
    ready = true;
    expect(await status("/ready")).to.equal(200);
    for (const path of ["/metrics", "/admin/sources", "/admin/openapi.json"])
      expect(await status(path), path).to.equal(401);
  });

  it("renders metrics as Prometheus reads them, the same for scrapes at once", async () => {
    const scrapes = await Promise.all([1, 2, 3].map(() => call("/metrics")));
    for (const scrape of scrapes) {
      expect(scrape.headers.get("content-type")).to.contain("text/plain; version=0.0.4");
      const text = await scrape.text();
      expect(text).to.contain('twinweave_test_total{a="b"} 3\n');
      expect(text).to.contain(
        'twinweave_http_request_seconds_count{surface="admin",operation="GetSources",status="200"}',
      );
    }
  });

  it("shows outside registries, and lets `admin` register anew or withdraw", async () => {
    const { registries } = await json("/admin/registries");
    expect(registries).to.deep.equal([
      { ...registry, lastError: { message: "no route", at: "2026-01-02T03:04:05.000Z" } },
    ]);
    expect(await json("/admin/registries/plant")).to.deep.equal({ registries });
    expect((await call("/admin/registries/other")).status).to.equal(404);
    const post = (path: string, headers = {}) => call(`/admin/registries/${path}`, { method: "POST", headers });
    expect((await post("plant/withdraw")).status).to.equal(403);
    const headers = { "x-api-key": admin.key };
    expect((await post("plant/withdraw", headers)).status).to.equal(204);
    expect((await post("plant/register", headers)).status).to.equal(204);
    expect((await post("other/withdraw", headers)).status).to.equal(404);
    expect(told).to.deep.equal(["withdraw plant", "register plant"]);
  });

  it("describes every operation that it answers", async () => {
    for (const [path, operation] of [
      ["/admin/openapi.json", "/sources/{source}/tags"],
      ["/openapi.json", "/health"],
    ] as const) {
      const { paths } = (await json(path)) as { paths: Record<string, unknown> };
      expect(paths).to.have.property(operation);
    }
  });

  it("serves a start page that loads nothing from elsewhere and runs its own script alone", async () => {
    const answer = await fetch(`${server.url}/`);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy)
      .to.match(/default-src 'none'.*script-src 'sha256-[\w+/=]+';/)
      .and.not.to.contain("unsafe");
    const html = await answer.text();
    expect(html).not.to.match(/(src|href)="(https?:)?\/\//);
    expect(html).not.to.match(/innerHTML|insertAdjacentHTML|document\.write|\son\w+="/);
  });
});
