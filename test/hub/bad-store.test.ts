import { expect } from "chai";
import { loadConfig } from "../../src/config/load.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { startHub } from "../../src/hub/hub.ts";
import { type Answer, type HubFixture, hubFixture } from "./hub-fixture.ts";
import { type MqttPlant, startMqttPlant } from "./mqtt-plant.ts";

const filler = "x".repeat(100_000);
const refusing = 'twinweave_ingest_refused{tenant="default"} 1';
const entity = "/ngsi-ld/v1/entities/urn:ngsi-ld:Thing:1";

describe("bad cases: the data folder", function () {
  this.timeout(30_000);
  let fixture: HubFixture;
  let broker: MqttPlant;

  before(async () => {
    broker = await startMqttPlant();
  });
  after(() => broker.close());
  afterEach(() => fixture.close());

  const metric = async (name: string): Promise<number> => {
    const text = String((await fixture.get("/metrics")).body);
    return Number(new RegExp(`^twinweave_${name}\\{tenant="default"\\} (.+)$`, "m").exec(text)?.[1]);
  };
  const config = (budget: string): string => `
mappings: [./things.yaml]
store: { diskBudget: ${budget} }
sources: { plant: { type: mqtt, url: "${broker.url}", version: "3.1.1" } }
`;

  /** A hub with room for little, that has seen the value 1. */
  async function open(topic: string): Promise<void> {
    fixture = await hubFixture({
      "twinweave.yaml": config("1 MiB"),
      "things.yaml": `twinweave: 1
source: plant
twin: { entity: { id: "urn:ngsi-ld:Thing:1", type: Thing } }
points: { level: { from: ${topic}, type: double, ngsi: level } }
`,
    });
    await fixture.hub.settled;
    await broker.publish(topic, "1");
    await fixture.until(entity, ({ body }) => Number(body?.level?.value) === 1);
  }

  /** Makes entities until the store refuses one. */
  async function fill(): Promise<{ made: string[]; full: Answer }> {
    const made: string[] = [];
    for (;;) {
      const id = `urn:ngsi-ld:Filler:${made.length}`;
      const body = { id, type: "Filler", text: { type: "Property", value: filler } };
      const answer = await fixture.request("POST", "/ngsi-ld/v1/entities", body);
      if (answer.status !== 201) return { made, full: answer };
      made.push(id);
      expect(made.length, "entities in a store of 1 MiB").to.be.below(100);
    }
  }

  it("a second hub on the same data folder is refused, and the first does not notice", async () => {
    fixture = await hubFixture({});
    await fixture.until("/ready", ({ status }) => status === 200);
    const flags = { "http.port": 0, "store.sqlite": `${fixture.folder}/data` };
    const second = await startHub(await loadConfig({ env: {}, flags }), silentLogger).then(
      () => "it started",
      (thrown: { code?: string }) => thrown.code,
    );
    expect(second).to.equal("store-busy");
    const made = await fixture.request("POST", "/ngsi-ld/v1/entities", { id: "urn:ngsi-ld:Thing:1", type: "Thing" });
    expect(made.status).to.equal(201);
  });

  it("a full disk: 507 for clients, readings held back and told, reads go on, and all is sound after a restart", async () => {
    await open("plant/level");
    const { made, full } = await fill();
    expect(full.status).to.equal(507);
    expect(JSON.stringify(full.body)).to.contain("budget");
    const submodel = { modelType: "Submodel", id: "urn:test:more" };
    expect((await fixture.request("POST", "/api/v3.1/submodels", submodel)).status).to.equal(507);
    await broker.publish("plant/level", "2");
    await fixture.until("/metrics", ({ body }) => String(body).includes(refusing));
    expect(await metric("store_bytes")).to.be.at.least(await metric("store_budget_bytes"));
    expect(await metric("ingest_queue")).to.be.at.least(1);
    const held = await fixture.get(`${entity}?options=keyValues`);
    expect(held.body).to.include({ level: 1 });
    expect((await fixture.get(`/ngsi-ld/v1/entities/${made[0]}`)).status).to.equal(200);
    expect((await fixture.request("DELETE", `/ngsi-ld/v1/entities/${made.pop()}`)).status).to.equal(204);
    expect((await fixture.request("DELETE", `/ngsi-ld/v1/entities/${made.pop()}`)).status).to.equal(204);
    await fixture.until(entity, ({ body }) => Number(body?.level?.value) === 2);
    await fixture.write({ "twinweave.yaml": config("100 MiB") });
    await fixture.restart();
    await fixture.until(entity, ({ body }) => Number(body?.level?.value) === 2);
    for (const id of made) {
      expect((await fixture.get(`/ngsi-ld/v1/entities/${id}?options=keyValues`)).body).to.include({ text: filler });
    }
    await fixture.hub.settled;
    await broker.publish("plant/level", "3");
    await fixture.until(entity, ({ body }) => Number(body?.level?.value) === 3);
  });

  it("a hub that starts with a full store runs its mappings and can be emptied by clients", async () => {
    await open("plant/third");
    const { made } = await fill();
    await fixture.restart();
    await fixture.until("/ready", ({ status }) => status === 200);
    expect((await fixture.get(`${entity}?options=keyValues`)).body).to.include({ level: 1 });
    for (const id of made) {
      expect((await fixture.request("DELETE", `/ngsi-ld/v1/entities/${id}`)).status).to.equal(204);
    }
    await broker.publish("plant/third", "2");
    await fixture.until(entity, ({ body }) => Number(body?.level?.value) === 2);
  });

  it("a hub that is stopped while its store is full stops in time; what it did not acknowledge comes again", async () => {
    await open("plant/other");
    await fill();
    await broker.publish("plant/other", "2");
    await fixture.until("/metrics", ({ body }) => String(body).includes(refusing));
    await fixture.write({ "twinweave.yaml": config("100 MiB") });
    const begun = Date.now();
    await fixture.restart();
    expect(Date.now() - begun).to.be.below(10_000);
    await fixture.until(entity, ({ body }) => Number(body?.level?.value) === 2);
  });
});
