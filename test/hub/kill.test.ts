import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { silentLogger } from "../../src/core/logger.ts";
import { systemClock } from "../../src/core/time.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import { type MqttPlant, startMqttPlant } from "./mqtt-plant.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const messages = 1_500;

describe("a hub that is killed under load", function () {
  this.timeout(40_000);
  let folder: string;
  let broker: MqttPlant;
  let running: ChildProcess | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-kill-"));
    broker = await startMqttPlant();
    await writeFile(
      join(folder, "twinweave.yaml"),
      `
mappings: [./things.yaml]
sources: { plant: { type: mqtt, url: "${broker.url}", version: "3.1.1", topics: [plant/level] } }
`,
    );
    await writeFile(
      join(folder, "things.yaml"),
      `twinweave: 1
source: plant
twin: { entity: { id: "urn:ngsi-ld:Thing:1", type: Thing } }
points: { level: { from: plant/level, type: double, ngsi: level } }
`,
    );
  });
  after(async () => {
    running?.kill("SIGKILL");
    await broker?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A production hub in a process of its own, once its MQTT session stands. */
  async function startProcess(): Promise<ChildProcess> {
    const flags = ["run", "--config", join(folder, "twinweave.yaml"), "--port", "0", "--data", join(folder, "data")];
    const subscribed = broker.subscribed("plant/level");
    const child = fork(main, flags, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    running = child;
    await subscribed;
    return child;
  }

  /** Every value that the history of the point holds, read from the files of a hub that is gone. */
  async function valuesInHistory(): Promise<ReadonlySet<number>> {
    const stores = await openSqliteStores({
      directory: join(folder, "data"),
      options: { budget: 1e9, retention: 1e9, outboxBound: 10 },
      clock: systemClock,
      log: silentLogger,
    });
    try {
      const { series } = await stores.open("default");
      const [id = -1] = await series.ensure(["default/things/things/level"], systemClock.now());
      const rows = await series.history(id, { limit: 10_000, order: "oldest-first" });
      return new Set(rows.map(({ value }) => Number(value)));
    } finally {
      await stores.close();
    }
  }

  it("has every value that it acknowledged, and gets what it did not when it is back", async () => {
    const first = await startProcess();
    const killed = once(first, "exit");
    const acknowledged = new Set<number>();
    let dead = false;
    let room = Promise.withResolvers<void>();
    broker.onAcknowledged((payload) => {
      acknowledged.add(Number(payload));
      if (acknowledged.size >= messages / 3 && !dead) dead = first.kill("SIGKILL");
      room.resolve();
    });
    for (let value = 1; value <= messages; value += 1) {
      // Few enough under way that the kill comes in the middle of the load, not behind it.
      while (!dead && value - acknowledged.size > 100) {
        room = Promise.withResolvers();
        await room.promise;
      }
      await broker.publish("plant/level", String(value));
    }
    await killed;
    const before = new Set(acknowledged);
    expect(before.size).to.be.within(messages / 3, messages - 1);
    const kept = await valuesInHistory();
    expect(
      [...before].filter((value) => !kept.has(value)),
      "acknowledged and lost",
    ).to.deep.equal([]);

    const all = new Promise<void>((resolve) => {
      broker.onAcknowledged((payload) => {
        acknowledged.add(Number(payload));
        if (acknowledged.size === messages) resolve();
      });
    });
    const second = await startProcess();
    await all;
    const ended = once(second, "exit");
    second.kill("SIGTERM");
    expect(await ended).to.deep.equal([0, null]);
    expect((await valuesInHistory()).size).to.equal(messages);
  });
});
