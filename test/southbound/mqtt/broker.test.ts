import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { MqttConfig } from "../../../src/southbound/mqtt/config.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { ForeignBroker } from "./foreign-broker.ts";
import { Bench, never } from "./harness.ts";

describe("mqtt on mosquitto", function () {
  this.timeout(15_000);
  const bench = new Bench();
  let broker: ForeignBroker;

  before(async function () {
    broker = await ForeignBroker.start(requireForeign(this, "mosquitto"));
  });
  after(() => broker?.remove());
  beforeEach(() => bench.begin());
  afterEach(() => bench.end());

  async function publish(
    messages: Readonly<Record<string, string>>,
    options: { retain?: boolean } = {},
  ): Promise<void> {
    const client = await broker.client();
    for (const [topic, payload] of Object.entries(messages))
      await client.publishAsync(topic, payload, { qos: 1, ...options });
    await client.endAsync();
  }

  for (const version of ["5", "3.1.1"] as const) {
    for (const qos of [0, 1, 2] as const) {
      it(`takes retained and live messages by MQTT ${version}, QoS ${qos}`, async () => {
        const topic = `take/${version}/${qos}`;
        await publish({ [`${topic}/a`]: '{"v":1}' }, { retain: true });
        const { connection, sink } = await bench.connect({ url: broker.url, version, qos, topics: ["take/+/+/a"] });
        const tags = [`${topic}/a#v`, `${topic}/b#v`];
        expect(
          await connection.subscribe(
            tags.map((tag) => ({ tag })),
            never,
          ),
        ).to.deep.equal([]);
        await sink.until(() => sink.last(`${topic}/a#v`)?.value === 1);
        await publish({ [`${topic}/a`]: '{"v":2}', [`${topic}/b`]: '{"v":3}' });
        await sink.until(() => sink.last(`${topic}/a#v`)?.value === 2 && sink.last(`${topic}/b#v`)?.value === 3);
      });
    }
  }

  it("gives a point that comes later its retained message too", async () => {
    await publish({ "later/a": '{"v":1,"w":2}' }, { retain: true });
    const { connection, sink } = await bench.connect({ url: broker.url, topics: ["later/#"] });
    await connection.subscribe([{ tag: "later/a#v" }], never);
    await sink.until(() => sink.last("later/a#v") !== undefined);
    await connection.subscribe([{ tag: "later/a#w" }], never);
    await sink.until(() => sink.last("later/a#w")?.value === 2);
  });

  it("reads what is retained without a subscription", async () => {
    await publish({ "read/a": '{"v":1}', "read/b": "no JSON" }, { retain: true });
    const { connection } = await bench.connect({ url: broker.url });
    const readings = await connection.read(["read/a#v", "read/b#v", "read/absent"], never);
    expect(readings.map(({ tag, value, code }) => [tag, value, code])).to.deep.equal([
      ["read/a#v", 1, undefined],
      ["read/b#v", null, "BadDecodingError"],
      ["read/absent", null, "BadWaitingForInitialData"],
    ]);
  });

  it("browses with names, levels and fields, and leaves the session alone", async () => {
    const retained = {
      "hall/l1/m1/state": '{"serial":"A-1","rpm":7,"deep":{}}',
      "hall/l2/m2/state": "x",
      "hall/l1/m1/log": "x",
    };
    await publish(retained, { retain: true });
    const { connection, sink } = await bench.connect({ url: broker.url });
    await connection.subscribe([{ tag: "hall/l1/m1/state#rpm" }], never);
    await sink.until(() => sink.last("hall/l1/m1/state#rpm")?.value === 7);
    expect(await connection.browse("hall/{line}/+/state", 10, never)).to.deep.equal([
      {
        address: "hall/l1/m1/state",
        name: "m1",
        path: "hall/l1/m1/state",
        kind: "variable",
        fields: { serial: "A-1", rpm: "7", level1: "l1", level2: "m1", line: "l1" },
      },
      {
        address: "hall/l2/m2/state",
        name: "m2",
        path: "hall/l2/m2/state",
        kind: "variable",
        fields: { level1: "l2", level2: "m2", line: "l2" },
      },
    ]);
    const machines = await connection.browse("hall/+/+", 10, never);
    expect(machines.map(({ address, kind }) => [address, kind])).to.deep.equal([
      ["hall/l1/m1", "folder"],
      ["hall/l2/m2", "folder"],
    ]);
    expect(sink.readings).to.have.lengthOf(1);
  });

  it("publishes a write to the command topic, 64-bit integers exact", async () => {
    const { connection } = await bench.connect({ url: broker.url });
    const listener = await broker.client();
    await listener.subscribeAsync("cmd/set", { qos: 1 });
    const heard = new Promise<string>((resolve) => {
      listener.once("message", (_topic, payload) => resolve(payload.toString()));
    });
    const template = encodeURIComponent('{"speed":"$value"}');
    await connection.write(`cmd/state#speed#command=cmd%2Fset&template=${template}`, 9007199254740993n, never);
    expect(await heard).to.equal('{"speed":9007199254740993}');
    await listener.endAsync();
  });

  it("bounds what waits for the hub, keeps the session meanwhile, and loses nothing", async () => {
    const config: MqttConfig = { url: broker.url, qos: 0, receiveMaximum: 5, keepAlive: 2 };
    const { connection, sink } = await bench.connect(config);
    await connection.subscribe([{ tag: "flood" }], never);
    const gate = Promise.withResolvers<void>();
    sink.gate = gate.promise;
    const client = await broker.client();
    for (let value = 0; value < 500; value += 1) client.publish("flood", String(value), { qos: 0 });
    await client.endAsync();
    await sink.until(() => sink.open === 1);
    // Longer than the broker waits for a sign of life of ours: 1.5 times the keep-alive.
    await sleep(4_000);
    expect(sink.readings.length).to.be.at.most(10);
    gate.resolve();
    await sink.until(() => sink.last("flood")?.value === 499);
    expect(sink.readings).to.have.lengthOf(500);
    expect(sink.pushes).to.be.above(10);
  });

  it("takes 10,000 messages of QoS 1 in few commits", async () => {
    const { connection, sink } = await bench.connect({ url: broker.url });
    await connection.subscribe([{ tag: "load#v" }], never);
    const gate = Promise.withResolvers<void>();
    sink.gate = gate.promise;
    const client = await broker.client();
    const sent = Array.from({ length: 10_000 }, (_, v) =>
      client.publishAsync("load", JSON.stringify({ v }), { qos: 1 }),
    );
    await Promise.all(sent);
    gate.resolve();
    await sink.until(() => sink.readings.length === 10_000);
    expect(sink.readings.map(({ value }) => value)).to.deep.equal(Array.from({ length: 10_000 }, (_, at) => at));
    expect(sink.pushes).to.be.below(1_000);
    await client.endAsync();
  });
});
