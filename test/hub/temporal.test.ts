import { expect } from "chai";
import { type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";
import { ModbusDevice } from "./modbus-device.ts";

const entity = "urn:ngsi-ld:Thing:1";
const mapping = (attribute: string): string => `twinweave: 1
source: plant
twin: { submodels: { Data: { id: "urn:test:thing" } }, entity: { id: "${entity}", type: Thing } }
points: { level: { from: "input:1", type: int, aas: Data.Level, ngsi: ${attribute} } }
`;

describe("the temporal API of a whole hub (rule 12)", function () {
  this.timeout(20_000);
  let device: ModbusDevice;
  let fixture: HubFixture;

  before(async () => {
    device = await new ModbusDevice().start();
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: [./things.yaml]
history: { pageInstances: 500 }
sources: { plant: { type: modbus, host: 127.0.0.1, port: ${device.port}, interval: 50 } }
`,
      "things.yaml": mapping("level"),
    });
    await fixture.hub.settled;
  });
  after(async () => {
    await fixture.close();
    await device.stop();
  });

  const past = `/ngsi-ld/v1/temporal/entities/${entity}`;
  const goodOf = (body: Json | undefined, name: string): readonly unknown[] => {
    const instances = (body?.[name] ?? []) as unknown as readonly { value: unknown; quality: { value: string } }[];
    return [...new Set(instances.filter(({ quality }) => quality?.value === "good").map(({ value }) => value))];
  };
  const shows = (value: number, attribute: string): Promise<unknown> =>
    fixture.until(`/ngsi-ld/v1/entities/${entity}`, ({ body }) => Number(body?.[attribute]?.value) === value);

  it("a signal's past is shown at the attribute that showed it then, a restart and a new name later (5.7.3)", async () => {
    device.input[1] = 11;
    await shows(11, "level");
    device.input[1] = 22;
    await shows(22, "level");
    await fixture.write({ "things.yaml": mapping("fill") });
    await fixture.request("POST", "/admin/mappings/reload");
    device.input[1] = 33;
    await shows(33, "fill");
    await fixture.restart();
    await fixture.hub.settled;
    const { body } = await fixture.get(past);
    expect(goodOf(body, "level")).to.include.members([11, 22]).and.not.include(33);
    expect(goodOf(body, "fill")).to.include(33).and.not.include(11);
    const window = "timerel=after&timeAt=2020-01-01T00:00:00Z";
    const found = await fixture.get(`/ngsi-ld/v1/temporal/entities?type=Thing&q=level==22&${window}`);
    expect(found.body?.[0]?.id).to.equal(entity);
    const most = await fixture.get(`${past}?${window}&attrs=fill&format=aggregatedValues&aggrMethods=max`);
    expect(most.body?.fill?.max?.[0]?.[0]).to.equal(33);
  });

  it("an entity that expires keeps its past, an attribute that expires takes it along (4.22)", async () => {
    const id = "urn:ngsi-ld:Alert:1";
    const expiresAt = new Date(Date.now() + 700).toISOString();
    const property = (more: object = {}) => ({ type: "Property", value: 1, ...more });
    const made = { id, type: "Alert", stays: property(), goes: property({ expiresAt }) };
    await fixture.request("POST", "/ngsi-ld/v1/entities", made);
    const own = `/ngsi-ld/v1/temporal/entities/${id}`;
    expect((await fixture.get(own)).body).to.have.property("goes");
    const swept = await fixture.until(own, ({ body }) => body?.goes === undefined, 5_000);
    expect(swept.body).to.have.property("stays");
    const soon = new Date(Date.now() + 300).toISOString();
    await fixture.request("PATCH", `/ngsi-ld/v1/entities/${id}`, { expiresAt: soon });
    await fixture.until(`/ngsi-ld/v1/entities/${id}`, ({ status }) => status === 404, 5_000);
    const window = "timerel=after&timeAt=2020-01-01T00:00:00Z&timeproperty=createdAt";
    const kept = await fixture.until(
      `/ngsi-ld/v1/temporal/entities?type=Alert&${window}`,
      ({ body }) => body?.length === 1,
      5_000,
    );
    expect(kept.body?.[0]).to.include({ id, type: "Alert" }).and.have.property("stays");
  });
});
