import { expect } from "chai";
import { type NgsiHub, PUMP, startNgsiHub } from "./ngsi-hub.ts";
import { type NotificationReceiver, startReceiver } from "./notification-receiver.ts";

const CAR = "urn:ngsi-ld:Car:1";

describe("NGSI-LD API: what notifications tell (5.8.6)", () => {
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
      notification: { ...notification, endpoint: { uri: receiver.url, ...endpoint } },
    });
    expect(answer.status, await answer.clone().text()).to.equal(201);
    return decodeURIComponent(answer.headers.get("location")?.split("/").at(-1) ?? "");
  };
  const make = (more: object = {}) =>
    hub.call("POST", "/entities", { id: CAR, type: "Car", speed: { type: "Property", value: 10 }, ...more });
  const patch = (attributes: object, id = CAR) => hub.call("PATCH", `/entities/${id}/attrs`, attributes);
  const cars = { entities: [{ type: "Car" }] };

  describe("conditions", () => {
    it("q is judged on the entity as the change leaves it, also on attributes that did not change (4.9)", async () => {
      await make({ brand: "A" });
      await subscribe({ ...cars, watchedAttributes: ["speed"], q: 'speed>50;brand=="A"' }, { format: "keyValues" });
      for (const speed of [20, 60, 30, 70]) await patch({ speed: { type: "Property", value: speed } });
      await patch({ brand: { type: "Property", value: "B" } });
      await patch({ speed: { type: "Property", value: 80 } });
      await patch({ brand: { type: "Property", value: "A" } });
      await patch({ speed: { type: "Property", value: 90 } });
      const speeds = [await receiver.told(), await receiver.told(), await receiver.told()].map(({ speed }) => speed);
      expect(speeds).to.deep.equal([60, 70, 90]);
      expect(receiver.received).to.deep.equal([]);
    });

    it("any instance of the GeoProperty suffices for geoQ (4.10, 5.2.13)", async () => {
      const at = (longitude: number) => ({
        type: "GeoProperty",
        value: { type: "Point", coordinates: [longitude, 0] },
      });
      await make({ location: [at(50), { ...at(1), datasetId: "urn:d:2" }] });
      const geoQ = { georel: "near;maxDistance==1000", geometry: "Point", coordinates: [1, 0] };
      const id = await subscribe({ ...cars, geoQ }, { pick: ["speed"] });
      await patch({ speed: { type: "Property", value: 11 } });
      expect(await receiver.told()).to.deep.equal({ speed: { type: "Property", value: 11 } });
      await hub.call("DELETE", `/entities/${CAR}/attrs/location?datasetId=urn:d:2`);
      await patch({ speed: { type: "Property", value: 12 } });
      await hub.call("PATCH", `/subscriptions/${id}`, { geoQ: { ...geoQ, coordinates: "[50, 0]" } });
      await patch({ speed: { type: "Property", value: 13 } });
      expect(await receiver.told()).to.deep.equal({ speed: { type: "Property", value: 13 } });
    });

    it("scopeQ, idPattern and a selection of types choose entities (4.17, 4.19, 5.2.33)", async () => {
      await subscribe({ entities: [{ type: "(Car;Red),Bus", idPattern: "^urn:x:[0-9]+$" }], scopeQ: "/A/#" });
      const create = (id: string, type: string | string[], scope: string) =>
        hub.call("POST", "/entities", { id, type, scope, a: 1 });
      await create("urn:x:1", "Car", "/A/B");
      await create("urn:x:a", "Bus", "/A/B");
      await create("urn:x:2", "Bus", "/B");
      await create("urn:x:3", ["Car", "Red"], "/A/B");
      expect((await receiver.told()).id).to.equal("urn:x:3");
      await create("urn:x:4", "Bus", "/A");
      expect((await receiver.told()).id).to.equal("urn:x:4");
      expect(receiver.received).to.deep.equal([]);
    });

    it("a reading is judged with the signals of its moment (rules 8 and 11)", async () => {
      await subscribe(
        { entities: [{ type: "Pump" }], watchedAttributes: ["flow"], q: "setpoint>=5" },
        { format: "keyValues", pick: ["flow", "setpoint"] },
      );
      await hub.read("setpoint", 1);
      await hub.read("flow", 1);
      await hub.read("setpoint", 9);
      await hub.read("flow", 2);
      await hub.read("setpoint", 1);
      await hub.read("flow", 3);
      expect(await receiver.told()).to.deep.equal({ flow: 2, setpoint: 9 });
      await hub.read("setpoint", 5);
      await hub.read("flow", 4);
      expect(await receiver.told()).to.deep.equal({ flow: 4, setpoint: 5 });
    });
  });

  describe("triggers", () => {
    it("what is written again as it was is no change", async () => {
      await make();
      await subscribe(cars, { format: "keyValues" });
      await patch({ speed: { type: "Property", value: 10 } });
      await hub.call("PUT", `/entities/${CAR}`, { id: CAR, type: "Car", speed: { type: "Property", value: 10 } });
      await patch({ speed: { type: "Property", value: 10, unitCode: "KMH" } });
      expect((await receiver.told()).speed).to.equal(10);
      await patch({ speed: { type: "Property", value: 11, unitCode: "KMH" } });
      expect((await receiver.told()).speed).to.equal(11);
      expect(receiver.received).to.deep.equal([]);
    });

    it("each trigger fires on what it names alone (5.2.12)", async () => {
      const ids = new Map<string, string>();
      for (const trigger of [
        "entityCreated",
        "entityDeleted",
        "attributeCreated",
        "attributeUpdated",
        "attributeDeleted",
      ]) {
        ids.set(await subscribe({ ...cars, notificationTrigger: [trigger] }, { format: "keyValues" }), trigger);
      }
      const fired = async (count: number) => {
        const all: (string | undefined)[] = [];
        for (let n = 0; n < count; n += 1) all.push(ids.get((await receiver.next()).body.subscriptionId));
        expect(receiver.received).to.deep.equal([]);
        return all.sort();
      };
      await make();
      expect(await fired(2)).to.deep.equal(["attributeCreated", "entityCreated"]);
      await hub.call("POST", `/entities/${CAR}/attrs`, { colour: "red" });
      expect(await fired(1)).to.deep.equal(["attributeCreated"]);
      await patch({ colour: { type: "Property", value: "blue" } });
      expect(await fired(1)).to.deep.equal(["attributeUpdated"]);
      await hub.call("PATCH", `/entities/${CAR}`, { colour: "urn:ngsi-ld:null" });
      expect(await fired(1)).to.deep.equal(["attributeDeleted"]);
      await hub.call("DELETE", `/entities/${CAR}`);
      expect(await fired(2)).to.deep.equal(["attributeDeleted", "entityDeleted"]);
    });

    it("every item of a batch is told of, the same entity twice too (5.5.11)", async () => {
      await subscribe({ ...cars, watchedAttributes: ["speed"] }, { format: "keyValues" });
      const item = (speed: number) => ({ id: CAR, type: "Car", speed: { type: "Property", value: speed } });
      await hub.call("POST", "/entityOperations/upsert?options=update", [item(1), item(2), item(3)]);
      const speeds = [await receiver.told(), await receiver.told(), await receiver.told()].map(({ speed }) => speed);
      expect(speeds).to.deep.equal([1, 2, 3]);
    });

    it("what was told stays true when the entity has gone before it is sent", async () => {
      await make();
      receiver.state.status = 503;
      await subscribe(cars, { format: "keyValues" });
      await patch({ speed: { type: "Property", value: 11 } });
      await receiver.next();
      await hub.call("DELETE", `/entities/${CAR}`);
      receiver.state.status = 200;
      expect(await receiver.told()).to.deep.equal({ id: CAR, type: "Car", speed: 11 });
    });
  });

  describe("showChanges (5.2.14.1)", () => {
    it("shows what was before an update or a deletion, in the member of its kind; nothing for what is new", async () => {
      await make({
        owner: { type: "Relationship", object: "urn:p:1" },
        label: { type: "LanguageProperty", languageMap: { en: "a" } },
        kind: { type: "VocabProperty", vocab: "fast" },
      });
      await subscribe({ ...cars, notificationTrigger: ["entityUpdated", "entityDeleted"] }, { showChanges: true });
      const changed = async (attributes: object) => {
        await patch(attributes);
        return await receiver.told();
      };
      expect((await changed({ speed: { type: "Property", value: 11 } })).speed).to.deep.include({ previousValue: 10 });
      const owner = (await changed({ owner: { type: "Relationship", object: "urn:p:2" } })).owner;
      expect(owner).to.deep.include({ previousObject: "urn:p:1" });
      const label = (await changed({ label: { type: "LanguageProperty", languageMap: { en: "b" } } })).label;
      expect(label).to.deep.include({ previousLanguageMap: { en: "a" } });
      const kind = (await changed({ kind: { type: "VocabProperty", vocab: "slow" } })).kind;
      expect(kind).to.deep.equal({ type: "VocabProperty", vocab: "slow", previousVocab: "fast" });
      await hub.call("POST", `/entities/${CAR}/attrs`, { fresh: 1 });
      expect((await receiver.told()).fresh).to.deep.equal({ type: "Property", value: 1 });
      await hub.call("DELETE", `/entities/${CAR}/attrs/label`);
      expect((await receiver.told()).label).to.deep.equal({
        type: "LanguageProperty",
        languageMap: { "@none": "urn:ngsi-ld:null" },
        previousLanguageMap: { en: "b" },
      });
      await hub.call("DELETE", `/entities/${CAR}`);
      const gone = await receiver.told();
      expect(gone).to.have.property("deletedAt");
      expect(gone.speed).to.deep.equal({ type: "Property", value: "urn:ngsi-ld:null", previousValue: 11 });
    });

    it("goes with concise values, and with readings", async () => {
      await subscribe(
        { entities: [{ type: "Pump" }], watchedAttributes: ["flow"] },
        { showChanges: true, format: "concise" },
      );
      await hub.read("flow", 1);
      expect((await receiver.told()).flow).to.not.have.property("previousValue");
      await hub.read("flow", 2);
      expect((await receiver.told()).flow).to.deep.include({ value: 2, previousValue: 1 });
    });

    it("is refused with the simplified format", async () => {
      const notification = { endpoint: { uri: receiver.url }, showChanges: true, format: "keyValues" };
      const answer = await hub.call("POST", "/subscriptions", { type: "Subscription", ...cars, notification });
      expect(answer.status).to.equal(400);
    });
  });

  describe("linked attributes (rule 8)", () => {
    it("a lost source is told of: the quality changes, observedAt does not", async () => {
      await subscribe({ entities: [{ id: PUMP, type: "Pump" }], watchedAttributes: ["flow"] });
      await hub.read("flow", 1);
      const good = (await receiver.told()).flow as { observedAt: string; quality: object };
      expect(good.quality).to.deep.include({ value: "good" });
      hub.twin.lost("plc");
      const lost = (await receiver.told()).flow as { observedAt: string; quality: object };
      expect(lost.quality).to.deep.include({ value: "uncertain" });
      expect(lost.observedAt).to.equal(good.observedAt);
    });
  });

  it("GeoJSON: a FeatureCollection, its context inside unless body=json is preferred (5.3.1, 6.3.8)", async () => {
    await make({ location: { type: "GeoProperty", value: { type: "Point", coordinates: [1, 2] } } });
    const accept = "application/geo+json";
    const first = await subscribe({ ...cars, watchedAttributes: ["speed"] }, { format: "keyValues" }, { accept });
    await patch({ speed: { type: "Property", value: 11 } });
    const { body, headers } = await receiver.next();
    expect(headers["content-type"]).to.equal(accept);
    expect(headers).to.not.have.property("link");
    const { features, ...collection } = body.data as unknown as { features: readonly object[] };
    expect(collection).to.deep.include({ type: "FeatureCollection" }).and.to.have.property("@context");
    expect(features).to.have.length(1);
    expect(features[0]).to.deep.include({ id: CAR, type: "Feature", geometry: { type: "Point", coordinates: [1, 2] } });
    await hub.call("DELETE", `/subscriptions/${first}`);
    const receiverInfo = [{ key: "Prefer", value: "body=json" }];
    await subscribe({ ...cars, watchedAttributes: ["speed"] }, {}, { accept, receiverInfo });
    await patch({ speed: { type: "Property", value: 12 } });
    const plain = await receiver.next();
    expect(plain.headers.link).to.match(/json-ld#context/);
    expect(plain.headers.prefer).to.equal("body=json");
    expect(plain.body.data).to.not.have.property("@context");
  });
});
