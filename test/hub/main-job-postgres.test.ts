import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type DemoPlant, startDemoPlant } from "../../src/demo/demo-plant.ts";
import { requireForeign } from "../support/foreign-server.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { type Answer, base64url, type HubFixture, hubFixture } from "./hub-fixture.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const submodel = `/api/v3.1/submodels/${base64url("https://twinweave.example/sm/Pump01/operational-data")}`;
const ontology = "https://twinweave.example/ontology/pump-station#";
const entity = "/ngsi-ld/v1/entities/urn:ngsi-ld:Pump:Pump01";
const meter = "/ngsi-ld/v1/entities/urn:ngsi-ld:EnergyMeter:PS1";
const setpoint = `${submodel}/submodel-elements/SpeedSetpoint/$value`;

describe("the main job on PostgreSQL", function () {
  this.timeout(60_000);
  let server: PostgresServer;
  let plant: DemoPlant;
  let plantData: string;
  let fixture: HubFixture;

  before(async function () {
    server = await startPostgres(requireForeign(this, "postgres"));
    plantData = await mkdtemp(join(tmpdir(), "twinweave-plant-"));
    plant = await startDemoPlant({ dataDir: plantData, seed: 7, tickMs: 100 });
    const { opcua, mqtt, modbus } = plant.endpoints;
    fixture = await hubFixture({
      "twinweave.yaml": `
store: { postgres: "\${file:url}", postgresOwner: "\${file:owner}" }
mappings: ["${root}mappings"]
egress: { allowPrivate: true }
sources:
  pump-station: { type: opcua, endpoint: "${opcua}", security: None }
  sensors: { type: mqtt, url: "${mqtt}", version: "3.1.1" }
  meter: { type: modbus, host: ${modbus.host}, port: ${modbus.port}, unit: 1, interval: 200 }
`,
      url: server.url,
      owner: server.ownerUrl,
    });
    await fixture.hub.settled;
    await fixture.until(entity, (answer) =>
      ["vibrationX", "state", "wearIndex"].every((name) => attribute(answer, name)),
    );
  });
  after(async () => {
    await fixture?.close();
    await plant?.close();
    await rm(plantData, { recursive: true, force: true });
    await server?.stop();
  });

  const attribute = (answer: Answer, name: string) => answer.body?.[`${ontology}${name}`];
  const isGood = (answer: Answer, name: string): boolean => String(attribute(answer, name)?.quality?.value) === "good";
  const shown = (name: string) => fixture.until(entity, (answer) => isGood(answer, name), 30_000);

  it("weaves three protocols into both standards and writes back to the device", async () => {
    expect((await fixture.request("PATCH", setpoint, 61)).status).to.equal(204);
    expect((await fixture.get(setpoint)).body).to.equal(61);
    expect(attribute(await fixture.get(entity), "speedSetpoint")?.value).to.equal(61);
    expect(attribute(await fixture.get(meter), "frequency")?.value).to.be.closeTo(50, 1);
    const pumps = await fixture.get(`/ngsi-ld/v1/entities?type=${encodeURIComponent(`${ontology}Pump`)}&limit=1`);
    expect(pumps.body?.[0]?.id).to.equal("urn:ngsi-ld:Pump:Pump01");
  });

  it("goes on, from one moment to the next, when the database was killed", async () => {
    const observed = (answer: Answer): number => Date.parse(String(attribute(answer, "frequency")?.observedAt));
    const before = observed(await fixture.get(meter));
    await server.restart();
    await fixture.until(meter, (answer) => isGood(answer, "frequency") && observed(answer) > before + 2_000, 20_000);
  });

  it("is there again after a restart of the hub", async () => {
    await fixture.restart();
    await fixture.hub.settled;
    await shown("vibrationX");
    expect((await fixture.get(setpoint)).body).to.equal(61);
  });
});
