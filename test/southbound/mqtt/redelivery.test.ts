import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { MqttConfig } from "../../../src/southbound/mqtt/config.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { ForeignBroker } from "./foreign-broker.ts";
import { Bench, never } from "./harness.ts";

const CRASHING_HUB = fileURLToPath(new URL("./crashing-hub.ts", import.meta.url));
const COUNT = 40;

/** Holds the way in which acknowledgements are held back: run these before an upgrade of the MQTT library. */
describe("mqtt acknowledges after the commit", function () {
  this.timeout(20_000);
  const bench = new Bench();
  let broker: ForeignBroker;

  before(async function () {
    broker = await ForeignBroker.start(requireForeign(this, "mosquitto"));
  });
  after(() => broker?.remove());
  beforeEach(() => bench.begin());
  afterEach(() => bench.end());

  async function publish(topic: string, from: number, to: number, qos: 1 | 2): Promise<void> {
    const client = await broker.client();
    // One after the other: the library sends more of QoS 2 ahead than mosquitto takes, and one is lost before our part begins.
    for (let value = from; value < to; value += 1) await client.publishAsync(topic, String(value), { qos });
    await client.endAsync();
  }

  const cases = [
    { version: "5", qos: 1 },
    { version: "5", qos: 2 },
    { version: "3.1.1", qos: 1 },
    { version: "3.1.1", qos: 2 },
  ] as const;

  for (const { version, qos } of cases) {
    it(`so that a crash before it loses nothing: MQTT ${version}, QoS ${qos}`, async () => {
      const config: MqttConfig = { url: broker.url, version, qos };
      const topic = `crash/${version}/${qos}`;
      const hub = spawn(process.execPath, [CRASHING_HUB, JSON.stringify(config), bench.folder, topic], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const gone = once(hub, "exit");
      const lines = createInterface({ input: hub.stdout })[Symbol.asyncIterator]();
      const next = async (): Promise<{ ready?: boolean; committed?: number[]; held?: number[] }> =>
        JSON.parse(String((await lines.next()).value));
      expect(await next()).to.deep.equal({ ready: true });
      await publish(topic, 0, 1, qos);
      expect(await next()).to.deep.equal({ committed: [0] });
      await publish(topic, 1, COUNT, qos);
      const { held = [] } = await next();
      expect(held).to.not.be.empty;
      hub.kill("SIGKILL");
      await gone;
      hub.stdout.destroy();

      const { connection, sink } = await bench.connect(config);
      await connection.subscribe([{ tag: topic }], never);
      const values = new Set<unknown>();
      await sink.until(() => {
        for (const { value } of sink.readings) values.add(value);
        return values.size === COUNT - 1;
      });
      for (const value of held) expect(values).to.include(value);
      expect(values).to.not.include(0);
    });
  }

  it("and not what the hub refused to store", async () => {
    const config: MqttConfig = { url: broker.url };
    const first = await bench.connect(config);
    await first.connection.subscribe([{ tag: "refused" }], never);
    first.sink.push = () => Promise.reject(new Error("the disk is full"));
    await publish("refused", 1, 2, 1);
    expect(await first.connection.lost).to.include({ code: "internal" });
    const { connection, sink } = await bench.connect(config);
    await connection.subscribe([{ tag: "refused" }], never);
    await sink.until(() => sink.last("refused")?.value === 1);
  });

  it("and keeps what comes while the hub is away", async () => {
    const config: MqttConfig = { url: broker.url };
    const first = await bench.connect(config);
    await first.connection.subscribe([{ tag: "away" }], never);
    await first.connection.close();
    await publish("away", 0, COUNT, 1);
    const { connection, sink } = await bench.connect(config);
    await connection.subscribe([{ tag: "away" }], never);
    await sink.until(() => sink.readings.length === COUNT);
    expect(sink.readings.map(({ value }) => value)).to.deep.equal(Array.from({ length: COUNT }, (_, at) => at));
  });

  it("over a kill of the broker too, that had saved what it took", async () => {
    const config: MqttConfig = { url: broker.url };
    const first = await bench.connect(config);
    await first.connection.subscribe([{ tag: "restart" }], never);
    await first.connection.close();
    await publish("restart", 0, COUNT, 1);
    await broker.kill("SIGTERM");
    await broker.restart();
    const { connection, sink } = await bench.connect(config);
    await connection.subscribe([{ tag: "restart" }], never);
    await sink.until(() => sink.readings.length === COUNT);
  });
});
