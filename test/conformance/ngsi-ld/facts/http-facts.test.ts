import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { type MethodHub, openMethodHub, property, room } from "../methods/method-hub.ts";

const errors = "https://uri.etsi.org/ngsi-ld/errors/";
const json = "application/json";
const ld = "application/ld+json";
const geo = "application/geo+json";
const one = "/entities/urn:ngsi-ld:Room:one";

describe("facts of NGSI-LD: HTTP, tenants, contexts, names, bounds", () => {
  let hub: MethodHub;
  const ask: MethodHub["ask"] = (...asked) => hub.ask(...asked);
  const typeOf = async (accept: string): Promise<string> =>
    (await ask([200, "GET", one, undefined, { accept }])).headers.get("content-type")?.split(";")[0] ?? "";

  before(async () => {
    hub = await openMethodHub();
    const location = { type: "GeoProperty", value: { type: "Point", coordinates: [7, 46] } };
    await ask(
      [201, "POST", "/entities", { ...room("one"), location }],
      [201, "POST", "/entities", room("two")],
      [201, "POST", "/entities", room("three")],
    );
  });
  after(() => hub.close());

  it("HTTP: bare 411, unknown parameters, weights of Accept, Prefer, relative links, missing ids, who it is (6.3.4, 6.3.6, 6.3.20)", async () => {
    for (const [method, path] of [
      ["POST", "/entities"],
      ["PATCH", one],
      ["PUT", `${one}/attrs/level`],
    ] as const) {
      const chunked = { "content-type": json, "transfer-encoding": "chunked" };
      expect(await raw(hub.fixture.hub.url, method, path, chunked)).to.deep.equal([411, ""]);
    }
    for (const path of ["/entities?type=Room&x=1", "/types?x=1", "/attributes?x=1", "/subscriptions?x=1"]) {
      expect((await ask([400, "GET", path])).body?.type, path).to.equal(`${errors}InvalidRequest`);
    }
    const [status, said] = await raw(hub.fixture.hub.url, "POST", "/entities", {
      "content-type": json,
      "content-length": "0",
    });
    expect([status, JSON.parse(said).type]).to.deep.equal([400, `${errors}InvalidRequest`]);
    expect((await ask([400, "POST", "/entities", { id: 1 }])).body?.type).to.equal(`${errors}BadRequestData`);
    expect(await typeOf(`${json};q=0.5, ${ld}`)).to.equal(ld);
    expect(await typeOf(`${geo}, ${ld}, ${json}`)).to.equal(json);
    expect(await typeOf(`${geo}, ${ld}`)).to.equal(ld);
    expect((await ask([200, "GET", one, undefined, { accept: geo }])).body).to.have.property("@context");
    const plain = await ask([200, "GET", one, undefined, { accept: geo, prefer: "body=json" }]);
    expect(plain.body).not.to.have.property("@context");
    const older = await ask([203, "GET", one, undefined, { prefer: "ngsi-ld=1.5" }]);
    expect(older.headers.get("preference-applied")).to.equal("ngsi-ld=1.5");
    const { headers } = await ask([200, "GET", "/entities?type=Room&limit=1&count=true"]);
    expect(headers.get("link")).to.include("</ngsi-ld/v1/entities?count=true&limit=1&offset=1&type=Room>");
    await ask([400, "GET", "/entities/"], [400, "DELETE", "/entities//attrs/level"]);
    const { body } = await ask([200, "GET", "/info/sourceIdentity"]);
    expect(String(body?.contextSourceUptime)).to.match(/^P/);
    expect(String(body?.contextSourceTimeAt)).to.match(/Z$/);
  });

  it("HTTP 2: q=0 excludes despite */*, a weight that is none stays the default, GeoJSON for entities alone, no length on 204 (6.3.4, 6.3.15)", async () => {
    expect(await typeOf(`${json};q=0, */*`)).to.equal(ld);
    expect(await typeOf(`${ld};q=x, ${json};q=0.9`)).to.equal(ld);
    await ask(
      [406, "GET", "/types", undefined, { accept: geo }],
      [406, "GET", "/subscriptions", undefined, { accept: geo }],
    );
    const { headers } = await ask([204, "PATCH", `${one}/attrs/name`, { value: "n" }]);
    expect(headers.get("content-length")).to.equal(null);
  });

  it("Tenants: the header comes back, an unknown one is NonexistentTenant (4.14, 6.3.14)", async () => {
    const tenant = { "ngsild-tenant": "hall" };
    const { headers } = await ask([201, "POST", "/entities", room("elsewhere"), tenant]);
    expect(headers.get("ngsild-tenant")).to.equal("hall");
    const { body } = await ask([404, "GET", one, undefined, { "ngsild-tenant": "nobody" }]);
    expect(body?.type).to.equal(`${errors}NonexistentTenant`);
  });

  it("Tenants 2: creates alone make a tenant, errors have the header too (5.5.10)", async () => {
    const tenant = { "ngsild-tenant": "later" };
    const { headers } = await ask([404, "PATCH", one, { level: property(1) }, tenant]);
    expect(headers.get("ngsild-tenant")).to.equal("later");
    await ask([404, "GET", "/entities?type=Room", undefined, tenant]);
  });

  it("Contexts: unreachable is 504; not JSON or without @context 400; answers have the user's alone; core terms stay core (4.4, 5.5.7)", async () => {
    const link = (url: string): Record<string, string> => ({
      link: `<${url}>; rel="http://www.w3.org/ns/json-ld#context"`,
    });
    const { body } = await ask([504, "GET", one, undefined, link("http://127.0.0.1:9/c.jsonld")]);
    expect(body?.type).to.equal(`${errors}LdContextNotAvailable`);
    await ask([400, "GET", one, undefined, link(`${hub.fixture.hub.url}/health`)]);
    const mine = { level: "https://example.org/level", type: "https://example.org/type", Property: "urn:evil:P" };
    const added = await ask([201, "POST", "/jsonldContexts", { "@context": mine }]);
    const own = new URL(added.headers.get("location") ?? "", `${hub.fixture.hub.url}/ngsi-ld/v1/jsonldContexts`).href;
    const seen = await ask([200, "GET", one, undefined, { ...link(own), accept: ld }]);
    expect([seen.body?.["@context"]].flat()[0]).to.equal(own);
    expect(seen.body).to.deep.include({ id: "urn:ngsi-ld:Room:one" }).and.include.keys("type");
    const core = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.jsonld";
    await ask([200, "GET", one, undefined, link(core)]);
  });

  it("Names and ids: letters first, no dots in paths, no letters that deceive, scopes by their grammar (4.6.2, 4.6.4, 4.18)", async () => {
    const create = (more: object): object => ({ id: "urn:ngsi-ld:Room:names", type: "Room", ...more });
    await ask(
      [400, "POST", "/entities", create({ "1a": property(1) })],
      [400, "POST", "/entities", create({ "a-b": property(1) })],
      ...["\u200b", "\u202e", "\u3164", "\ufdd0", "\ufe0f"].map(
        (letter) => [400, "POST", "/entities", { id: `urn:x:a${letter}b`, type: "Room" }] as const,
      ),
      ...["/a-b", "/1a", "/a//b"].map(
        (scope) => [400, "POST", "/entities", create({ scope: ["/fine", scope] })] as const,
      ),
    );
    expect(await raw(hub.fixture.hub.url, "GET", "/entities/%2e%2e", {})).to.have.property("0", 400);
    const { body } = await ask(
      [201, "POST", "/entities", { "@id": "urn:ngsi-ld:Room:at", "@type": "Room" }],
      [200, "GET", "/entities/urn:ngsi-ld:Room:at"],
    );
    expect(body).to.deep.equal({ id: "urn:ngsi-ld:Room:at", type: "Room" });
  });

  it("Bounds that a good broker shows: bodies, URIs, depth, batches, queries, geometries, patterns (5.5.6)", async () => {
    const deep = `${"[".repeat(70)}${"]".repeat(70)}`;
    const post = (value: unknown): object => ({ id: "urn:x:bound", type: "Room", level: property(value) });
    const ring = Array.from({ length: 1_100 }, (_, index) => [index / 1_100, (index % 7) / 10]);
    await ask(
      [413, "POST", "/entities", post("x".repeat(5 * 2 ** 20))],
      [414, "GET", `/entities?type=${"x".repeat(9_000)}`],
      [400, "POST", "/entities", post(JSON.parse(deep))],
      [413, "POST", "/entityOperations/delete", Array.from({ length: 1_001 }, (_, index) => `urn:x:${index}`)],
      [
        403,
        "POST",
        "/entityOperations/query",
        { type: "Query", entities: [{ type: "Room" }], q: `${"a|".repeat(600)}a` },
      ],
      [
        403,
        "POST",
        "/entityOperations/query",
        {
          ...{ type: "Query", entities: [{ type: "Room" }] },
          geoQ: { georel: "within", geometry: "Polygon", coordinates: [[...ring, ring[0]]] },
        },
      ],
    );
    const started = performance.now();
    await hub.fixture.get(`/ngsi-ld/v1/entities?type=Room&q=${encodeURIComponent("name~=^(((n+)+)+)+$")}`);
    expect(performance.now() - started).to.be.lessThan(2_000);
  });
});

/** A request as it is written here, path and headers untouched: status and body. */
async function raw(
  hub: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<readonly [number | undefined, string]> {
  const { hostname, port } = new URL(hub);
  const sent = request({ hostname, port, method, path: `/ngsi-ld/v1${path}`, headers });
  sent.end(headers["transfer-encoding"] === undefined ? "" : "{}");
  const [response]: IncomingMessage[] = await once(sent, "response");
  if (response === undefined) throw new Error("no response");
  return [response.statusCode, await text(response)];
}
