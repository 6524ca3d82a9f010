import { expect } from "chai";
import { connectAsync, type IPublishPacket, type MqttClient } from "mqtt";
import { startTestPlant, type TestPlant } from "../test-plant.ts";

type Message = { readonly topic: string; readonly payload: Record<string, unknown>; readonly packet: IPublishPacket };

/** The next message that a filter lets through; mocha's timeout is the deadline. */
function next(client: MqttClient, wanted: (message: Message) => boolean): Promise<Message> {
  return new Promise((resolve) => {
    const look = (topic: string, bytes: Buffer, packet: IPublishPacket) => {
      const message = { topic, payload: JSON.parse(bytes.toString("utf8")) as Record<string, unknown>, packet };
      if (!wanted(message)) return;
      client.off("message", look);
      resolve(message);
    };
    client.on("message", look);
  });
}

describe("demo/mqtt", () => {
  let running: TestPlant;
  let client: MqttClient;

  before(async () => {
    running = await startTestPlant();
    client = await connectAsync(running.plant.endpoints.mqtt, { protocolVersion: 4 });
  });

  after(async () => {
    await client?.endAsync(true);
    await running?.close();
  });

  it("publishes every sensor of every pump as JSON with QoS 1", async () => {
    const missing = new Set(
      running.plant.endpoints.pumps.flatMap((pump) =>
        ["vibration", "bearing", "ambient"].map((sensor) => `plant/pump-station/${pump}/${sensor}`),
      ),
    );
    const all = next(client, ({ topic, packet }) => {
      if (packet.qos === 1 && !packet.retain) missing.delete(topic);
      return missing.size === 0;
    });
    await client.subscribeAsync("plant/pump-station/+/+", { qos: 1 });
    await all;
  });

  it("sends values, unit, battery and an ISO time", async () => {
    const { payload } = await next(client, ({ topic }) => topic === "plant/pump-station/Pump02/vibration");
    expect(payload).to.include({ sensor: "Pump02-vibration", quality: "good", unit: "mm/s" });
    expect(payload.velocity).to.have.all.keys("x", "y", "z");
    expect(payload.battery).to.be.within(5, 100);
    const age = Date.now() - Date.parse(String(payload.ts));
    expect(age).to.be.within(0, 5_000);
    const bearing = await next(client, ({ topic }) => topic === "plant/pump-station/Pump02/bearing");
    expect(bearing.payload.driveEnd).to.be.within(10, 95);
    expect(bearing.payload.nonDriveEnd).to.be.within(10, 95);
  });

  it("keeps the state retained: who comes later knows it at once", async () => {
    const late = await connectAsync(running.plant.endpoints.mqtt, { protocolVersion: 4 });
    const state = next(late, () => true);
    await late.subscribeAsync("plant/pump-station/Pump03/state", { qos: 1 });
    const { payload, packet } = await state;
    await late.endAsync(true);
    expect(packet.retain).to.equal(true);
    expect(payload).to.have.all.keys("ts", "state", "mode", "trip");
    expect(payload).to.include({ mode: "Automatic", trip: "None" });
  });

  it("sends the state again when it changes", async () => {
    const changed = next(client, ({ topic, payload }) => topic.endsWith("Pump01/state") && payload.state === "Fault");
    await running.plant.setFault({ fault: "drive-trip", pump: "Pump01" }, true);
    expect((await changed).payload).to.include({ trip: "DriveTrip" });
  });

  it("sends null and bad quality when a sensor has failed", async () => {
    await running.plant.setFault({ fault: "sensor-failure", pump: "Pump04" }, true);
    const { payload } = await next(client, (m) => m.topic.endsWith("Pump04/bearing") && m.payload.quality !== "good");
    expect(payload).to.include({ quality: "bad", driveEnd: null, nonDriveEnd: null });
    await running.plant.setFault({ fault: "sensor-failure", pump: "Pump04" }, false);
    await next(client, (m) => m.topic.endsWith("Pump04/bearing") && m.payload.quality === "good");
  });

  it("falls silent for one pump while the others go on", async () => {
    await running.plant.setFault({ fault: "sensor-silent", pump: "Pump02" }, true);
    const topics: string[] = [];
    // Messages that were under way may still come; after 20 of the others none of Pump02's is left.
    await next(client, ({ topic }) => topics.push(topic) > 40);
    expect(topics.slice(20).some((topic) => topic.includes("Pump02"))).to.equal(false);
    await running.plant.setFault({ fault: "sensor-silent", pump: "Pump02" }, false);
    await next(client, ({ topic }) => topic.includes("Pump02"));
  });

  it("closes the broker and brings it back on the same port, with the states", async () => {
    const url = running.plant.endpoints.mqtt;
    const gone = new Promise<void>((resolve) => client.once("close", resolve));
    await running.plant.setFault({ fault: "mqtt-closed" }, true);
    await gone;
    await client.endAsync(true);
    const refused = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 2_000 }).then(
      () => "connected",
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(refused).to.equal("ECONNREFUSED");
    await running.plant.setFault({ fault: "mqtt-closed" }, false);
    expect(running.plant.endpoints.mqtt).to.equal(url);
    client = await connectAsync(url, { protocolVersion: 4 });
    const state = next(client, ({ topic }) => topic.endsWith("Pump01/state"));
    await client.subscribeAsync("plant/pump-station/#", { qos: 1 });
    expect((await state).payload).to.include({ state: "Fault" });
  });
});
