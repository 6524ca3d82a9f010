import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const ERRORS = "https://uri.etsi.org/ngsi-ld/errors/";
const room = (id: string, more: object = {}) => ({
  id: `urn:ngsi-ld:Room:${id}`,
  type: "Room",
  temperature: { type: "Property", value: 21.5, unitCode: "CEL", observedAt: "2026-11-22T10:00:00Z" },
  ...more,
});

describe("NGSI-LD API: entities", () => {
  let hub: NgsiHub;
  before(async () => {
    hub = await startNgsiHub();
  });
  after(() => hub.stop());

  it("creates an entity and gives it back in the three representations (5.6.1, 5.7.1)", async () => {
    const created = await hub.call(
      "POST",
      "/entities",
      room("r1", { doors: { type: "Relationship", object: "urn:ngsi-ld:Door:d1" } }),
    );
    expect(created.status).to.equal(201);
    expect(created.headers.get("location")).to.equal("/ngsi-ld/v1/entities/urn:ngsi-ld:Room:r1");

    const normalized = await hub.call("GET", "/entities/urn:ngsi-ld:Room:r1");
    expect(normalized.status).to.equal(200);
    expect(normalized.headers.get("link")).to.contain("ngsi-ld-core-context-v1.9.jsonld");
    expect(await normalized.json()).to.deep.equal(
      room("r1", { doors: { type: "Relationship", object: "urn:ngsi-ld:Door:d1" } }),
    );

    const concise = await hub.call("GET", "/entities/urn:ngsi-ld:Room:r1?format=concise");
    expect(await concise.json()).to.deep.equal({
      id: "urn:ngsi-ld:Room:r1",
      type: "Room",
      temperature: { value: 21.5, unitCode: "CEL", observedAt: "2026-11-22T10:00:00Z" },
      doors: { object: "urn:ngsi-ld:Door:d1" },
    });
    const simplified = await hub.call("GET", "/entities/urn:ngsi-ld:Room:r1?options=keyValues");
    expect(await simplified.json()).to.deep.equal({
      id: "urn:ngsi-ld:Room:r1",
      type: "Room",
      temperature: 21.5,
      doors: "urn:ngsi-ld:Door:d1",
    });
  });

  it("answers JSON-LD with the user's context alone and compacts by it", async () => {
    const context = { Room: "https://ex.org/Room", temperature: "https://ex.org/t" };
    const body = {
      ...room("ld"),
      "@context": [context, "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.jsonld"],
    };
    const made = await hub.call("POST", "/entities", body, { "content-type": "application/ld+json" });
    expect(made.status).to.equal(201);
    const plain = (await (await hub.call("GET", "/entities/urn:ngsi-ld:Room:ld")).json()) as object;
    expect(plain).to.include({ type: "https://ex.org/Room" }).and.to.have.property("https://ex.org/t");
  });

  const refused: readonly (readonly [string, unknown, string, Record<string, string>?])[] = [
    ["broken JSON", "{", "InvalidRequest"],
    ["an empty body", "", "InvalidRequest"],
    ["no type", { id: "urn:x:1" }, "BadRequestData"],
    ["an id that is no URI", { ...room("x"), id: "x" }, "BadRequestData"],
    ["an id with a zero-width space", { ...room("x"), id: "urn:x:a\u200bb" }, "BadRequestData"],
    ["a name with a hyphen", { ...room("x"), "a-b": { type: "Property", value: 1 } }, "BadRequestData"],
    [
      "NGSI-LD Null deep in a value",
      { ...room("x"), a: { type: "Property", value: { b: "urn:ngsi-ld:null" } } },
      "BadRequestData",
    ],
    ["location as a Property", { ...room("x"), location: { type: "Property", value: 1 } }, "BadRequestData"],
    [
      "two default instances",
      {
        ...room("x"),
        a: [
          { type: "Property", value: 1 },
          { type: "Property", value: 2, datasetId: "@none" },
        ],
      },
      "BadRequestData",
    ],
    ["a scope with a hyphen", { ...room("x"), scope: ["/ok", "/a-b"] }, "BadRequestData"],
    ["an @context in plain JSON", { ...room("x"), "@context": {} }, "BadRequestData"],
    ["JSON-LD without @context", room("x"), "BadRequestData", { "content-type": "application/ld+json" }],
    ["a Relationship to no URI", { ...room("x"), a: { type: "Relationship", object: "no" } }, "BadRequestData"],
    [
      "an open polygon",
      {
        ...room("x"),
        a: {
          type: "GeoProperty",
          value: {
            type: "Polygon",
            coordinates: [
              [
                [0, 0],
                [1, 0],
                [1, 1],
                [2, 2],
              ],
            ],
          },
        },
      },
      "BadRequestData",
    ],
    [
      "a scoped context",
      { ...room("x"), "@context": { a: { "@id": "urn:a", "@context": {} } } },
      "BadRequestData",
      { "content-type": "application/ld+json" },
    ],
  ];
  for (const [what, body, type, headers] of refused) {
    it(`refuses ${what}: ${type}`, async () => {
      const answer = await hub.call("POST", "/entities", body, headers);
      const problem = (await answer.json()) as { type: string; detail: string };
      expect(answer.status, problem.detail).to.equal(400);
      expect(problem.type, problem.detail).to.equal(ERRORS + type);
    });
  }

  it("refuses a second entity with the same id (409), an unknown parameter and an unknown tenant", async () => {
    await hub.call("POST", "/entities", room("twice"));
    expect((await hub.call("POST", "/entities", room("twice"))).status).to.equal(409);
    const parameter = await hub.call("GET", "/entities?type=Room&nonsense=1");
    expect(((await parameter.json()) as { type: string }).type).to.equal(`${ERRORS}InvalidRequest`);
    const tenant = await hub.call("GET", "/entities?type=Room", undefined, { "NGSILD-Tenant": "nobody" });
    expect(tenant.status).to.equal(404);
    expect(tenant.headers.get("ngsild-tenant")).to.equal("nobody");
    expect(((await tenant.json()) as { type: string }).type).to.equal(`${ERRORS}NonexistentTenant`);
  });

  it("pages queries, counts, and links to the next page (5.7.2, 6.3.10, 6.3.13)", async () => {
    for (const n of [1, 2, 3]) await hub.call("POST", "/entities", { id: `urn:q:${n}`, type: "Paged", a: n });
    const page = await hub.call("GET", "/entities?type=Paged&limit=2&count=true");
    expect(((await page.json()) as { id: string }[]).map(({ id }) => id)).to.deep.equal(["urn:q:1", "urn:q:2"]);
    expect(page.headers.get("ngsild-results-count")).to.equal("3");
    expect(page.headers.get("link")).to.contain(
      '</ngsi-ld/v1/entities?count=true&limit=2&offset=2&type=Paged>;rel="next"',
    );
    expect(await (await hub.call("GET", "/entities?type=Paged&idPattern=3$")).json()).to.have.length(1);
    expect(await (await hub.call("GET", "/entities?type=(Paged;Room)|Nothing")).json()).to.have.length(0);
    expect((await hub.call("GET", "/entities")).status).to.equal(400);
    expect((await hub.call("GET", "/entities?type=Paged&georel=equals")).status).to.equal(400);
  });

  it("updates, merges and deletes attributes by their instances (5.6.2, 5.6.4, 5.6.5, 5.6.17)", async () => {
    const path = "/entities/urn:ngsi-ld:Room:m";
    await hub.call(
      "POST",
      "/entities",
      room("m", {
        v: [
          { type: "Property", value: 1 },
          { type: "Property", value: 2, datasetId: "urn:d:2" },
        ],
      }),
    );
    expect((await hub.call("PATCH", `${path}/attrs/temperature`, { value: 100 })).status).to.equal(204);
    expect(
      (await hub.call("PATCH", path, { v: { type: "Property", value: 5, datasetId: "urn:d:2" } })).status,
    ).to.equal(204);
    let entity = (await (await hub.call("GET", path)).json()) as Record<string, unknown>;
    expect(entity.temperature).to.deep.include({ value: 100, unitCode: "CEL" });
    expect(entity.v).to.deep.equal([
      { type: "Property", value: 1 },
      { type: "Property", value: 5, datasetId: "urn:d:2" },
    ]);
    expect(
      (await hub.call("PATCH", `${path}/attrs`, { temperature: { type: "Property", value: "urn:ngsi-ld:null" } }))
        .status,
    ).to.equal(204);
    expect((await hub.call("DELETE", `${path}/attrs/v?datasetId=urn:d:2`)).status).to.equal(204);
    entity = (await (await hub.call("GET", path)).json()) as Record<string, unknown>;
    expect(entity).to.deep.equal({ id: "urn:ngsi-ld:Room:m", type: "Room", v: { type: "Property", value: 1 } });
    expect((await hub.call("DELETE", path)).status).to.equal(204);
    expect((await hub.call("GET", path)).status).to.equal(404);
  });

  it("keeps 64-bit integers of clients digit by digit", async () => {
    await hub.call(
      "POST",
      "/entities",
      '{"id":"urn:big:1","type":"Big","n":{"type":"Property","value":12345678901234567890}}',
    );
    expect(await (await hub.call("GET", "/entities/urn:big:1?options=keyValues")).text()).to.contain(
      '"n":12345678901234567890',
    );
  });

  it("upserts in batches and says which entities were made (5.6.8)", async () => {
    const batch = [
      { id: "urn:b:1", type: "B", a: 1 },
      { id: "urn:b:2", type: "B", a: 1 },
    ];
    const first = await hub.call("POST", "/entityOperations/upsert", batch);
    expect(first.status).to.equal(201);
    expect(await first.json()).to.deep.equal(["urn:b:1", "urn:b:2"]);
    expect((await hub.call("POST", "/entityOperations/upsert", batch)).status).to.equal(204);
    const mixed = await hub.call("POST", "/entityOperations/delete", ["urn:b:1", "urn:b:none"]);
    expect(mixed.status).to.equal(207);
    expect(await mixed.json()).to.deep.include({ success: ["urn:b:1"] });
  });
});
