import { expect } from "chai";
import { type NgsiHub, PUMP, startNgsiHub } from "./ngsi-hub.ts";
import { type NotificationReceiver, startReceiver } from "./notification-receiver.ts";

describe("NGSI-LD API: subscriptions and notifications (5.8)", () => {
  let hub: NgsiHub;
  let receiver: NotificationReceiver;
  const subscribe = async (more: object, notification: object = {}, uri = receiver.url): Promise<string> => {
    const body = {
      type: "Subscription",
      ...more,
      notification: { endpoint: { uri, accept: "application/json" }, ...notification },
    };
    const answer = await hub.call("POST", "/subscriptions", body);
    expect(answer.status, await answer.clone().text()).to.equal(201);
    return decodeURIComponent(answer.headers.get("location")?.split("/").at(-1) ?? "");
  };
  const shown = async (id: string) =>
    (await (await hub.call("GET", `/subscriptions/${id}`)).json()) as Record<string, unknown> & {
      notification: Record<string, unknown>;
    };

  beforeEach(async () => {
    hub = await startNgsiHub();
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await receiver.stop();
    await hub.stop();
  });

  const CAR = "urn:ngsi-ld:Car:1";
  const makeCar = () =>
    hub.call("POST", "/entities", {
      id: CAR,
      type: "Car",
      name: [
        { type: "Property", value: "a" },
        { type: "Property", value: "b", datasetId: "urn:d:b" },
      ],
      owner: { type: "Relationship", object: "urn:ngsi-ld:Person:1" },
    });
  const told = () => receiver.told();

  it("tells of a deleted attribute by NGSI-LD Null, with its datasetId and its times where they are asked for (5.8.6)", async () => {
    await makeCar();
    const entities = [{ type: "Car" }];
    const first = await subscribe({ entities, notificationTrigger: ["attributeDeleted"] });
    await hub.call("DELETE", `/entities/${CAR}/attrs/name?datasetId=urn:d:b`);
    expect((await told()).name).to.deep.equal([
      { type: "Property", value: "a" },
      { type: "Property", value: "urn:ngsi-ld:null", datasetId: "urn:d:b" },
    ]);
    await hub.call("DELETE", `/entities/${CAR}/attrs/name`);
    expect((await told()).name).to.equal("urn:ngsi-ld:null");
    await hub.call("DELETE", `/subscriptions/${first}`);
    await subscribe({ entities, notificationTrigger: ["entityUpdated"] }, { sysAttrs: true });
    await hub.call("DELETE", `/entities/${CAR}/attrs/owner`);
    const { owner } = await told();
    expect(owner).to.include({ type: "Relationship", object: "urn:ngsi-ld:null" });
    expect(owner).to.have.all.keys("type", "object", "createdAt", "modifiedAt", "deletedAt");
  });

  it("tells of a deleted entity when it went, and its other times with sysAttrs (5.8.6)", async () => {
    await makeCar();
    await subscribe({ entities: [{ type: "Car" }], notificationTrigger: ["entityDeleted"] }, { sysAttrs: true });
    await hub.call("DELETE", `/entities/${CAR}`);
    expect(await told()).to.have.all.keys("id", "type", "createdAt", "modifiedAt", "deletedAt");
  });

  it("sends the instances of the named datasets alone (5.2.12)", async () => {
    await makeCar();
    const id = await subscribe({ entities: [{ type: "Car" }], datasetId: ["urn:d:b"] }, { format: "simplified" });
    await hub.call("PATCH", `/entities/${CAR}/attrs/name`, { value: "c", datasetId: "urn:d:b" });
    expect(await told()).to.deep.equal({ id: CAR, type: "Car", name: { dataset: { "urn:d:b": "c" } } });
    expect((await shown(id)).datasetId).to.deep.equal(["urn:d:b"]);
  });

  it("entityUpdated stands for attributes created, updated and deleted (5.2.12)", async () => {
    await makeCar();
    await subscribe({ entities: [{ type: "Car" }], notificationTrigger: ["entityUpdated"] }, { pick: ["colour"] });
    await hub.call("POST", `/entities/${CAR}/attrs`, { colour: { type: "Property", value: "red" } });
    expect(await told()).to.deep.equal({ colour: { type: "Property", value: "red" } });
    await hub.call("DELETE", `/entities/${CAR}/attrs/colour`);
    expect(await told()).to.deep.equal({ colour: "urn:ngsi-ld:null" });
  });

  it("notifies a reading of a linked attribute, and only those that are watched", async () => {
    const id = await subscribe(
      { entities: [{ type: "Pump" }], watchedAttributes: ["flow"] },
      { attributes: ["flow"], format: "keyValues" },
    );
    await hub.read("setpoint", 1);
    await hub.read("flow", 7);
    const { body, headers } = await receiver.next();
    expect(body.subscriptionId).to.equal(id);
    expect(body.data).to.deep.equal([{ id: PUMP, type: "Pump", flow: 7 }]);
    expect(headers.link).to.contain("ngsi-ld-core-context");
    expect(receiver.received).to.deep.equal([]);
  });

  it("names an entity and fires on PATCH /attrs; extra headers and JSON-LD as asked for", async () => {
    await hub.call("POST", "/entities", { id: "urn:x:1", type: "X", a: 1 });
    const endpoint = {
      uri: receiver.url,
      accept: "application/ld+json",
      receiverInfo: [{ key: "X-Secret", value: "s" }],
    };
    await subscribe({ entities: [{ id: "urn:x:1", type: "X" }] }, { endpoint });
    expect((await hub.call("PATCH", "/entities/urn:x:1/attrs", { a: { type: "Property", value: 2 } })).status).to.equal(
      204,
    );
    const { body, headers } = await receiver.next();
    expect(body.data[0]).to.deep.equal({ id: "urn:x:1", type: "X", a: { type: "Property", value: 2 } });
    expect(headers["x-secret"]).to.equal("s");
    expect(headers["content-type"]).to.equal("application/ld+json");
    expect(body).to.have.property("@context");
  });

  it("sends every change in order, each with the value that it had", async () => {
    await subscribe({ entities: [{ type: "Pump" }], watchedAttributes: ["flow"] }, { format: "keyValues" });
    for (const value of [1, 2, 3]) await hub.read("flow", value);
    const values: unknown[] = [];
    for (let n = 0; n < 3; n += 1) values.push((await receiver.next()).body.data[0]?.flow);
    expect(values).to.deep.equal([1, 2, 3]);
  });

  it("tries again while the receiver fails; the notification counts once, as sent and as failed (5.2.14.2)", async () => {
    receiver.state.status = 503;
    const id = await subscribe({ entities: [{ type: "Pump" }] });
    await hub.read("flow", 1);
    await receiver.next();
    receiver.state.status = 200;
    await receiver.next();
    await settled(async () => (await shown(id)).notification.status === "ok");
    const { notification, status } = await shown(id);
    expect(status).to.equal("active");
    expect(notification).to.include({ timesSent: 1, timesFailed: 1 });
    expect(notification).to.have.property("lastSuccess");
  });

  it("a receiver that says nothing holds up neither ingest nor other receivers", async () => {
    receiver.state.silent = true;
    const other = await startReceiver();
    await subscribe({ entities: [{ type: "Pump" }] });
    await subscribe({ entities: [{ type: "Pump" }] }, {}, other.url);
    for (let n = 0; n < 5; n += 1) await hub.read("flow", n);
    for (let n = 0; n < 5; n += 1) await other.next();
    await other.stop();
    receiver.state.silent = false;
    await receiver.stop();
  });

  it("pauses a subscription whose receiver is gone (410), and drops what waits for it", async () => {
    receiver.state.status = 410;
    const id = await subscribe({ entities: [{ type: "Pump" }] });
    await hub.read("flow", 1);
    await receiver.next();
    await settled(async () => (await shown(id)).status === "paused");
    expect((await hub.worker.counters()).outbox.pending).to.equal(0);
  });

  it("updates by merging, an unknown or wrong member changes nothing (5.8.2, 5.5.8)", async () => {
    const id = await subscribe(
      { entities: [{ type: "Pump" }], watchedAttributes: ["flow"], q: "flow>1", throttling: 5 },
      { format: "keyValues", attributes: ["flow"] },
    );
    const update = async (fragment: object) => (await hub.call("PATCH", `/subscriptions/${id}`, fragment)).status;
    expect(await update({ notification: { endpoint: { timeout: 100 } }, q: "urn:ngsi-ld:null" })).to.equal(204);
    const merged = await shown(id);
    expect(merged).to.not.have.property("q");
    expect(merged.notification).to.deep.include({ format: "keyValues", attributes: ["flow"] });
    expect(merged.notification.endpoint).to.deep.include({ uri: receiver.url, timeout: 100 });
    for (const wrong of [
      { id: "urn:x:other" },
      { type: "Other" },
      { timeInterval: 3 },
      { notification: { showChanges: true } },
      { expiresAt: "2020-01-01T00:00:00Z" },
      { unheardOf: 1 },
      { notification: "urn:ngsi-ld:null" },
    ]) {
      expect(await update(wrong), JSON.stringify(wrong)).to.equal(400);
    }
    expect(await shown(id)).to.deep.equal(merged);
    expect((await hub.call("PATCH", "/subscriptions/urn:x:none", { isActive: false })).status).to.equal(404);
    expect((await hub.call("PATCH", "/subscriptions/none", { isActive: false })).status).to.equal(400);
  });

  it("is shown as it was written, with what the broker says of it (5.2.12, 5.2.14.2, 5.8.3, 6.3.6)", async () => {
    const members = {
      subscriptionName: "flows",
      description: "of pumps",
      entities: [
        { type: "Pump", id: ["urn:x:1", "urn:x:2"] },
        { type: "(A;B),C", idPattern: "^urn" },
      ],
      watchedAttributes: ["flow"],
      q: "flow>1",
      geoQ: { georel: "near;maxDistance==10", geometry: "Point", coordinates: "[1,2]", geoproperty: "place" },
      scopeQ: "/A/#",
      csf: "x==1",
      temporalQ: { timerel: "before", timeAt: "2026-01-01T00:00:00Z" },
      throttling: 2.5,
      lang: "fr",
      localOnly: true,
      splitEntities: false,
      expandValues: "flow",
      jsonKeys: "raw",
      ngsildConformance: "1.6",
      datasetId: ["@none"],
      expiresAt: "2999-01-01T00:00:00Z",
    };
    const shape = { pick: ["id", "owner{name,home{street}}"], omit: ["scope"], join: "inline", joinLevel: 2 };
    const endpoint = { uri: receiver.url, accept: "application/geo+json", timeout: 5, cooldown: 7 };
    const id = await subscribe(members, { ...shape, sysAttrs: true, showChanges: true, format: "concise", endpoint });
    const answer = await hub.call("GET", `/subscriptions/${id}?options=sysAttrs`, undefined, { prefer: "ngsi-ld=1.5" });
    expect(answer.headers.get("preference-applied")).to.equal("ngsi-ld=1.5");
    const { createdAt, modifiedAt, jsonldContext, ...body } = (await answer.json()) as Record<string, unknown>;
    expect([createdAt, modifiedAt, jsonldContext].every((one) => typeof one === "string")).to.equal(true);
    expect(body).to.deep.equal({
      id,
      type: "Subscription",
      ...members,
      notificationTrigger: ["attributeCreated", "attributeUpdated"],
      notification: { ...shape, sysAttrs: true, showChanges: true, format: "concise", endpoint },
      status: "active",
    });
    expect((await hub.call("GET", `/subscriptions/${id}?options=sysattrs`)).status).to.equal(400);
  });

  it("what the broker says of it cannot be written (5.2.14.2)", async () => {
    const id = await subscribe(
      { entities: [{ type: "Pump" }], status: "expired", createdAt: "x" },
      { timesSent: 42, status: "failed", endpoint: { uri: receiver.url } },
    );
    const { status, notification } = await shown(id);
    expect(status).to.equal("active");
    expect(notification).to.have.all.keys("endpoint");
  });

  it("is listed in pages, in order of creation (5.8.4, 6.10.3.2)", async () => {
    for (const name of ["1", "2", "3"]) await subscribe({ id: `urn:s:${name}`, entities: [{ type: "A" }] });
    const page = await hub.call("GET", "/subscriptions/?limit=1&offset=1&count=true");
    expect(((await page.json()) as { id: string }[]).map(({ id }) => id)).to.deep.equal(["urn:s:2"]);
    expect(page.headers.get("ngsild-results-count")).to.equal("3");
    expect(page.headers.get("link")).to.include('</ngsi-ld/v1/subscriptions?count=true&limit=1&offset=2>;rel="next"');
    const again = {
      type: "Subscription",
      id: "urn:s:1",
      entities: [{ type: "A" }],
      notification: { endpoint: { uri: receiver.url } },
    };
    expect((await hub.call("POST", "/subscriptions", again)).status).to.equal(409);
  });

  it("expires by itself, and becomes active again with a later expiresAt (5.8.2.4)", async () => {
    const soon = new Date(Date.now() + 300).toISOString();
    const id = await subscribe({ entities: [{ type: "Pump" }], expiresAt: soon });
    expect((await shown(id)).status).to.equal("active");
    await settled(async () => (await shown(id)).status === "expired");
    await hub.read("flow", 1);
    const update = async (fragment: object) => (await hub.call("PATCH", `/subscriptions/${id}`, fragment)).status;
    expect(await update({ isActive: true })).to.equal(204);
    expect((await shown(id)).status).to.equal("expired");
    expect(await update({ expiresAt: new Date(Date.now() + 60_000).toISOString() })).to.equal(204);
    expect((await shown(id)).status).to.equal("active");
    await hub.read("flow", 2);
    expect((await told()).flow).to.deep.include({ value: 2 });
    expect(receiver.received).to.deep.equal([]);
  });

  it("updates, lists and deletes; a deleted one is never heard of again", async () => {
    const id = await subscribe({ entities: [{ type: "Pump" }], watchedAttributes: ["flow"] });
    expect((await hub.call("PATCH", `/subscriptions/${id}`, { isActive: false })).status).to.equal(204);
    expect((await shown(id)).status).to.equal("paused");
    expect((await shown(id)).watchedAttributes).to.deep.equal(["flow"]);
    expect(await (await hub.call("GET", "/subscriptions")).json()).to.have.length(1);
    expect((await hub.call("DELETE", `/subscriptions/${id}`)).status).to.equal(204);
    expect((await hub.call("GET", `/subscriptions/${id}`)).status).to.equal(404);
  });
});

/** Counters follow the answer by a moment: asks until it holds. */
async function settled(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 3_000;
  while (!(await holds())) if (Date.now() > deadline) throw new Error("not settled within 3 s");
}
