import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { silentLogger } from "../../../src/core/logger.ts";
import { systemClock } from "../../../src/core/time.ts";
import type { Connection } from "../../../src/southbound/contract.ts";
import type { ModbusConfig } from "../../../src/southbound/modbus/config.ts";
import { modbus } from "../../../src/southbound/modbus/modbus.ts";
import { CollectingSink } from "../../contract/connector/collecting-sink.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { freePort } from "../../support/free-port.ts";
import { ForeignModbus } from "./foreign-modbus.ts";

const never = new AbortController().signal;
const open: Connection[] = [];

async function connect(config: ModbusConfig): Promise<{ connection: Connection; sink: CollectingSink }> {
  const sink = new CollectingSink();
  const context = { source: "meter", log: silentLogger, clock: systemClock, dataDir: "unused" };
  const connection = await modbus.create(config, context).connect(sink, never);
  open.push(connection);
  return { connection, sink };
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => "nothing",
    (error: { code?: unknown }) => error.code,
  );
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
});

describe("modbus on pymodbus", function () {
  this.timeout(15_000);
  let device: ForeignModbus;
  let port: number;

  before(async function () {
    port = await freePort();
    device = await ForeignModbus.start(requireForeign(this, "pymodbus"), port);
  });
  after(() => device?.kill());

  const session = async (more: Partial<ModbusConfig> = {}): ReturnType<typeof connect> =>
    await connect({ host: "127.0.0.1", port, interval: 30, timeout: 1000, ...more });

  it("reads all four tables and every type", async () => {
    const { connection } = await session();
    await device.set("holding", 0, 0x47f1, 0x2065, 0x2065, 0x47f1);
    await device.set("holding", 10, 0x7fff, 0xffff, 0xffff, 0xffff, 0x4142, 0x4300);
    await device.set("input", 5, 0xff9c);
    await device.set("coil", 17, true);
    await device.set("discrete", 33, true);
    const expected = {
      "holding:0:float32": Math.fround(123456.789),
      "holding:2:float32:cdab": Math.fround(123456.789),
      "holding:10:int64": 2n ** 63n - 1n,
      "holding:14:string:length=4": "ABC",
      "holding:10:bool:bit=14": true,
      "holding:10:bool:bit=15": false,
      "input:5:int16:scale=0.1": -10,
      "coil:17": true,
      "coil:16": false,
      "discrete:33": true,
    };
    const readings = await connection.read(Object.keys(expected), never);
    expect(Object.fromEntries(readings.map(({ tag, value }) => [tag, value]))).to.deep.equal(expected);
    expect(readings.every(({ quality }) => quality === "good")).to.equal(true);
  });

  it("answers fifty reads at once", async () => {
    const { connection } = await session();
    for (let address = 50; address < 100; address += 1) await device.set("holding", address, address * 3);
    const reads = Array.from({ length: 50 }, (_, at) => connection.read([`holding:${at + 50}`], never));
    const values = (await Promise.all(reads)).flat().map(({ value }) => value);
    expect(values).to.deep.equal(Array.from({ length: 50 }, (_, at) => (at + 50) * 3));
  });

  it("reads neighbours together, and isolates what the device refuses for good", async () => {
    const { connection } = await session();
    const tags = Array.from({ length: 40 }, (_, at) => `holding:${at + 100}`);
    await device.requests();
    await connection.read(tags, never);
    expect(await device.requests()).to.equal(1);
    await device.refuse("holding", 120);
    const once = await connection.read(tags, never);
    expect(once.filter(({ quality }) => quality === "bad")).to.have.lengthOf(1);
    expect(once.find(({ quality }) => quality === "bad")).to.include({
      tag: "holding:120",
      code: "IllegalDataAddress",
    });
    await device.requests();
    await connection.read(tags, never);
    const learnt = await device.requests();
    expect(learnt).to.be.below(8);
    await connection.read(tags, never);
    expect(await device.requests()).to.equal(learnt);
    await device.refuse("holding", 120, 0);
    const mended = await connection.read(tags, never);
    expect(mended.every(({ quality }) => quality === "good")).to.equal(true);
  });

  for (const [exception, name] of [
    [1, "IllegalFunction"],
    [4, "ServerDeviceFailure"],
    [6, "ServerDeviceBusy"],
    [7, "Exception7"],
    [10, "GatewayPathUnavailable"],
    [11, "GatewayTargetDeviceFailedToRespond"],
  ] as const) {
    it(`says ${name} for exception ${exception}, in readings and in writes`, async () => {
      const { connection } = await session();
      await device.refuse("holding", 150, exception);
      const [reading] = await connection.read(["holding:150"], never);
      expect(reading).to.include({ quality: "bad", code: name, value: null });
      const error = await connection.write("holding:150", 1, never).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "device-refused" });
      expect(String(error)).to.include(name);
      await device.refuse("holding", 150, 0);
    });
  }

  it("writes coils, single registers and several, scaled, and refuses what does not fit", async () => {
    const { connection } = await session();
    await connection.write("coil:40", true, never);
    await connection.write("holding:200:int16:scale=0.1", -12.3, never);
    await connection.write("holding:202:float32:cdab", Math.fround(123456.789), never);
    await connection.write("holding:204:uint64", 2n ** 64n - 2n, never);
    await connection.write("holding:208:string:length=3", "ABC", never);
    expect(await device.get("coil", 40)).to.deep.equal([true]);
    expect(await device.get("holding", 200)).to.deep.equal([65_536 - 123]);
    expect(await device.get("holding", 202, 2)).to.deep.equal([0x2065, 0x47f1]);
    expect(await device.get("holding", 204, 4)).to.deep.equal([0xffff, 0xffff, 0xffff, 0xfffe]);
    expect(await device.get("holding", 208, 2)).to.deep.equal([0x4142, 0x4300]);
    expect(await codeOf(connection.write("holding:200", 70_000, never))).to.equal("invalid");
    expect(await codeOf(connection.write("coil:40", 2, never))).to.equal("invalid");
    expect(await codeOf(connection.write("input:1", 2, never))).to.equal("read-only");
    expect(await codeOf(connection.write("holding:1:bit=2", true, never))).to.equal("read-only");
    expect(await device.get("holding", 200)).to.deep.equal([65_536 - 123]);
  });

  it("writes single registers with function 16 where the device wants it", async () => {
    const { connection } = await session({ writeMultiple: true });
    await connection.write("holding:210", 9, never);
    expect(await device.get("holding", 210)).to.deep.equal([9]);
  });

  it("polls each point at its own interval", async () => {
    const { connection, sink } = await session();
    await connection.subscribe([{ tag: "holding:0" }, { tag: "holding:1", interval: 60_000 }], never);
    await sink.until(() => sink.readings.filter(({ tag }) => tag === "holding:0").length >= 4);
    expect(sink.readings.filter(({ tag }) => tag === "holding:1")).to.have.lengthOf(1);
  });
});

describe("modbus on devices that misbehave", () => {
  let server: Server;
  const sockets = new Set<Socket>();

  async function device(answer: (request: Buffer, socket: Socket) => void): Promise<ModbusConfig> {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("data", (request: Buffer) => answer(request, socket));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return { host: "127.0.0.1", port: address.port, interval: 10, timeout: 60 };
  }

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    server.close();
    await once(server, "close");
  });

  it("makes points bad where one never answers, and gives the session up", async () => {
    const { connection, sink } = await connect(await device(() => undefined));
    await connection.subscribe([{ tag: "holding:0" }], never);
    const reason = await connection.lost;
    expect(reason).to.include({ code: "device-timeout" });
    expect(sink.last("holding:0")).to.include({ quality: "bad", code: "Timeout" });
  });

  it("says device-timeout of a write that nobody answers", async () => {
    const { connection } = await connect(await device(() => undefined));
    expect(await codeOf(connection.write("holding:0", 1, never))).to.equal("device-timeout");
  });

  it("survives an answer that is too short", async () => {
    const config = await device((request, socket) => {
      const answer = Buffer.from([...request.subarray(0, 4), 0, 5, request.readUInt8(6), 3, 2, 0, 7]);
      socket.write(answer);
    });
    const { connection } = await connect(config);
    const [reading] = await connection.read(["holding:0:float32"], never);
    expect(reading).to.include({ quality: "bad", code: "ShortAnswer" });
  });

  it("survives noise", async () => {
    const { connection } = await connect(await device((_request, socket) => socket.write(Buffer.alloc(40, 0xee))));
    await connection.subscribe([{ tag: "holding:0" }], never);
    expect(await connection.lost).to.include({ code: "device-timeout" });
  });

  it("lets go of a read when it is aborted", async () => {
    const { connection } = await connect({ ...(await device(() => undefined)), timeout: 5_000 });
    const abort = new AbortController();
    const reading = codeOf(connection.read(["holding:0"], abort.signal));
    abort.abort();
    expect(await reading).to.equal("aborted");
  });
});
