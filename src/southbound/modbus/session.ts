import { connect as connectSocket, type Socket } from "node:net";
import { HubError } from "../../core/errors.ts";
import { ModbusClient } from "./client.ts";
import type { ModbusSettings } from "./config.ts";
import { ModbusFault, NO_ANSWER } from "./fault.ts";
import type { Block } from "./plan-blocks.ts";
import { isBitTable } from "./point-address.ts";

/** Requests without an answer, one after the other, that end the session. */
const MAX_SILENT = 3;

type Request = Promise<{ readonly response: { readonly body: unknown } }>;

/** One TCP connection to one unit. Requests throw `ModbusFault`, or HubError `unreachable` where the connection is gone. */
export class ModbusSession {
  readonly lost: Promise<HubError | undefined>;
  readonly #socket: Socket;
  readonly #client: ModbusClient;
  readonly #target: string;
  #settle: (reason: HubError | undefined) => void;
  #silent = 0;

  private constructor(socket: Socket, client: ModbusClient, target: string) {
    const { promise, resolve } = Promise.withResolvers<HubError | undefined>();
    this.lost = promise;
    this.#settle = resolve;
    this.#socket = socket;
    this.#client = client;
    this.#target = target;
    socket.on("error", (error) =>
      this.#end(new HubError("unreachable", `${target}: ${error.message}`, { cause: error })),
    );
    socket.on("close", () => this.#end(new HubError("unreachable", `${target} closed the connection`)));
  }

  /** Throws HubError `unreachable`, or `aborted`. */
  static async open(config: ModbusSettings, abort: AbortSignal): Promise<ModbusSession> {
    const target = `${config.host}:${config.port}`;
    const socket = connectSocket({ host: config.host, port: config.port, noDelay: true, keepAlive: true });
    const client = new ModbusClient(socket, config.unit, config.timeout);
    await connected(socket, target, AbortSignal.any([abort, AbortSignal.timeout(config.timeout)]), abort);
    return new ModbusSession(socket, client, target);
  }

  /** Registers as they came; of bit tables one octet a bit, 0 or 1. */
  async read(block: Pick<Block, "table" | "start" | "length">): Promise<Buffer> {
    const { table, start, length } = block;
    const body = await this.#send(() => this.#readRequest(table, start, length));
    const bits = isBitTable(table);
    const data = bits ? bitsOf(body) : registersOf(body);
    const expected = bits ? length : length * 2;
    if (data.length < expected) {
      throw ModbusFault.of("ShortAnswer", "device-refused", `${this.#target} sent less than was asked for`);
    }
    return data.subarray(0, expected);
  }

  async writeCoil(address: number, on: boolean): Promise<void> {
    await this.#send(() => this.#client.writeSingleCoil(address, on));
  }

  async writeRegister(address: number, value: number): Promise<void> {
    await this.#send(() => this.#client.writeSingleRegister(address, value));
  }

  async writeRegisters(address: number, values: Buffer): Promise<void> {
    await this.#send(() => this.#client.writeMultipleRegisters(address, values));
  }

  close(): void {
    this.#end(undefined);
  }

  #end(reason: HubError | undefined): void {
    this.#settle(reason);
    this.#socket.destroy();
  }

  #readRequest(table: Block["table"], start: number, length: number): Request {
    switch (table) {
      case "holding":
        return this.#client.readHoldingRegisters(start, length);
      case "input":
        return this.#client.readInputRegisters(start, length);
      case "coil":
        return this.#client.readCoils(start, length);
      case "discrete":
        return this.#client.readDiscreteInputs(start, length);
    }
  }

  async #send(request: () => Request): Promise<unknown> {
    try {
      const { response } = await request();
      this.#silent = 0;
      return response.body;
    } catch (thrown) {
      throw this.#fault(thrown);
    }
  }

  #fault(thrown: unknown): ModbusFault | HubError {
    const code = exceptionCode(thrown);
    if (code !== undefined) {
      this.#silent = 0;
      return ModbusFault.exception(code);
    }
    if (kindOf(thrown) === "Offline") {
      return new HubError("unreachable", `the connection to ${this.#target} is gone`);
    }
    this.#silent += 1;
    const fault = ModbusFault.of(NO_ANSWER, "device-timeout", `${this.#target} did not answer in time`);
    if (this.#silent >= MAX_SILENT) this.#end(new HubError("device-timeout", `${this.#target} has stopped answering`));
    return fault;
  }
}

async function connected(socket: Socket, target: string, stop: AbortSignal, abort: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = (): void =>
    reject(
      abort.aborted
        ? new HubError("aborted", `connecting to ${target} was aborted`)
        : new HubError("unreachable", `${target} did not accept the connection in time`),
    );
  const refuse = (error: Error): void =>
    reject(new HubError("unreachable", `${target}: ${error.message}`, { cause: error }));
  socket.once("connect", resolve).once("error", refuse);
  stop.addEventListener("abort", giveUp, { once: true });
  if (stop.aborted) giveUp();
  try {
    await promise;
    socket.off("error", refuse);
  } catch (error) {
    socket.on("error", () => undefined).destroy();
    throw error;
  } finally {
    stop.removeEventListener("abort", giveUp);
  }
}

function registersOf(body: unknown): Buffer {
  const values =
    body !== null && typeof body === "object" && "valuesAsBuffer" in body ? body.valuesAsBuffer : undefined;
  return Buffer.isBuffer(values) ? values : Buffer.alloc(0);
}

function bitsOf(body: unknown): Buffer {
  const packed = registersOf(body);
  const bits = Buffer.alloc(packed.length * 8);
  for (let bit = 0; bit < bits.length; bit += 1) bits[bit] = (packed.readUInt8(bit >> 3) >> (bit & 7)) & 1;
  return bits;
}

/** jsmodbus rejects with `{ err, message, response }`. */
function kindOf(thrown: unknown): unknown {
  return thrown !== null && typeof thrown === "object" && "err" in thrown ? thrown.err : undefined;
}

function exceptionCode(thrown: unknown): number | undefined {
  if (kindOf(thrown) !== "ModbusException") return undefined;
  const { response } = thrown as { response?: { body?: { code?: unknown } } };
  return typeof response?.body?.code === "number" ? response.body.code : undefined;
}
