import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HubError } from "../../../src/core/errors.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { systemClock } from "../../../src/core/time.ts";
import type { Connection } from "../../../src/southbound/contract.ts";
import type { MqttConfig } from "../../../src/southbound/mqtt/config.ts";
import { mqtt } from "../../../src/southbound/mqtt/mqtt.ts";
import { CollectingSink } from "../../contract/connector/collecting-sink.ts";

export const never = new AbortController().signal;

/** Connections that share a data folder, and so a session at the broker; closed after each test. */
export class Bench {
  readonly #open: Connection[] = [];
  folder = "";

  async begin(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), "twinweave-mqtt-"));
  }

  async connect(
    config: MqttConfig,
    sink = new CollectingSink(),
  ): Promise<{ connection: Connection; sink: CollectingSink }> {
    const context = { source: "sensors", log: silentLogger, clock: systemClock, dataDir: this.folder };
    const connection = await mqtt.create(config, context).connect(sink, never);
    this.#open.push(connection);
    return { connection, sink };
  }

  async end(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((connection) => connection.close()));
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function refusal(work: Promise<unknown>): Promise<HubError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof HubError) return thrown;
    throw thrown;
  }
  throw new Error("it was not refused");
}
