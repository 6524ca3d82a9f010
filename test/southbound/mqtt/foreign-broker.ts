import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync, type MqttClient } from "mqtt";
import { freePort } from "../../support/free-port.ts";

/** A mosquitto in a process of its own, with its files in a folder of its own. */
export class ForeignBroker {
  readonly port: number;
  readonly #binary: string;
  readonly #folder: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(binary: string, port: number, folder: string, settings: readonly string[]) {
    this.#binary = binary;
    this.port = port;
    this.#folder = folder;
    this.#settings = settings;
  }

  /** `settings`: lines of mosquitto.conf(5) behind the listener; without, anybody may do anything. */
  static async start(binary: string, settings: readonly string[] = ["allow_anonymous true"]): Promise<ForeignBroker> {
    const folder = await mkdtemp(join(tmpdir(), "twinweave-mosquitto-"));
    const broker = new ForeignBroker(binary, await freePort(), folder, settings);
    await broker.restart();
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Starts it at its port, with what it has kept. */
  async restart(): Promise<void> {
    const file = join(this.#folder, "mosquitto.conf");
    const persistence = ["persistence true", `persistence_location ${this.#folder}/`];
    const own = [`user ${process.env.USER ?? "root"}`, "max_queued_messages 0", ...persistence];
    await writeFile(file, [...own, `listener ${this.port} 127.0.0.1`, ...this.#settings, ""].join("\n"));
    this.#process = spawn(this.#binary, ["-c", file], { stdio: "ignore" });
    await this.#listening();
  }

  /** As a power cut would; what it had saved stays. */
  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A client that the tests publish with. */
  async client(): Promise<MqttClient> {
    return await connectAsync(this.url, { protocolVersion: 5, reconnectPeriod: 50 });
  }

  /** mosquitto does not say when it listens. */
  async #listening(): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (Date.now() < deadline) {
      const socket = connect(this.port, "127.0.0.1");
      const open = await Promise.race([
        once(socket, "connect").then(() => true),
        once(socket, "close").then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (open) return;
      await sleep(20);
    }
    throw new Error("mosquitto does not listen");
  }
}
