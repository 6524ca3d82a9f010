import { expect } from "chai";
import { type NgsiHub, PUMP, startNgsiHub } from "./ngsi-hub.ts";
import { type NotificationReceiver, startReceiver } from "./notification-receiver.ts";

const CAR = "urn:ngsi-ld:Car:1";

describe("NGSI-LD API: when notifications go (5.2.12, 5.8.6)", () => {
  let hub: NgsiHub;
  let receiver: NotificationReceiver;
  beforeEach(async () => {
    hub = await startNgsiHub();
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await receiver.stop();
    await hub.stop();
  });

  const subscribe = async (members: object, notification: object = {}, endpoint: object = {}): Promise<string> => {
    const answer = await hub.call("POST", "/subscriptions", {
      type: "Subscription",
      ...members,
      notification: { format: "keyValues", ...notification, endpoint: { uri: receiver.url, ...endpoint } },
    });
    expect(answer.status, await answer.clone().text()).to.equal(201);
    return decodeURIComponent(answer.headers.get("location")?.split("/").at(-1) ?? "");
  };
  const make = (id: string, speed = 0) =>
    hub.call("POST", "/entities", { id, type: "Car", speed: { type: "Property", value: speed } });
  const drive = (speed: number, id = CAR) =>
    hub.call("PATCH", `/entities/${id}/attrs`, { speed: { type: "Property", value: speed } });
  const cars = { entities: [{ type: "Car" }] };
  const tick = async (now: number): Promise<void> => {
    await hub.twin.owe(hub.subscriptions.due(now));
    hub.worker.wake();
  };

  describe("throttling", () => {
    it("what changes in between goes out together at its end: every entity, its newest state", async () => {
      await make(CAR);
      await make("urn:ngsi-ld:Car:2");
      await subscribe({ ...cars, throttling: 0.6 }, { pick: ["id", "speed"] });
      await drive(1);
      const first = await receiver.next();
      expect(first.body.data).to.deep.equal([{ id: CAR, speed: 1 }]);
      for (const speed of [2, 3, 4]) await drive(speed);
      await drive(9, "urn:ngsi-ld:Car:2");
      const second = await receiver.next();
      expect(second.body.data).to.deep.equal([
        { id: CAR, speed: 4 },
        { id: "urn:ngsi-ld:Car:2", speed: 9 },
      ]);
      expect(second.at - first.at).to.be.at.least(600 - 50);
      await hub.worker.stop();
      expect((await hub.worker.counters()).outbox.pending).to.equal(0);
    });

    it("costs a row an interval, however fast a signal is", async () => {
      await subscribe({ entities: [{ type: "Pump" }], watchedAttributes: ["flow"], throttling: 0.6 });
      await hub.read("flow", 0);
      await receiver.next();
      for (let value = 1; value <= 50; value += 1) await hub.read("flow", value);
      expect((await hub.worker.counters()).outbox.pending).to.be.at.most(2);
      expect((await receiver.told()).flow).to.equal(50);
    });

    it("tells the last state that met the conditions where the newest does not", async () => {
      await make(CAR);
      await subscribe({ ...cars, throttling: 0.5, q: "speed>5" }, { pick: ["speed"] });
      await drive(6);
      expect(await receiver.told()).to.deep.equal({ speed: 6 });
      await drive(7);
      await drive(1);
      expect(await receiver.told()).to.deep.equal({ speed: 7 });
    });

    it("shows what was before the first of the changes, and what was deleted since", async () => {
      await make(CAR, 1);
      const members = { ...cars, throttling: 0.5, notificationTrigger: ["entityUpdated"] };
      await subscribe(members, { format: "concise", showChanges: true });
      await drive(2);
      await receiver.next();
      await drive(3);
      await drive(4);
      await hub.call("POST", `/entities/${CAR}/attrs`, { colour: "red" });
      await hub.call("DELETE", `/entities/${CAR}/attrs/colour`);
      const { speed, colour } = await receiver.told();
      expect(speed).to.deep.equal({ value: 4, previousValue: 2 });
      expect(colour).to.equal("urn:ngsi-ld:null");
    });

    it("a failed notification is sent again with all that it told, and what changed since", async () => {
      await make(CAR);
      await make("urn:ngsi-ld:Car:2");
      await subscribe({ ...cars, throttling: 0.4 }, { pick: ["id", "speed"] });
      await drive(1);
      await receiver.next();
      receiver.state.status = 503;
      await drive(2);
      await receiver.next();
      await drive(3, "urn:ngsi-ld:Car:2");
      receiver.state.status = 200;
      const told: unknown[] = [];
      while (told.length < 2) told.push(...(await receiver.next()).body.data);
      expect(told.slice(-2)).to.deep.equal([
        { id: CAR, speed: 2 },
        { id: "urn:ngsi-ld:Car:2", speed: 3 },
      ]);
    });
  });

  describe("timeInterval", () => {
    it("sends all entities that match, whether or not they changed; nothing where none does", async () => {
      await make(CAR, 10);
      await make("urn:ngsi-ld:Car:2", 20);
      const id = await subscribe({ ...cars, timeInterval: 3600, q: "speed>15" }, { pick: ["id", "speed"] });
      const start = Date.now();
      expect(hub.subscriptions.due(start + 3_000_000)).to.deep.equal([]);
      await tick(start + 3_600_500);
      expect((await receiver.next()).body.data).to.deep.equal([{ id: "urn:ngsi-ld:Car:2", speed: 20 }]);
      await drive(30);
      await tick(start + 7_201_000);
      expect((await receiver.next()).body.data).to.have.length(2);
      await hub.call("PATCH", `/subscriptions/${id}`, { q: "speed>100" });
      await tick(Date.now() + 3_600_500);
      await drive(31);
      expect((await hub.worker.counters()).delivered).to.equal(2);
      expect(receiver.received).to.deep.equal([]);
    });

    it("one waits for a receiver that is away, not all that it missed", async () => {
      await make(CAR);
      receiver.state.silent = true;
      await subscribe({ ...cars, timeInterval: 10 }, {}, { timeout: 400 });
      const start = Date.now();
      expect(hub.subscriptions.due(start + 11_000)).to.have.length(1);
      expect(hub.subscriptions.due(start + 22_000)).to.have.length(0);
      expect(hub.subscriptions.due(start + 5_000_000), "given up for lost").to.have.length(1);
    });
  });

  it("cooldown: after a failure nothing is tried for its time (5.2.15)", async () => {
    receiver.state.status = 503;
    await subscribe({ entities: [{ id: PUMP, type: "Pump" }] }, {}, { cooldown: 700 });
    await hub.read("flow", 1);
    const failed = await receiver.next();
    receiver.state.status = 200;
    await hub.read("flow", 2);
    const again = await receiver.next();
    expect(again.at - failed.at).to.be.at.least(650);
    expect(again.body.data[0]?.flow).to.equal(1);
    expect((await receiver.told()).flow).to.equal(2);
  });

  it("timeout: a receiver that says nothing in time has failed (5.2.15)", async () => {
    receiver.state.silent = true;
    const id = await subscribe({ entities: [{ type: "Pump" }] }, {}, { timeout: 50 });
    await hub.read("flow", 1);
    await receiver.next();
    receiver.state.silent = false;
    await receiver.next();
    const shown = await (await hub.call("GET", `/subscriptions/${id}`)).json();
    expect((shown as { notification: object }).notification).to.include({ timesSent: 1, timesFailed: 1 });
  });
});
