import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("servers/plant.py", import.meta.url));

export interface PlantOptions {
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  /** Names of asyncua's SecurityPolicyType, with commas between them. */
  readonly security?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Namespaces in front of the plant's own. */
  readonly shift?: number;
  /** Variables below Odd/Many. */
  readonly many?: number;
}

/** An asyncua server in its own process, told what to do line by line. */
export class PlantServer {
  readonly endpoint: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  private constructor(endpoint: string, child: ChildProcess, reader: Interface, lines: AsyncIterator<string>) {
    this.endpoint = endpoint;
    this.#process = child;
    this.#reader = reader;
    this.#lines = lines;
  }

  static async start(python: string, options: PlantOptions = {}): Promise<PlantServer> {
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(python, ["-W", "ignore", SCRIPT, ...flags], { stdio: ["pipe", "pipe", "inherit"] });
    if (child.stdout === null) throw new Error("the plant has no stdout");
    const reader = createInterface({ input: child.stdout });
    const lines = reader[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) throw new Error("the plant did not start");
    return new PlantServer(first.value, child, reader, lines);
  }

  get port(): number {
    return Number(new URL(this.endpoint.replace("opc.tcp:", "http:")).port);
  }

  async do(command: { readonly do: string; readonly [argument: string]: unknown }): Promise<Record<string, unknown>> {
    this.#process.stdin?.write(`${JSON.stringify(command)}\n`);
    const line = await this.#lines.next();
    const answer = JSON.parse(line.value ?? "{}") as { ok?: boolean; error?: string };
    if (answer.ok !== true) throw new Error(`the plant failed at ${command.do}: ${answer.error}`);
    return answer;
  }

  /** As a crash: no good-byes. */
  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await exited;
    }
    this.#reader.close();
  }
}
