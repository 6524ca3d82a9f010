import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { registerMap, wordCount } from "../../../src/demo/modbus/register-map.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { startTestPlant, type TestPlant } from "../test-plant.ts";

interface Seen {
  readonly values: Readonly<Record<string, number>>;
  readonly [action: string]: unknown;
}

describe("demo/modbus, seen by a foreign client (pymodbus)", () => {
  let running: TestPlant;
  let seen: Seen;

  before(async function () {
    this.timeout(20_000);
    const python = requireForeign(this, "pymodbus");
    // A tick that never comes in this suite: the values stand still while they are compared.
    running = await startTestPlant({ tickMs: 60_000 });
    const { host, port } = running.plant.endpoints.modbus;
    const probe = fileURLToPath(new URL("pymodbus-probe.py", import.meta.url));
    const map = JSON.stringify(registerMap.map(({ value: _value, ...entry }) => entry));
    const { stdout } = await promisify(execFile)(python, [probe, host, String(port), map], { timeout: 15_000 });
    seen = JSON.parse(stdout) as Seen;
  });

  after(() => running?.close());

  it("reads every register of the map: all types, both word orders, scaled", () => {
    const meter = running.plant.read().meter;
    for (const { name, scale, value, type } of registerMap) {
      if (name === "demandLimit") continue;
      const expected = value(meter);
      const rounding = type.startsWith("float") ? Math.abs(expected) * 1e-6 : scale;
      expect(seen.values[name], name).to.be.closeTo(expected, rounding);
    }
    expect(new Set(registerMap.map((entry) => entry.wordOrder)).size).to.equal(2);
    expect(new Set(registerMap.map((entry) => entry.type)).size).to.equal(7);
  });

  it("writes the demand limit with functions 6 and 16, and the plant takes it", () => {
    expect(seen["after single"]).to.deep.equal([120]);
    expect(seen["after multiple"]).to.deep.equal([75]);
    expect(running.plant.read().meter.demandLimit).to.equal(75);
  });

  it("answers what it cannot do with the protocol's exceptions", () => {
    expect(seen.gap).to.equal("exception 2");
    expect(seen.nothing).to.equal("exception 2");
    expect(seen.coils).to.equal("exception 1");
    expect(seen["too much"]).to.equal("exception 3");
    expect(seen["read-only"]).to.equal("exception 2");
    expect(seen.two).to.equal("exception 2");
  });
});

describe("demo/modbus, faults", () => {
  let running: TestPlant;
  const readVoltage = (id: number) => Buffer.of(0, id, 0, 0, 0, 6, 1, 4, 0, 0, 0, 1);

  before(async () => {
    running = await startTestPlant();
  });

  after(() => running?.close());

  async function open() {
    const { host, port } = running.plant.endpoints.modbus;
    const socket = connect(port, host);
    await once(socket, "connect");
    return socket;
  }

  it("stays silent while it is told to, and answers again", async () => {
    await running.plant.setFault({ fault: "modbus-silent" }, true);
    const socket = await open();
    const answer = once(socket, "data") as Promise<[Buffer]>;
    await new Promise((resolve) => socket.write(readVoltage(1), resolve));
    // Loopback delivers at once: two turns of the event loop later the meter has taken the request.
    await setImmediate();
    await setImmediate();
    await running.plant.setFault({ fault: "modbus-silent" }, false);
    socket.write(readVoltage(2));
    const [bytes] = await answer;
    socket.destroy();
    expect(bytes.subarray(0, 9).toString("hex"), "the first answer is that to the second request").to.equal(
      "000200000005010402",
    );
    expect(bytes.readUInt16BE(9) / 10).to.be.within(220, 240);
  });

  it("closes its port and comes back on it", async () => {
    const { port } = running.plant.endpoints.modbus;
    const socket = await open();
    const gone = once(socket, "close");
    await running.plant.setFault({ fault: "modbus-closed" }, true);
    await gone;
    const refused = await open().then(
      () => "connected",
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(refused).to.equal("ECONNREFUSED");
    await running.plant.setFault({ fault: "modbus-closed" }, false);
    expect(running.plant.endpoints.modbus.port).to.equal(port);
    (await open()).destroy();
  });
});

describe("demo/modbus/register-map", () => {
  it("has no overlapping registers and no name twice", () => {
    const taken = new Set<string>();
    for (const { space, address, type } of registerMap) {
      for (let word = address; word < address + wordCount(type); word++) {
        expect(taken.has(`${space} ${word}`), `${space} ${word}`).to.equal(false);
        taken.add(`${space} ${word}`);
      }
    }
    expect(new Set(registerMap.map((entry) => entry.name)).size).to.equal(registerMap.length);
  });
});
