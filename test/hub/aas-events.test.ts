import { expect } from "chai";
import type { MqttClient } from "mqtt";
import { ForeignBroker } from "../southbound/mqtt/foreign-broker.ts";
import { requireForeign } from "../support/foreign-server.ts";
import { type HttpReceiver, httpReceiver } from "./http-receiver.ts";
import { base64url, type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";
import { ModbusDevice } from "./modbus-device.ts";

const submodel = "urn:test:tank:data";
const shell = "urn:test:tank";
const semanticId = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:test:semantic" }] };
const note = (value: string) => ({ modelType: "Property", idShort: "Note", valueType: "xs:string", value, semanticId });
const schemas = "https://api.swaggerhub.com/domains/Plattform_i40/Part1-MetaModel-Schemas/V3.1.0#/components/schemas/";

/** Messages of one topic filter, in order; `next` waits for one that fits. */
class Listener {
  readonly seen: { readonly topic: string; readonly type: string | undefined; readonly body: Json }[] = [];
  readonly #client: MqttClient;

  constructor(client: MqttClient) {
    this.#client = client;
    client.on("message", (topic, payload, { properties }) => {
      this.seen.push({ topic, type: properties?.contentType, body: JSON.parse(payload.toString()) });
    });
  }

  async next(fits: (body: Json, topic: string) => boolean): Promise<Json> {
    for (;;) {
      const found = this.seen.find(({ body, topic }) => fits(body, topic));
      if (found !== undefined) return found.body;
      await new Promise((resolve) => this.#client.once("message", resolve));
    }
  }
}

describe("AAS events of a hub", () => {
  let broker: ForeignBroker;
  let client: MqttClient;
  let slim: Listener;
  let receiver: HttpReceiver;
  let device: ModbusDevice;
  let fixture: HubFixture;
  const path = `/api/v3.1/submodels/${base64url(submodel)}`;
  const isEvent =
    (type: string, source: string) =>
    (body: Json): boolean =>
      String(body.type) === `io.admin-shell.events.v1.${type}` && String(body.source).endsWith(source);
  const webhook = async (type: string, source: string): Promise<Json> =>
    JSON.parse(await receiver.next((text) => isEvent(type, source)(JSON.parse(text))));

  before(async function () {
    broker = await ForeignBroker.start(requireForeign(this, "mosquitto"));
    client = await broker.client();
    slim = new Listener(client);
    await client.subscribeAsync("plant/#");
    receiver = await httpReceiver();
    device = await new ModbusDevice().start();
    device.holding[0] = 7;
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: [./mappings]
sources:
  plant: { type: modbus, host: 127.0.0.1, port: ${device.port}, interval: 100 }
aas:
  events:
    - { name: broker, url: "mqtt://127.0.0.1:${broker.port}", topic: "plant/{tenant}/{type}", minInterval: 1s }
    - { name: hook, url: "${receiver.url}", content: full, minInterval: 0s }
    - { name: elements, url: "mqtt://127.0.0.1:${broker.port}", topic: plant/events, form: event-payload, content: full, version: "3.1.1", qos: 0 }
`,
      "mappings/tank.yaml": `twinweave: 1
source: plant
twin:
  shell: { id: "${shell}", idShort: Tank, assetId: "urn:test:asset:tank" }
  submodels: { Live: { id: "urn:test:tank:live" } }
operations:
  fill: { aas: Live.Fill, set: { level: arguments.Level }, input: { Level: { type: int } } }
points:
  level: { from: "holding:0", type: int, aas: Live.Level, write: { min: 0, max: 9000 } }
`,
    });
    await fixture.hub.settled;
  });

  after(async () => {
    await fixture?.close();
    await device?.stop();
    await receiver?.close();
    await client?.endAsync(true);
    await broker?.remove();
  });

  it("a new submodel and a new element: created, slim over MQTT and full to a webhook", async () => {
    const body = { modelType: "Submodel", id: submodel, idShort: "Data", submodelElements: [note("a")] };
    expect((await fixture.request("POST", "/api/v3.1/submodels", body)).status).to.equal(201);
    const source = `${fixture.hub.url}${path}`;
    const event = await slim.next(isEvent("created", path));
    expect(event).to.include({ specversion: "1.0", source, dataschema: `${schemas}Submodel` });
    expect(event).not.to.have.property("data");
    const first = slim.seen.find((one) => one.body === event);
    expect(first).to.include({ topic: "plant/default/created", type: "application/cloudevents+json; charset=utf-8" });
    expect((await webhook("created", path)).data).to.deep.include({ id: submodel, submodelElements: [note("a")] });

    const element = { ...note("x"), idShort: "Other" };
    expect((await fixture.request("POST", `${path}/submodel-elements`, element)).status).to.equal(201);
    const created = await slim.next((one) => isEvent("created", path)(one) && one.subject !== undefined);
    expect(created).to.include({ subject: "Other", semanticid: "urn:test:semantic", dataschema: `${schemas}Property` });
  });

  it("another value, another element, a deletion: each its own type", async () => {
    const at = `${path}/submodel-elements/Note`;
    expect((await fixture.request("PATCH", `${at}/$value`, "b")).status).to.equal(204);
    expect((await webhook("valueChanged", at)).data).to.deep.equal(note("b"));
    expect((await fixture.request("PUT", at, note("c"))).status).to.equal(204);
    await receiver.next((text) => text.includes('"value":"c"') && text.includes("valueChanged"));
    expect((await fixture.request("PUT", at, { ...note("c"), category: "PARAMETER" })).status).to.equal(204);
    expect((await webhook("updated", at)).data).to.include({ category: "PARAMETER" });
    expect((await fixture.request("PUT", at, { ...note("c"), category: "PARAMETER" })).status).to.equal(204);
    expect((await fixture.request("DELETE", at)).status).to.equal(204);
    const deleted = await webhook("deleted", at);
    expect(deleted).to.include({ dataschema: `${schemas}Property` });
    expect(deleted).not.to.have.property("data");
    const updates = receiver.received.filter((text) => isEvent("updated", at)(JSON.parse(text)));
    expect(updates, "a PUT that changes nothing is no event").to.have.length(1);
  });

  it("a linked element tells its device's values; a fast one is spaced and its last value is never left out", async () => {
    const live = `/api/v3.1/submodels/${base64url("urn:test:tank:live")}/submodel-elements/Level`;
    for (let value = 101; value <= 112; value += 1) {
      device.holding[0] = value;
      await fixture.until(`${live}/$value`, ({ body }) => Number(body) === value);
    }
    const full = await receiver.next((text) => text.includes('"value":"112"'));
    expect(JSON.parse(full)).to.include({ type: "io.admin-shell.events.v1.valueChanged" });
    const spaced = (): Json[] => slim.seen.map(({ body }) => body).filter(isEvent("valueChanged", live));
    const last = Date.parse(String(JSON.parse(full).time));
    await slim.next((body) => isEvent("valueChanged", live)(body) && Date.parse(String(body.time)) >= last - 1);
    const all = receiver.received.filter((text) => isEvent("valueChanged", live)(JSON.parse(text)));
    expect(all.length, "without an interval each change is told").to.be.greaterThan(10);
    expect(spaced().length).to.be.lessThan(all.length / 2);
  });

  it("a BasicEventElement sends the metamodel's EventPayload of what it observes", async () => {
    const observed = { type: "ModelReference", keys: [{ type: "Submodel", value: submodel }] };
    const event = { modelType: "BasicEventElement", idShort: "Watch", direction: "output", state: "on", observed };
    const topic = { messageTopic: "tank/data", semanticId, maxInterval: "PT1S" };
    expect((await fixture.request("POST", `${path}/submodel-elements`, { ...event, ...topic })).status).to.equal(201);
    const isWatch = (body: Json, at: string): boolean => at === "plant/events/tank/data" && body.payload !== undefined;
    const overdue = await slim.next(isWatch);
    expect(overdue.source).to.deep.equal({
      type: "ModelReference",
      keys: [
        { type: "Submodel", value: submodel },
        { type: "BasicEventElement", value: "Watch" },
      ],
    });
    expect(overdue).to.deep.include({
      observableReference: observed,
      sourceSemanticId: semanticId,
      topic: "tank/data",
    });
    expect((await fixture.request("PATCH", `${path}/submodel-elements/Other/$value`, "seen")).status).to.equal(204);
    const told = await slim.next(
      (body, at) => isWatch(body, at) && decoded(body).data?.idShort?.toString() === "Other",
    );
    expect(decoded(told)).to.deep.include({ type: "valueChanged", data: { ...note("seen"), idShort: "Other" } });
  });

  it("an operation tells when it begins and how it ends", async () => {
    const at = `/api/v3.1/submodels/${base64url("urn:test:tank:live")}/submodel-elements/Fill`;
    const answer = await fixture.request("POST", `${at}/invoke/$value`, { inputArguments: { Level: 55 } });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    const { data } = await webhook("invoked", at);
    expect(data?.inputArguments?.[0]?.value).to.include({ idShort: "Level", value: "55" });
    expect((await webhook("finished", at)).data).to.include({ executionState: "Completed", success: true });
    expect(await slim.next(isEvent("finished", at))).not.to.have.property("data");
  });

  it("what is owed outlives a broker that is away", async () => {
    await broker.kill();
    expect((await fixture.request("PATCH", `${path}/submodel-elements/Other/$value`, "while away")).status).to.equal(
      204,
    );
    await broker.restart();
    await client.subscribeAsync("plant/#");
    const at = `${path}/submodel-elements/Other`;
    const before = slim.seen.length;
    await slim.next(
      (body) => isEvent("valueChanged", at)(body) && slim.seen.findIndex((one) => one.body === body) >= before,
    );
  });
});

function decoded(body: Json): Json {
  return JSON.parse(Buffer.from(String(body.payload), "base64").toString());
}
