import { createServer, type Socket } from "node:net";
import { ModbusTCPRequest, ModbusTCPServer, requests } from "jsmodbus";
import type { EnergyMeter } from "../model/energy-meter.ts";
import { closeServer, listen } from "../tcp-listener.ts";
import { makeImage } from "./register-image.ts";
import { demandLimitAddress, type Register } from "./register-map.ts";

/** Exception codes of the Modbus application protocol V1.1b3, 7. */
const exceptions = { illegalFunction: 1, illegalAddress: 2, illegalValue: 3 } as const;
/** Registers that one read may ask for (6.3, 6.4). */
const mostRegisters = 125;
const mostConnections = 32;

export interface ModbusFaceOptions {
  readonly host: string;
  readonly port: number;
  readonly meter: EnergyMeter;
  /** Taken at every request: while it says true, requests stay without an answer. */
  readonly isSilent: () => boolean;
}

export interface ModbusFace {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** What follows the function code in the response. */
type Answer = { readonly exception: number } | { readonly data: Buffer };
type Reply = (payload: Buffer) => void;

/** Starts the energy meter. It answers every unit id. */
export async function startModbusFace({ host, port, meter, isSilent }: ModbusFaceOptions): Promise<ModbusFace> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that goes away in the middle of an exchange is no news.
    socket.on("error", () => socket.destroy());
  });
  server.maxConnections = mostConnections;
  // Without buffers of its own jsmodbus hands every request to these listeners, so that gaps can be refused.
  const noBuffers = Object.fromEntries(["coils", "discrete", "holding", "input"].map((space) => [space, undefined]));
  const modbus = new ModbusTCPServer(server, noBuffers);

  const answering = (handle: (body: ModbusTCPRequest["body"]) => Answer) => (request: object, reply: Reply) => {
    if (!(request instanceof ModbusTCPRequest) || isSilent()) return;
    reply(frame(request, handle(request.body)));
  };
  const refuse = answering(() => ({ exception: exceptions.illegalFunction }));
  modbus.on("readCoils", refuse);
  modbus.on("readDiscreteInputs", refuse);
  modbus.on("writeSingleCoil", refuse);
  modbus.on("writeMultipleCoils", refuse);
  modbus.on(
    "readHoldingRegisters",
    answering((body) => readRegisters("holding", body, meter)),
  );
  modbus.on(
    "readInputRegisters",
    answering((body) => readRegisters("input", body, meter)),
  );
  modbus.on(
    "writeSingleRegister",
    answering((body) => writeRegister(body, meter)),
  );
  modbus.on(
    "writeMultipleRegisters",
    answering((body) => writeRegister(body, meter)),
  );
  const bound = await listen(server, host, port);
  return { port: bound, url: `modbus-tcp://${host}:${bound}`, close: () => closeServer(server, sockets) };
}

function readRegisters(space: Register["space"], body: ModbusTCPRequest["body"], meter: EnergyMeter): Answer {
  const asksToRead =
    body instanceof requests.ReadHoldingRegistersRequestBody || body instanceof requests.ReadInputRegistersRequestBody;
  if (!asksToRead) return { exception: exceptions.illegalFunction };
  if (body.count < 1 || body.count > mostRegisters) return { exception: exceptions.illegalValue };
  const bytes = makeImage(space, meter.read()).read(body.start, body.count);
  if (bytes === undefined) return { exception: exceptions.illegalAddress };
  return { data: Buffer.concat([Buffer.of(bytes.length), bytes]) };
}

/** Only the demand limit can be written, with function 6 or, alone, with function 16; both echo the request's head. */
function writeRegister(body: ModbusTCPRequest["body"], meter: EnergyMeter): Answer {
  const echo = Buffer.alloc(4);
  let value: number;
  if (body instanceof requests.WriteSingleRegisterRequestBody) {
    value = body.value;
    echo.writeUInt16BE(value, 2);
  } else if (body instanceof requests.WriteMultipleRegistersRequestBody) {
    if (body.numberOfBytes !== 2) return { exception: exceptions.illegalAddress };
    value = body.valuesAsBuffer.readUInt16BE(0);
    echo.writeUInt16BE(1, 2);
  } else return { exception: exceptions.illegalFunction };
  if (body.address !== demandLimitAddress) return { exception: exceptions.illegalAddress };
  if (!meter.setDemandLimit(value)) return { exception: exceptions.illegalValue };
  echo.writeUInt16BE(body.address, 0);
  return { data: echo };
}

/** The response on the wire: the MBAP header, the function code (with its top bit for an exception) and the rest. */
function frame({ id, unitId, body }: ModbusTCPRequest, answer: Answer): Buffer {
  const pdu =
    "exception" in answer
      ? Buffer.of(body.fc | 0x80, answer.exception)
      : Buffer.concat([Buffer.of(body.fc), answer.data]);
  const header = Buffer.alloc(7);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(unitId, 6);
  return Buffer.concat([header, pdu]);
}
