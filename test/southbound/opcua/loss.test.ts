import { expect } from "chai";
import { silentLogger } from "../../../src/core/logger.ts";
import { systemClock } from "../../../src/core/time.ts";
import { opcua } from "../../../src/southbound/opcua/opcua.ts";
import { connectorTypes } from "../../../src/southbound/registry.ts";
import { createSouthbound } from "../../../src/southbound/runtime.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { FreezingProxy } from "./freezing-proxy.ts";
import { Bench, Collector, never, refusal } from "./harness.ts";
import { PlantServer } from "./plant-server.ts";

const TEMP = "Objects/Line1/Press1/Process/Temp";
const BY_ID = "nsu=http://acme.example/press;s=Press1.Temp";

describe("opcua: a source that goes and comes", function () {
  this.timeout(20_000);
  const bench = new Bench();
  const plants: PlantServer[] = [];
  let python: string;

  before(async function () {
    python = requireForeign(this, "asyncua");
    await opcua.prepare?.();
  });

  afterEach(async () => {
    await bench.clear();
    await Promise.all(plants.splice(0).map((plant) => plant.kill()));
  });

  async function start(
    ...options: Parameters<typeof PlantServer.start> extends [string, ...infer Rest] ? Rest : never
  ) {
    const plant = await PlantServer.start(python, ...options);
    plants.push(plant);
    return plant;
  }

  it("is unreachable where nobody listens", async () => {
    const connector = await bench.connector({ endpoint: "opc.tcp://127.0.0.1:1/plant" });
    const error = await refusal(connector.connect(new Collector(), never));
    expect(error.code).to.equal("unreachable");
    expect(error.message).to.contain("ECONNREFUSED");
  });

  it("knows at once that its server was killed", async () => {
    const plant = await start();
    const { connection } = await bench.connect({ endpoint: plant.endpoint, security: "None" });
    await plant.kill();
    expect((await connection.lost)?.code).to.equal("unreachable");
  });

  it("gives up a session whose peer falls silent half-way, and leaves no socket behind", async () => {
    const plant = await start();
    const proxy = await FreezingProxy.start(plant.port);
    const endpoint = `opc.tcp://127.0.0.1:${proxy.port}/plant`;
    const config = { endpoint, security: "None" as const, keepAlive: 500, requestTimeout: 500 };
    const { connection, sink } = await bench.connect(config);
    await connection.subscribe([{ tag: TEMP }], never);
    await sink.until(() => sink.latest(TEMP) !== undefined);
    const frozenAt = performance.now();
    proxy.freeze();
    const error = await connection.lost;
    expect(error?.code).to.equal("unreachable");
    expect(performance.now() - frozenAt).to.be.within(300, 3_000);
    const closing = performance.now();
    await connection.close();
    expect(performance.now() - closing).to.be.below(1_500);
    proxy.thaw();
    await proxy.idle();
    await proxy.close();
  });

  it("gives up a server that takes the connection and then says nothing, and leaves no socket behind", async () => {
    const plant = await start();
    const proxy = await FreezingProxy.start(plant.port);
    proxy.freeze();
    const connector = await bench.connector({ endpoint: `opc.tcp://127.0.0.1:${proxy.port}/plant` });
    const began = performance.now();
    const error = await refusal(connector.connect(new Collector(), AbortSignal.timeout(300)));
    expect(error.code).to.equal("aborted");
    expect(performance.now() - began).to.be.below(3_000);
    proxy.thaw();
    await proxy.idle();
    await proxy.close();
  });

  it("finds every point again after a restart that shifted the namespaces", async () => {
    const first = await start();
    const sink = new Collector();
    const southbound = createSouthbound({
      sources: [
        {
          name: "plant",
          type: connectorTypes.find(({ type }) => type === "opcua") ?? expect.fail("opcua is not registered"),
          config: { endpoint: first.endpoint, security: "None", publishingInterval: 50 },
        },
      ],
      sinkFor: () => ({ ingest: (readings) => sink.push(readings), alive: () => sink.alive(), lost: () => undefined }),
      clock: systemClock,
      log: silentLogger,
      dataDir: await bench.folder(),
      settings: { backoff: { first: 50, cap: 200 } },
    });
    southbound.setTags("plant", [{ tag: TEMP }, { tag: BY_ID }]);
    southbound.start();
    await sink.until(() => sink.latest(TEMP) !== undefined && sink.latest(BY_ID) !== undefined);
    await first.kill();
    sink.readings.length = 0;
    const second = await start({ port: first.port, shift: 2 });
    await sink.until(() => sink.latest(TEMP) !== undefined && sink.latest(BY_ID) !== undefined);
    await second.do({ do: "set", node: "Press1.Temp", value: 77 });
    await sink.until(() => sink.latest(TEMP)?.value === 77 && sink.latest(BY_ID)?.value === 77);
    await southbound.write("plant", BY_ID, 12, never);
    expect((await southbound.read("plant", TEMP, never)).value).to.equal(12);
    expect(southbound.status("plant")).to.include({ state: "connected", sessions: 2 });
    await southbound.stop();
  });

  it("carries 1,200 points over one session", async () => {
    const plant = await start({ many: 1_200 });
    const { connection, sink } = await bench.connect({ endpoint: plant.endpoint, security: "None" });
    const tags = Array.from({ length: 1_200 }, (_, number) => ({ tag: `Objects/Odd/Many/v${number}` }));
    expect(await connection.subscribe(tags, never)).to.deep.equal([]);
    await sink.until(() => sink.readings.length >= 1_200);
    expect(new Set(sink.readings.map(({ tag }) => tag)).size).to.equal(1_200);
  });
});
