import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Table } from "../../../src/southbound/modbus/point-address.ts";

const SCRIPT = fileURLToPath(new URL("./servers/modbus_server.py", import.meta.url));

/** A pymodbus server in a process of its own. */
export class ForeignModbus {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess) {
    if (!child.stdout) throw new Error("the server has no output");
    this.#process = child;
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  static async start(python: string, port: number): Promise<ForeignModbus> {
    const server = new ForeignModbus(spawn(python, [SCRIPT, String(port)], { stdio: ["pipe", "pipe", "inherit"] }));
    const first = await server.#answer();
    if (first !== "ready") throw new Error(`the Modbus server said ${first}`);
    return server;
  }

  async set(table: Table, address: number, ...values: (number | boolean)[]): Promise<void> {
    await this.#ask({ set: table, address, values });
  }

  async get(table: Table, address: number, count = 1): Promise<unknown> {
    return await this.#ask({ get: table, address, count });
  }

  /** Requests that touch the register are answered with the exception; 0: no longer. */
  async refuse(table: Table, address: number, exception = 2): Promise<void> {
    await this.#ask({ refuse: table, address, exception });
  }

  /** How many requests it has had since the last call. */
  async requests(): Promise<unknown> {
    return await this.#ask({ requests: true });
  }

  /** At once, as a power cut would. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  async #ask(command: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#process.stdin?.write(`${JSON.stringify(command)}\n`);
    return await this.#answer();
  }

  async #answer(): Promise<unknown> {
    const line = await this.#lines.next();
    if (line.done) throw new Error("the Modbus server has ended");
    return JSON.parse(line.value);
  }
}
