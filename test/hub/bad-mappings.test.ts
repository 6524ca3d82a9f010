import { expect } from "chai";
import { base64url, type HubFixture, hubFixture } from "./hub-fixture.ts";
import { ModbusDevice } from "./modbus-device.ts";

const entityPath = (name: string): string => `/ngsi-ld/v1/entities/urn:ngsi-ld:Thing:${name}`;

/** A file with one point, linked in both standards. */
const mapping = (name: string, register: number, more = ""): string => `twinweave: 1
source: plant
${more}twin:
  submodels: { Data: { id: "urn:test:data:${name}" } }
  entity: { id: "urn:ngsi-ld:Thing:${name}", type: Thing }
points:
  level:
    from: input:${register}:uint16
    type: int
    aas: Data.Level
    ngsi: level
`;

describe("bad cases: mapping files and tenants", function () {
  this.timeout(20_000);
  let device: ModbusDevice;
  let fixture: HubFixture;

  before(async () => {
    device = await new ModbusDevice().start();
    for (let register = 0; register < 20; register += 1) device.input[register] = 100 + register;
  });
  after(() => device.stop());
  afterEach(() => fixture?.close());

  const open = async (files: Readonly<Record<string, string>>): Promise<void> => {
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: [./mappings]
sources: { plant: { type: modbus, host: 127.0.0.1, port: ${device.port}, interval: 50 } }
`,
      ...files,
    });
    await fixture.hub.settled;
  };
  const shows = (name: string, value: number, tenant?: string): Promise<unknown> =>
    untilShown(fixture, name, value, tenant);
  const reload = async () => (await fixture.request("POST", "/admin/mappings/reload")).body;
  const problems = async (): Promise<string> => JSON.stringify((await fixture.get("/admin/mappings")).body?.problems);

  it("a broken file next to good ones: the good ones run, the problem names file and line", async () => {
    await open({
      "mappings/a.yaml": mapping("a", 1),
      "mappings/b.yaml": mapping("b", 2).replace("input:", "inputt:"),
      "mappings/c.yaml": "twinweave: 1\nsource: [plant\n",
      "mappings/d.yaml": mapping("d", 4),
      "mappings/e.yaml": "",
    });
    await shows("a", 101);
    await shows("d", 104);
    expect((await fixture.get(entityPath("b"))).status).to.equal(404);
    const told = await problems();
    expect(told)
      .to.match(/b\.yaml:\d+/)
      .and.match(/c\.yaml:\d+/)
      .and.match(/e\.yaml/);
    expect((await fixture.get("/ready")).status).to.equal(200);
  });

  it("a reload runs what was mended, and what is newly broken runs on as before", async () => {
    await open({
      "mappings/a.yaml": mapping("a", 1),
      "mappings/b.yaml": mapping("b", 2).replace("aas:", "ass:"),
    });
    await shows("a", 101);
    await fixture.write({ "mappings/a.yaml": `${mapping("a", 1)}  level: oops\n`, "mappings/b.yaml": mapping("b", 2) });
    const report = JSON.stringify(await reload());
    expect(report).to.contain("running-as-before");
    await shows("b", 102);
    device.input[1] = 201;
    await shows("a", 201);
    await fixture.write({ "mappings/a.yaml": mapping("a", 3) });
    await reload();
    await shows("a", 103);
    expect(await problems()).to.equal("[]");
    device.input[1] = 101;
  });

  it("a file taken away unlinks: the documents stay as they were, and clients may delete them", async () => {
    await open({ "mappings/a.yaml": mapping("a", 1), "mappings/b.yaml": mapping("b", 2) });
    await shows("b", 102);
    await fixture.write({ "mappings/b.yaml": mapping("z", 3) });
    await reload();
    await shows("z", 103);
    const left = await fixture.get(`${entityPath("b")}?options=keyValues`);
    expect(left.body).to.deep.equal({ id: "urn:ngsi-ld:Thing:b", type: "Thing" });
    expect((await fixture.request("DELETE", entityPath("b"))).status).to.equal(204);
    await shows("a", 101);
  });

  it("two files that claim one leaf: both places are named, the first runs", async () => {
    await open({ "mappings/a.yaml": mapping("same", 1), "mappings/b.yaml": mapping("same", 2) });
    await shows("same", 101);
    expect(await problems())
      .to.match(/a\.yaml:\d+/)
      .and.match(/b\.yaml:\d+/);
    const written = await fixture.request("DELETE", `/api/v3.1/submodels/${base64url("urn:test:data:same")}`);
    expect(written.status).to.equal(409);
  });

  it("a mapping over what a client has made is refused, unless it adopts it", async () => {
    await open({});
    const made = { id: "urn:ngsi-ld:Thing:mine", type: "Thing", colour: { type: "Property", value: "red" } };
    expect((await fixture.request("POST", "/ngsi-ld/v1/entities", made)).status).to.equal(201);
    await fixture.write({ "mappings/a.yaml": mapping("mine", 1), "mappings/b.yaml": mapping("b", 2) });
    await reload();
    expect(await problems())
      .to.match(/a\.yaml/)
      .and.contain("adopt");
    const refused = (await fixture.get(`${entityPath("mine")}?options=keyValues`)).body;
    expect(refused).to.deep.equal({ id: made.id, type: "Thing", colour: "red" });
    await shows("b", 102);
    await fixture.write({ "mappings/a.yaml": mapping("mine", 1, "adopt: true\n") });
    await reload();
    await shows("mine", 101);
    expect((await fixture.get(`${entityPath("mine")}?options=keyValues`)).body).to.include({ colour: "red" });
  });

  it("a tenant of a mapping is seen under its own header and path alone", async () => {
    await open({ "mappings/a.yaml": mapping("a", 1), "mappings/o.yaml": mapping("o", 2, "tenant: other\n") });
    await shows("a", 101);
    await shows("o", 102, "other");
    expect((await fixture.get(entityPath("o"))).status).to.equal(404);
    expect((await fixture.get(entityPath("a"), { "ngsild-tenant": "other" })).status).to.equal(404);
    const unknown = await fixture.get(entityPath("a"), { "ngsild-tenant": "nobody" });
    expect(unknown.status).to.equal(404);
    expect(unknown.body?.type).to.equal("https://uri.etsi.org/ngsi-ld/errors/NonexistentTenant");
    const value = (name: string): string =>
      `/api/v3.1/submodels/${base64url(`urn:test:data:${name}`)}/submodel-elements/Level/$value`;
    expect((await fixture.get(`/tenants/other${value("o")}`)).body).to.equal(102);
    expect((await fixture.get(value("o"))).status).to.equal(404);
    expect((await fixture.get(`/tenants/other${value("a")}`)).status).to.equal(404);
    const listed = (await fixture.get("/api/v3.1/submodels")).body?.result as unknown as { id: string }[];
    expect(listed.map(({ id }) => id)).to.deep.equal(["urn:test:data:a"]);
    const found = (await fixture.get("/ngsi-ld/v1/entities?type=Thing")).body as unknown as { id: string }[];
    expect(found.map(({ id }) => id)).to.deep.equal(["urn:ngsi-ld:Thing:a"]);
    await fixture.restart();
    await shows("o", 102, "other");
    expect((await fixture.get(entityPath("o"))).status).to.equal(404);
  });

  it("a hub without any file is empty, ready, and takes what clients make", async () => {
    fixture = await hubFixture({});
    await fixture.until("/ready", ({ status }) => status === 200);
    expect((await fixture.get("/api/v3.1/shells")).body?.result).to.deep.equal([]);
    expect((await fixture.get("/ngsi-ld/v1/entities?local=true")).body).to.deep.equal([]);
    expect((await fixture.get("/admin/sources")).body?.sources).to.deep.equal([]);
    const entity = { id: "urn:ngsi-ld:Thing:1", type: "Thing" };
    expect((await fixture.request("POST", "/ngsi-ld/v1/entities", entity)).status).to.equal(201);
  });
});

async function untilShown(fixture: HubFixture, name: string, value: number, tenant?: string): Promise<unknown> {
  const headers = tenant === undefined ? {} : { "ngsild-tenant": tenant };
  return await fixture.until(entityPath(name), ({ body }) => body?.level?.value === (value as unknown), 5_000, headers);
}
