import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

export interface RegisterWrite {
  readonly address: number;
  readonly values: readonly number[];
}

const SERVER_DEVICE_FAILURE = 4;

/** A Modbus TCP device in the test's own process: it counts what it is told, and can refuse, fall silent and go away. */
export class ModbusDevice {
  readonly holding = new Uint16Array(10_000);
  readonly input = new Uint16Array(10_000);
  readonly writes: RegisterWrite[] = [];
  /** Registers that cannot be read until something is written to them. */
  readonly unreadable = new Set<number>();
  /** Registers that refuse to be written. */
  readonly locked = new Set<number>();
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  get port(): number {
    return this.#port;
  }

  /** Listens, on the port that it had before if it was stopped. */
  async start(): Promise<this> {
    const server = createServer((socket) => this.#serve(socket)).listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    this.#port = address.port;
    this.#server = server;
    return this;
  }

  /** As if somebody pulled the plug. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(server, "close");
  }

  writesTo(address: number): number {
    return this.writes.filter((write) => write.address === address).length;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket)).on("error", () => socket.destroy());
    let buffered: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 8) {
        const length = 6 + buffered.readUInt16BE(4);
        if (buffered.length < length) return;
        const frame = buffered.subarray(0, length);
        buffered = buffered.subarray(length);
        const body = this.#answer(frame.readUInt8(7), frame.subarray(8));
        const head = Buffer.from(frame.subarray(0, 7));
        head.writeUInt16BE(body.length + 1, 4);
        socket.write(Buffer.concat([head, body]));
      }
    });
  }

  #answer(code: number, data: Buffer): Buffer {
    const address = data.readUInt16BE(0);
    const refuse = (): Buffer => Buffer.from([code | 0x80, SERVER_DEVICE_FAILURE]);
    if (code === 3 || code === 4) {
      const count = data.readUInt16BE(2);
      const table = code === 3 ? this.holding : this.input;
      const registers = Array.from({ length: count }, (_, at) => address + at);
      if (registers.some((register) => this.unreadable.has(register))) return refuse();
      const bytes = Buffer.alloc(2 + count * 2);
      bytes.writeUInt8(code, 0);
      bytes.writeUInt8(count * 2, 1);
      for (const [at, register] of registers.entries()) bytes.writeUInt16BE(table[register] ?? 0, 2 + at * 2);
      return bytes;
    }
    const values = code === 6 ? [data.readUInt16BE(2)] : [];
    if (code === 16) for (let at = 5; at < data.length; at += 2) values.push(data.readUInt16BE(at));
    if (values.length === 0) return Buffer.from([code | 0x80, 1]);
    if (this.locked.has(address)) return refuse();
    this.writes.push({ address, values });
    for (const [at, value] of values.entries()) {
      this.holding[address + at] = value;
      this.unreadable.delete(address + at);
    }
    return Buffer.concat([Buffer.from([code]), data.subarray(0, 4)]);
  }
}
