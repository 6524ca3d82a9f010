import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { readDemoOptions } from "../../src/demo/demo-options.ts";
import { startDemoPlant } from "../../src/demo/demo-plant.ts";
import { startTestPlant } from "./test-plant.ts";

async function refusal(action: Promise<unknown>): Promise<HubError> {
  const thrown = await action.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).to.be.instanceOf(HubError);
  return thrown as HubError;
}

describe("demo/demo-plant", () => {
  it("starts on free ports, tells them, and closes everything within seconds", async () => {
    const { plant, close } = await startTestPlant({ pumps: 2 });
    const { endpoints } = plant;
    expect(endpoints.pumps).to.deep.equal(["Pump01", "Pump02"]);
    expect(endpoints.opcua).to.match(/^opc\.tcp:\/\/127\.0\.0\.1:\d{4,5}$/);
    expect(endpoints.mqtt).to.match(/^mqtt:\/\/127\.0\.0\.1:\d{4,5}$/);
    expect(endpoints.modbus.port).to.be.above(1_023);
    expect((await fetch(`${endpoints.control}/faults`)).status).to.equal(200);
    const began = Date.now();
    await close();
    expect(Date.now() - began).to.be.below(3_000);
    await plant.close();
    expect(await fetch(`${endpoints.control}/faults`).catch(() => "closed")).to.equal("closed");
  });

  it("takes faults from another process through the control interface", async () => {
    const { plant, close } = await startTestPlant();
    const body = JSON.stringify({ fault: "overheating", pump: "Pump01", on: true });
    await fetch(`${plant.endpoints.control}/faults`, { method: "POST", body });
    expect(plant.faults()).to.deep.equal([{ fault: "overheating", pump: "Pump01" }]);
    expect((await refusal(plant.setFault({ fault: "wear", pump: "Pump99" }, true))).code).to.equal("invalid");
    await close();
  });

  it("closes when its signal is aborted, and does not start with one that is", async () => {
    const { folder, close } = await startTestPlant();
    const stopping = new AbortController();
    const second = await startDemoPlant({ dataDir: folder, signal: stopping.signal });
    stopping.abort();
    await second.close();
    expect(await fetch(`${second.endpoints.control}/faults`).catch(() => "closed")).to.equal("closed");
    const late = startDemoPlant({ dataDir: folder, signal: stopping.signal });
    expect(await late.catch((error: Error) => error.name)).to.equal("AbortError");
    await close();
  });

  for (const option of ["opcuaPort", "mqttPort", "modbusPort", "controlPort"] as const) {
    it(`says which port is in use (${option}) and leaves nothing running`, async () => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      const { port } = other.address() as AddressInfo;
      const { folder, plant, close } = await startTestPlant();
      const error = await refusal(startDemoPlant({ dataDir: folder, [option]: port }));
      expect(error.code).to.equal("config");
      expect(error.message).to.contain(`:${port}`).and.contain("in use");
      expect(plant.read().time).to.be.at.least(0);
      other.close();
      await close();
    });
  }
});

describe("demo/demo-options", () => {
  it("fills in the defaults", () => {
    expect(readDemoOptions({ dataDir: "x" })).to.deep.equal({
      host: "127.0.0.1",
      opcuaPort: 0,
      mqttPort: 0,
      modbusPort: 0,
      controlPort: 0,
      seed: 1,
      speed: 1,
      pumps: 4,
      tickMs: 500,
      dataDir: "x",
    });
  });

  it("tells every wrong option at once", () => {
    expect(() => readDemoOptions({ dataDir: "x", pumps: 0, speed: -1, opcuaPort: 70_000 }))
      .to.throw(HubError)
      .with.property("problems")
      .that.has.lengthOf(3);
  });
});
