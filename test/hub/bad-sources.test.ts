import { expect } from "chai";
import { DataType } from "node-opcua";
import { freePort } from "../support/free-port.ts";
import { type Answer, base64url, type HubFixture, hubFixture } from "./hub-fixture.ts";
import { ModbusDevice } from "./modbus-device.ts";
import { type MqttPlant, startMqttPlant } from "./mqtt-plant.ts";
import { type OpcUaPlant, plantNamespace, startOpcUaPlant } from "./opcua-plant.ts";

const entity = "/ngsi-ld/v1/entities/urn:ngsi-ld:Thing:1";
const shownValue = ({ body }: Answer, name: string): unknown => body?.[name]?.value;
const qualityOf = ({ body }: Answer, name: string): unknown => body?.[name]?.quality?.value;

describe("bad cases: sources that are down, come back changed, or talk nonsense", function () {
  this.timeout(30_000);
  let fixture: HubFixture | undefined;
  const closers: (() => Promise<void>)[] = [];

  afterEach(async () => {
    await fixture?.close();
    fixture = undefined;
    for (const close of closers.splice(0)) await close();
  });
  const keep = <T extends { close(): Promise<void> }>(plant: T): T => {
    closers.push(() => plant.close());
    return plant;
  };

  it("a source that is down at start joins when it comes up; others do not wait for it", async () => {
    const port = await freePort();
    const device = await new ModbusDevice().start();
    closers.push(() => device.stop());
    device.input[0] = 5;
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: [./mappings]
sources:
  late: { type: opcua, endpoint: "opc.tcp://127.0.0.1:${port}", security: None }
  early: { type: modbus, host: 127.0.0.1, port: ${device.port}, interval: 50 }
`,
      "mappings/late.yaml": `twinweave: 1
source: late
forEach: { browse: "Objects/Line*", as: line }
twin: { entity: { id: "urn:ngsi-ld:Line:{line.name}", type: Line } }
points: { level: { from: "Level", ngsi: level } }
`,
      "mappings/early.yaml": `twinweave: 1
source: early
twin: { entity: { id: "urn:ngsi-ld:Thing:1", type: Thing } }
points: { level: { from: "input:0:uint16", ngsi: level } }
`,
    });
    await fixture.until(entity, (answer) => shownValue(answer, "level") === 5);
    const report = (await fixture.get("/admin/mappings")).body;
    expect(JSON.stringify(report)).to.contain("waiting-for-source");
    expect((await fixture.get("/ready")).status).to.equal(200);
    keep(
      await startOpcUaPlant({
        port,
        variables: [],
        folders: { Line1: [{ name: "Level", dataType: DataType.Double, value: 7 }] },
      }),
    );
    await fixture.until("/ngsi-ld/v1/entities/urn:ngsi-ld:Line:Line1", (answer) => shownValue(answer, "level") === 7);
    await fixture.hub.settled;
    expect(JSON.stringify((await fixture.get("/admin/mappings")).body)).not.to.contain("waiting-for-source");
  });

  it("a server killed and back with its namespaces shifted: values come back by themselves", async () => {
    const variables = [
      { name: "Level", dataType: DataType.Double, value: 1 },
      { name: "Gone", dataType: DataType.Double, value: 2 },
    ];
    const first: OpcUaPlant = await startOpcUaPlant({ variables });
    const { port } = first;
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: [./things.yaml]
sources: { plant: { type: opcua, endpoint: "${first.endpoint}", security: None, publishingInterval: 50 } }
`,
      "things.yaml": `twinweave: 1
source: plant
twin: { submodels: { Data: { id: "urn:test:thing" } }, entity: { id: "urn:ngsi-ld:Thing:1", type: Thing } }
points:
  level: { from: "nsu=${plantNamespace};s=Level", write: true, aas: Data.Level, ngsi: level }
  gone: { from: "nsu=${plantNamespace};s=Gone", aas: Data.Gone, ngsi: gone }
`,
    });
    await fixture.until(entity, (answer) => shownValue(answer, "level") === 1 && shownValue(answer, "gone") === 2);
    await first.close();
    await fixture.until(entity, (answer) => qualityOf(answer, "level") !== "good");
    const changed = [
      { name: "Level", dataType: DataType.Double, value: 11 },
      { name: "Added", dataType: DataType.Double, value: 3 },
    ];
    const second = keep(
      await startOpcUaPlant({ port, variables: changed, namespacesBefore: ["urn:test:other", "urn:test:third"] }),
    );
    const back = await fixture.until(entity, (answer) => shownValue(answer, "level") === 11);
    expect(qualityOf(back, "level")).to.equal("good");
    expect(shownValue(back, "gone")).to.equal(2);
    expect(qualityOf(back, "gone")).not.to.equal("good");
    const tags = JSON.stringify((await fixture.get("/admin/sources/plant/tags")).body);
    expect(tags).to.contain("s=Gone");
    const path = `/api/v3.1/submodels/${base64url("urn:test:thing")}/submodel-elements/Level/$value`;
    expect((await fixture.request("PATCH", path, 12.5)).status).to.equal(204);
    second.set("Level", 13);
    await fixture.until(entity, (answer) => shownValue(answer, "level") === 13);
  });

  it("a payload that is not JSON makes its own points bad, holds their values, and mends with the next", async () => {
    const broker: MqttPlant = keep(await startMqttPlant());
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: [./things.yaml]
sources: { plant: { type: mqtt, url: "${broker.url}", version: "3.1.1" } }
`,
      "things.yaml": `twinweave: 1
source: plant
twin: { entity: { id: "urn:ngsi-ld:Thing:1", type: Thing } }
points:
  level: { from: { topic: plant/a, field: level }, type: double, ngsi: level }
  other: { from: { topic: plant/b, field: level }, type: double, ngsi: other }
`,
    });
    await fixture.hub.settled;
    await broker.publish("plant/a", '{"level":1}', true);
    await broker.publish("plant/b", '{"level":2}', true);
    await fixture.until(entity, (answer) => shownValue(answer, "level") === 1 && shownValue(answer, "other") === 2);
    for (const nonsense of [
      "level=1",
      '{"level":',
      "",
      Buffer.from([0xff, 0xfe]),
      '{"level":"7"}',
      '{"level":null}',
      "[]",
    ]) {
      await broker.publish("plant/a", nonsense);
      const bad = await fixture.until(entity, (answer) => qualityOf(answer, "level") === "bad");
      expect(shownValue(bad, "level")).to.equal(1);
      expect(qualityOf(bad, "other")).to.equal("good");
      await broker.publish("plant/a", '{"level":1}');
      await fixture.until(entity, (answer) => qualityOf(answer, "level") === "good");
    }
  });
});
