import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HubError } from "../../../src/core/errors.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { systemClock } from "../../../src/core/time.ts";
import type { Connection, Connector, Sink } from "../../../src/southbound/contract.ts";
import type { OpcuaConfig } from "../../../src/southbound/opcua/config.ts";
import { opcua } from "../../../src/southbound/opcua/opcua.ts";

/** Keeps what a connector pushes, and wakes those who wait for a reading. */
export class Collector implements Sink {
  readonly readings: Reading[] = [];
  alives = 0;
  /** Pushes are held back until it resolves. */
  hold: Promise<void> | undefined;
  readonly #waiting = new Set<() => void>();

  async push(readings: readonly Reading[]): Promise<void> {
    this.readings.push(...readings);
    this.#wake();
    await this.hold;
  }

  alive(): void {
    this.alives += 1;
    this.#wake();
  }

  latest(tag: string): Reading | undefined {
    return this.readings.findLast((reading) => reading.tag === tag);
  }

  /** Resolves once `condition` holds; it is looked at after each push. The test's own timeout bounds it. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
      this.#waiting.delete(resolve);
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
  }
}

export const never = new AbortController().signal;

/** Connectors with folders of their own, closed and removed after each test. */
export class Bench {
  readonly #connections: Connection[] = [];
  readonly #folders: string[] = [];

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "twinweave-opcua-"));
    this.#folders.push(folder);
    return folder;
  }

  async connector(config: OpcuaConfig, dataDir?: string): Promise<Connector> {
    const context = {
      source: "plant",
      log: silentLogger,
      clock: systemClock,
      dataDir: dataDir ?? (await this.folder()),
    };
    return opcua.create({ publishingInterval: 50, ...config }, context);
  }

  async connect(config: OpcuaConfig, sink = new Collector(), dataDir?: string) {
    const connection = await (await this.connector(config, dataDir)).connect(sink, never);
    this.#connections.push(connection);
    return { connection, sink };
  }

  keep(connection: Connection): Connection {
    this.#connections.push(connection);
    return connection;
  }

  async clear(): Promise<void> {
    await Promise.all(this.#connections.splice(0).map((connection) => connection.close()));
    await Promise.all(this.#folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
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
