import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

type Shown = Record<string, unknown>;

describe("NGSI-LD API: entity maps (5.14, 5.5.14)", () => {
  let hub: NgsiHub;

  beforeEach(async () => {
    hub = await startNgsiHub();
    for (const n of [1, 2, 3, 4, 5]) {
      await hub.call("POST", "/entities", { id: `urn:m:${n}`, type: "Mapped", a: n });
    }
  });
  afterEach(() => hub.stop());

  const mapOf = (response: Response): string => response.headers.get("ngsild-entitymap") ?? "none";
  const ids = async (response: Response): Promise<unknown[]> =>
    ((await response.json()) as Shown[]).map(({ id }) => id);

  it("keeps the pages of one query together: what goes is left out, what comes is not seen (5.7.2.4, 5.5.9.3)", async () => {
    const query = "/entities?type=Mapped&limit=2&count=true";
    const first = await hub.call("GET", `${query}&entityMap=true`);
    expect(first.status).to.equal(201);
    expect(mapOf(first)).to.match(/^\/ngsi-ld\/v1\/entityMaps\/urn:ngsi-ld:EntityMap:/);
    expect(await ids(first)).to.deep.equal(["urn:m:1", "urn:m:2"]);
    await hub.call("DELETE", "/entities/urn:m:3");
    await hub.call("POST", "/entities", { id: "urn:m:0", type: "Mapped", a: 0 });
    const headers = { "ngsild-entitymap": mapOf(first) };
    const second = await hub.call("GET", `${query}&offset=2`, undefined, headers);
    expect(second.status).to.equal(200);
    expect(mapOf(second)).to.equal(mapOf(first));
    expect(second.headers.get("ngsild-results-count")).to.equal("5");
    expect(await ids(second)).to.deep.equal(["urn:m:4", "urn:m:5"]);
    expect(second.headers.get("link")).not.to.contain('rel="next"');
  });

  it("is made anew where the one referred to is not there (5.7.1.4)", async () => {
    const headers = { "ngsild-entitymap": "urn:ngsi-ld:EntityMap:gone" };
    const listed = await hub.call("GET", "/entities?type=Mapped", undefined, headers);
    expect(listed.status).to.equal(201);
    expect(mapOf(listed)).not.to.contain("gone");
    const single = await hub.call("GET", "/entities/urn:m:1?entityMap=true");
    expect(single.status).to.equal(200);
    const id = mapOf(single).split("/").at(-1);
    const map = (await (await hub.call("GET", `/entityMaps/${id}`)).json()) as Shown;
    expect(map).to.deep.include({ id, type: "EntityMap", entityMap: { "urn:m:1": ["@none"] }, linkedMaps: {} });
    const again = await hub.call("GET", "/entities/urn:m:1", undefined, { "ngsild-entitymap": mapOf(single) });
    expect(mapOf(again)).to.equal(mapOf(single));
  });

  it("is made, prolonged within bounds, ended and deleted by itself (5.14.1 to 5.14.4, 4.5.25, 5.2.39, 6.32.3.1 to 6.32.3.3, 6.34.3.1, 6.34.3.2)", async () => {
    const made = await hub.call("GET", "/entityMaps?type=Mapped&q=a%3E3&entityMapLifetime=P3650D&entityMap=true");
    expect(made.status).to.equal(201);
    const map = (await made.json()) as { id: string; expiresAt: string; entityMap: Shown };
    expect(Object.keys(map.entityMap)).to.deep.equal(["urn:m:4", "urn:m:5"]);
    expect(Date.parse(map.expiresAt) - Date.now()).to.be.within(0, 3_600_000);
    const path = `/entityMaps/${encodeURIComponent(map.id)}`;
    const posted = await hub.call("POST", "/entityMaps", { type: "Query", entities: [{ type: "Mapped" }] });
    expect(posted.status).to.equal(201);
    const patch = (body: unknown) => hub.call("PATCH", path, body);
    expect((await patch({ expiresAt: "2999-01-01T00:00:00Z", entityMap: {} })).status).to.equal(204);
    expect((await patch({ expiresAt: "soon" })).status).to.equal(400);
    expect((await patch({ expiresAt: "2000-01-01T00:00:00Z" })).status).to.equal(204);
    for (const method of ["GET", "DELETE"]) expect((await hub.call(method, path)).status).to.equal(404);
    const other = mapOf(posted).split("/").at(-1);
    expect((await hub.call("DELETE", `/entityMaps/${other}`)).status).to.equal(204);
    expect((await hub.call("GET", `/entityMaps/${other}`)).status).to.equal(404);
    expect((await hub.call("GET", "/entityMaps/no%20uri")).status).to.equal(400);
  });

  it("holds what was within a time too (5.14.5, 6.35.3.1, 6.35.3.2)", async () => {
    const path = "/temporal/entityMaps?type=Mapped&timeproperty=createdAt&timerel=before&timeAt=";
    const made = await hub.call("GET", `${path}2999-01-01T00:00:00Z`);
    expect(made.status).to.equal(201);
    expect(mapOf(made)).to.contain("/entityMaps/");
    const { entityMap } = (await made.json()) as { entityMap: Shown };
    expect(Object.keys(entityMap)).to.have.length(5);
    const none = (await (await hub.call("GET", `${path}2000-01-01T00:00:00Z`)).json()) as { entityMap: Shown };
    expect(none.entityMap).to.deep.equal({});
    expect((await hub.call("GET", "/temporal/entityMaps?type=Mapped")).status).to.equal(400);
    const body = {
      type: "Query",
      entities: [{ type: "Mapped" }],
      temporalQ: { timerel: "after", timeAt: "2000-01-01T00:00:00Z", timeproperty: "createdAt" },
    };
    expect((await hub.call("POST", "/temporal/entityMaps", body)).status).to.equal(201);
  });

  for (const query of ["entityMap=perhaps", "entityMap=true&entityMapLifetime=5", "entityMapLifetime=PT5M"]) {
    it(`refuses ${query}`, async () => {
      expect((await hub.call("GET", `/entities?type=Mapped&${query}`)).status).to.equal(400);
    });
  }
});
