import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type DemoPlant, startDemoPlant } from "../../src/demo/demo-plant.ts";
import { type Answer, base64url, type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const submodel = `/api/v3.1/submodels/${base64url("https://twinweave.example/sm/Pump01/operational-data")}`;
const ontology = "https://twinweave.example/ontology/pump-station#";
const entity = "/ngsi-ld/v1/entities/urn:ngsi-ld:Pump:Pump01";

describe("the main job: plant, mapping files, AAS and NGSI-LD", function () {
  this.timeout(60_000);
  let plant: DemoPlant;
  let plantData: string;
  let fixture: HubFixture;

  before(async () => {
    plantData = await mkdtemp(join(tmpdir(), "twinweave-plant-"));
    plant = await startDemoPlant({ dataDir: plantData, seed: 7, tickMs: 100 });
    const { opcua, mqtt, modbus } = plant.endpoints;
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: ["${root}mappings"]
egress: { allowPrivate: true }
sources:
  pump-station: { type: opcua, endpoint: "${opcua}", security: None }
  sensors: { type: mqtt, url: "${mqtt}", version: "3.1.1" }
  meter: { type: modbus, host: ${modbus.host}, port: ${modbus.port}, unit: 1, interval: 200 }
`,
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
  });

  const attribute = (answer: Answer, name: string) => answer.body?.[`${ontology}${name}`];
  const setpoint = () => fixture.get(`${submodel}/submodel-elements/SpeedSetpoint/$value`);
  const writeSetpoint = (value: number) =>
    fixture.request("PATCH", `${submodel}/submodel-elements/SpeedSetpoint/$value`, value);
  const writeAttribute = (value: number, name = "speedSetpoint") =>
    fixture.request("PATCH", `${entity}/attrs/${encodeURIComponent(ontology + name)}`, { type: "Property", value });

  it("lets the shell's descriptor name its entity, and the entity its shell", async () => {
    const shell = "https://twinweave.example/aas/Pump01";
    const descriptor = (await fixture.get(`/api/v3.1/shell-descriptors/${base64url(shell)}`)).body;
    const [name] = (descriptor?.specificAssetIds ?? []) as unknown as Json[];
    expect(name).to.deep.equal({ name: "ngsiLdEntity", value: "urn:ngsi-ld:Pump:Pump01" });
    const endpoints = (descriptor?.endpoints ?? []) as unknown as Json[];
    const endpoint = endpoints.find((one) => String(one.interface).startsWith("NGSI-LD-"));
    const href = String(endpoint?.protocolInformation?.href);
    const found: Json = JSON.parse(await (await fetch(href)).text());
    expect(found.id).to.equal("urn:ngsi-ld:Pump:Pump01");
    expect(found.assetAdministrationShell?.value).to.equal(shell);
    const link = [{ name: "ngsiLdEntity", value: "urn:ngsi-ld:Pump:Pump01" }];
    expect((await fixture.request("POST", "/api/v3.1/lookup/shellsByAssetLink", link)).body?.result).to.deep.equal([
      shell,
    ]);
  });

  it("shows one signal in both standards, with quality and the source's time", async () => {
    const property = (await fixture.get(`${submodel}/submodel-elements/NumberOfStarts`)).body;
    const shown = attribute(await fixture.get(entity), "numberOfStarts");
    expect(property?.value).to.equal(String(shown?.value));
    expect(shown?.quality?.value).to.equal("good");
    expect(Date.parse(String(shown?.observedAt))).to.be.closeTo(Date.now(), 60_000);
    const kinds = Array.from(property?.qualifiers as never as { kind: string }[], (one) => one.kind);
    expect(kinds).to.include("ValueQualifier");
  });

  it("weaves three protocols into one entity", async () => {
    const answer = await fixture.get(entity);
    expect(attribute(answer, "state")?.value).to.be.a("string");
    expect(attribute(answer, "vibrationX")?.unitCode).to.equal("C16");
    const meter = await fixture.get("/ngsi-ld/v1/entities/urn:ngsi-ld:EnergyMeter:PS1");
    expect(attribute(meter, "frequency")?.value).to.be.closeTo(50, 1);
  });

  it("writes through the AAS API to the device first, and both standards show it", async () => {
    expect((await writeSetpoint(61)).status).to.equal(204);
    expect((await setpoint()).body).to.equal(61);
    expect(attribute(await fixture.get(entity), "speedSetpoint")?.value).to.equal(61);
  });

  it("writes through the NGSI-LD API too", async () => {
    expect((await writeAttribute(62)).status).to.equal(204);
    expect((await setpoint()).body).to.equal(62);
  });

  it("writes to Modbus, with readback", async () => {
    const meter = "/ngsi-ld/v1/entities/urn:ngsi-ld:EnergyMeter:PS1";
    const path = `${meter}/attrs/${encodeURIComponent(`${ontology}demandLimit`)}`;
    expect((await fixture.request("PATCH", path, { type: "Property", value: 77 })).status).to.equal(204);
    expect(attribute(await fixture.get(meter), "demandLimit")?.value).to.equal(77);
  });

  it("refuses what the mapping forbids, naming its line, and the device never hears of it", async () => {
    const refused = await writeSetpoint(200);
    expect(refused.status).to.equal(400);
    expect(JSON.stringify(refused.body)).to.match(/pumps\.yaml:\d+/);
    const readOnly = await fixture.request("PATCH", `${submodel}/submodel-elements/Speed/$value`, 1);
    expect(readOnly.status).to.equal(403);
    expect((await writeAttribute(1, "speed")).status).to.equal(409);
  });

  it("says 502 where the device refuses or is away, and changes nothing", async () => {
    await plant.setFault({ fault: "opcua-closed" }, true);
    await fixture.until("/admin/sources/pump-station", ({ body }) => String(body?.state) !== "connected");
    const before = (await setpoint()).body;
    expect((await writeSetpoint(70)).status).to.equal(502);
    expect((await setpoint()).body).to.equal(before);
    const shown = await fixture.until(
      entity,
      (answer) => String(attribute(answer, "speed")?.quality?.value) !== "good",
    );
    expect(attribute(shown, "speed")?.quality?.value).to.equal("uncertain");
    const property = await fixture.get(`${submodel}/submodel-elements/Speed`);
    expect(JSON.stringify(property.body?.qualifiers)).to.contain("uncertain");
    const simple = await fixture.get(`${entity}?options=keyValues`);
    expect(simple.headers.get("ngsild-warning")).to.match(/^110/);
    await plant.setFault({ fault: "opcua-closed" }, false);
    await fixture.until(entity, (answer) => String(attribute(answer, "speed")?.quality?.value) === "good", 40_000);
  });

  it("shows a failed sensor as bad and holds its last value", async () => {
    const fault = { fault: "sensor-failure", pump: "Pump01" } as const;
    await plant.setFault(fault, true);
    const answer = await fixture.until(entity, (one) => String(attribute(one, "volumeFlow")?.quality?.value) === "bad");
    expect(attribute(answer, "volumeFlow")?.value).to.be.a("number");
    await plant.setFault(fault, false);
    await fixture.until(entity, (one) => String(attribute(one, "volumeFlow")?.quality?.value) === "good");
  });

  it("notifies a subscriber, through the outbox", async () => {
    const received: string[] = [];
    const server: Server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      received.push(Buffer.concat(chunks).toString());
      response.writeHead(204).end();
      server.emit("notified");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const made = await fixture.request("POST", "/ngsi-ld/v1/subscriptions", {
      type: "Subscription",
      entities: [{ type: `${ontology}Pump` }],
      watchedAttributes: [`${ontology}speedSetpoint`],
      notification: { endpoint: { uri: `http://127.0.0.1:${port}/n`, accept: "application/json" } },
    });
    expect(made.status).to.equal(201);
    const notified = once(server, "notified");
    await writeSetpoint(64);
    await notified;
    expect(received[0]).to.contain('"Notification"').and.contain("64");
    server.close();
  });

  it("shows the same after a restart, as memory until the source speaks, then live", async () => {
    await writeSetpoint(65);
    await fixture.restart();
    const first = attribute(await fixture.until(entity, (answer) => answer.status === 200), "speedSetpoint");
    expect(first?.value).to.equal(65);
    await fixture.hub.settled;
    await fixture.until(entity, (answer) => String(attribute(answer, "speedSetpoint")?.quality?.value) === "good");
  });

  it("a document write never actuates, and a delete does not unlink (rules 5 and 6)", async () => {
    const document = (await fixture.get(submodel)).body;
    await writeSetpoint(50);
    const put = await fixture.request("PUT", submodel, document);
    expect(put.status).to.equal(204);
    expect((await setpoint()).body).to.equal(50);
    expect((await fixture.request("DELETE", submodel)).status).to.equal(409);
    const removed = await fixture.request("DELETE", entity);
    expect(removed.status).to.be.oneOf([207, 409]);
    expect(JSON.stringify(removed.body)).to.match(/pumps\.yaml:\d+/);
    expect(attribute(await fixture.get(entity), "speedSetpoint")?.value).to.equal(50);
  });
});
