import { expect } from "chai";
import type { MqttClient } from "mqtt";
import { ForeignBroker } from "../southbound/mqtt/foreign-broker.ts";
import { requireForeign } from "../support/foreign-server.ts";
import { type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";

interface Message {
  readonly topic: string;
  readonly qos: number;
  readonly json: Json;
}

/** Notifications over MQTT, against a mosquitto: CIM 009 clause 7. */
describe("A hub's notifications over MQTT (7.1, 7.2)", () => {
  let broker: ForeignBroker;
  let client: MqttClient;
  let fixture: HubFixture;
  const seen: Message[] = [];
  let wake = (): void => {};

  before(async function () {
    broker = await ForeignBroker.start(requireForeign(this, "mosquitto"));
    client = await broker.client();
    client.on("message", (topic, payload, { qos }) => {
      seen.push({ topic, qos, json: JSON.parse(payload.toString()) });
      wake();
    });
    await client.subscribeAsync("#", { qos: 2 });
    fixture = await hubFixture({ "twinweave.yaml": "egress: { allowPrivate: true }\n" });
  });
  after(async () => {
    await fixture?.close();
    await client?.endAsync(true);
    await broker?.remove();
  });

  const next = async (topic: string): Promise<Message> => {
    for (;;) {
      const at = seen.findIndex((message) => message.topic === topic);
      if (at >= 0) return seen.splice(at, 1)[0] as Message;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const subscribe = async (type: string, topic: string, endpoint: object = {}, uri = broker.url) => {
    const notification = { endpoint: { uri: `${uri}/${topic}`, ...endpoint } };
    const body = { type: "Subscription", entities: [{ type }], notification };
    return await fixture.request("POST", "/ngsi-ld/v1/subscriptions", body);
  };
  const make = (type: string) =>
    fixture.request("POST", "/ngsi-ld/v1/entities", { id: `urn:x:${type}`, type, a: { type: "Property", value: 1 } });

  it("as {metadata, body}, with the receiver's information and a Link to the context", async () => {
    const receiverInfo = [{ key: "Authorization", value: "Bearer x" }];
    expect((await subscribe("A", "plant/line%201", { receiverInfo })).status).to.equal(201);
    await make("A");
    const { json, qos } = await next("plant/line 1");
    expect(qos).to.equal(0);
    expect(json).to.have.all.keys("metadata", "body");
    expect(json.metadata).to.include({ "Content-Type": "application/json", Authorization: "Bearer x" });
    expect(json.metadata?.Link).to.match(/^<.*>; rel="http:\/\/www.w3.org\/ns\/json-ld#context"/);
    expect(json.body).to.include({ type: "Notification" });
    expect(json.body?.data).to.deep.equal([{ id: "urn:x:A", type: "A", a: { type: "Property", value: 1 } }]);
  });

  it("in the version and with the quality of service that notifierInfo names", async () => {
    for (const [version, type] of [
      ["mqtt3.1.1", "B"],
      ["mqtt5.0", "C"],
    ] as const) {
      const notifierInfo = [
        { key: "MQTT-Version", value: version },
        { key: "MQTT-QoS", value: "2" },
      ];
      const endpoint = { notifierInfo, accept: "application/ld+json" };
      expect((await subscribe(type, type, endpoint)).status).to.equal(201);
      await make(type);
      const { json, qos } = await next(type);
      expect(qos).to.equal(2);
      expect(json.metadata).to.deep.equal({ "Content-Type": "application/ld+json" });
      expect(json.body).to.have.property("@context");
    }
  });

  it("waits for a broker that is away, and counts (5.2.14.2)", async () => {
    const notifierInfo = [{ key: "MQTT-QoS", value: "1" }];
    const { headers } = await subscribe("D", "d", { notifierInfo });
    await broker.kill();
    await make("D");
    const path = headers.get("location") ?? "";
    await fixture.until(path, ({ body }) => body?.notification?.status === ("failed" as unknown));
    await broker.restart();
    await client.subscribeAsync("#", { qos: 2 });
    expect((await next("d")).json.body?.data?.[0]).to.include({ id: "urn:x:D" });
    const { body } = await fixture.until(path, (answer) => answer.body?.notification?.status === ("ok" as unknown));
    expect(body?.notification).to.include({ timesSent: 1, timesFailed: 1 });
  });

  const refused: readonly (readonly [string, string, object])[] = [
    ["no topic", "", {}],
    ["a wildcard in the topic", "a/%23", {}],
    ["a version that there is not", "a", { notifierInfo: [{ key: "MQTT-Version", value: "mqtt6" }] }],
    ["a quality of service that there is not", "a", { notifierInfo: [{ key: "MQTT-QoS", value: "3" }] }],
  ];
  for (const [what, topic, endpoint] of refused) {
    it(`refuses ${what}`, async () => {
      expect((await subscribe("E", topic, endpoint)).status).to.equal(400);
    });
  }

  it("reaches no private broker unless the operator allows it", async () => {
    const guarded = await hubFixture({});
    const notification = (uri: string) => ({ endpoint: { uri } });
    const create = (uri: string) =>
      guarded.request("POST", "/ngsi-ld/v1/subscriptions", {
        type: "Subscription",
        entities: [{ type: "A" }],
        notification: notification(uri),
      });
    try {
      expect((await create(`${broker.url}/a`)).status).to.be.within(400, 403);
      // A name is looked up when it is connected to, and every time.
      const { status, headers } = await create(`mqtt://localhost:${broker.port}/guarded`);
      expect(status).to.equal(201);
      await guarded.request("POST", "/ngsi-ld/v1/entities", { id: "urn:x:1", type: "A", a: 1 });
      const failed = (answer: { body: Json | undefined }) =>
        answer.body?.notification?.status === ("failed" as unknown);
      await guarded.until(headers.get("location") ?? "", failed);
      expect(seen.filter(({ topic }) => topic === "guarded")).to.deep.equal([]);
    } finally {
      await guarded.close();
    }
  });

  it("does not notify itself (5.8.1.4)", async () => {
    const { port } = new URL(fixture.hub.url);
    const own = await fixture.request("POST", "/ngsi-ld/v1/subscriptions", {
      type: "Subscription",
      entities: [{ type: "A" }],
      notification: { endpoint: { uri: `http://127.0.0.1:${port}/ngsi-ld/v1/entities` } },
    });
    expect(own.status).to.equal(400);
  });
});
