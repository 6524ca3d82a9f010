import { request } from "node:http";
import { expect } from "chai";
import { type ControlServer, startControlServer } from "../../../src/demo/control/control-server.ts";
import { FaultBoard } from "../../../src/demo/fault-board.ts";

describe("demo/control", () => {
  const pumps = ["Pump01", "Pump02"];
  const board = new FaultBoard(pumps);
  let server: ControlServer;

  before(async () => {
    server = await startControlServer({
      port: 0,
      pumps,
      faults: () => board.list(),
      setFault: async (fault, pump, on) => board.set(board.check(fault, pump), on),
    });
  });

  after(() => server.close());

  async function post(body: unknown) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`${server.url}/faults`, { method: "POST", body: text });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** A request as a browser on a rebound name would send it; fetch does not let a Host header through. */
  function statusWith(headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request(`${server.url}/faults`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
  }

  it("switches faults on and off, and lists them with what each means", async () => {
    expect((await post({ fault: "wear", pump: "Pump02", on: true })).body.faults).to.deep.equal([
      { fault: "wear", pump: "Pump02" },
    ]);
    await post({ fault: "mqtt-silent", on: true });
    const listed = (await (await fetch(`${server.url}/faults`)).json()) as Record<string, unknown>;
    expect(listed.faults).to.deep.equal([{ fault: "wear", pump: "Pump02" }, { fault: "mqtt-silent" }]);
    expect(listed.known).to.include.keys("sensor-failure", "opcua-closed", "modbus-silent");
    await post({ fault: "wear", pump: "Pump02", on: false });
    expect((await post({ fault: "mqtt-silent", on: false })).body.faults).to.deep.equal([]);
  });

  it("refuses what is no fault, saying what would be right", async () => {
    const unknown = await post({ fault: "earthquake", on: true });
    expect(unknown.status).to.equal(400);
    expect(unknown.body.message).to.contain("overheating");
    expect((await post({ fault: "wear", pump: "Pump03", on: true })).body.message).to.contain("Pump01, Pump02");
    expect((await post({ fault: "wear", on: true })).status).to.equal(400);
    expect((await post({ fault: "mqtt-closed", pump: "Pump01", on: true })).status).to.equal(400);
    expect((await post({ fault: "wear", pump: "Pump01", on: "yes" })).status).to.equal(400);
    expect((await post("{")).status).to.equal(400);
    expect((await post({ fault: "x".repeat(5_000), on: true })).status).to.equal(413);
    expect(board.list()).to.deep.equal([]);
  });

  it("knows no other path and no other method", async () => {
    expect((await fetch(`${server.url}/`)).status).to.equal(404);
    expect((await fetch(`${server.url}/faults`, { method: "DELETE" })).status).to.equal(405);
  });

  it("is closed to web pages: no foreign Host, no Origin", async () => {
    expect(await statusWith({ host: "plant.example.org" })).to.equal(403);
    expect(await statusWith({ origin: "http://example.org" })).to.equal(403);
    expect(await statusWith({ host: `localhost:${server.port}` })).to.equal(200);
  });
});
