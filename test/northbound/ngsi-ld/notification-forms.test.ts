import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";
import { type NotificationReceiver, startReceiver } from "./notification-receiver.ts";

const CAR = "urn:ngsi-ld:Car:1";
const PERSON = "urn:ngsi-ld:Person:1";

describe("NGSI-LD API: how notifications show entities (5.2.14.1)", () => {
  let hub: NgsiHub;
  let receiver: NotificationReceiver;
  beforeEach(async () => {
    hub = await startNgsiHub();
    receiver = await startReceiver();
    await hub.call("POST", "/entities", { id: PERSON, type: "Person", name: "Ada", age: 36 });
    await hub.call("POST", "/entities", {
      id: CAR,
      type: "Car",
      scope: "/A",
      owner: { type: "Relationship", object: PERSON },
      label: { type: "LanguageProperty", languageMap: { en: "car", fr: "voiture" } },
    });
  });
  afterEach(async () => {
    await receiver.stop();
    await hub.stop();
  });

  const subscribe = (members: object, notification: object) =>
    hub.call("POST", "/subscriptions", {
      type: "Subscription",
      entities: [{ type: "Car" }],
      ...members,
      notification: { ...notification, endpoint: { uri: receiver.url } },
    });
  const data = async (members: object, notification: object) => {
    const answer = await subscribe(members, notification);
    expect(answer.status, await answer.clone().text()).to.equal(201);
    await hub.call("POST", `/entities/${CAR}/attrs`, { speed: { type: "Property", value: 1 } });
    return (await receiver.next()).body.data;
  };

  it("inline: the linked entity stands in the Relationship, of it what is picked (4.5.23.2, 4.21)", async () => {
    const [car] = await data({}, { join: "inline", pick: ["id", "owner{name}"] });
    expect(car).to.deep.equal({
      id: CAR,
      owner: { type: "Relationship", object: PERSON, entity: { name: { type: "Property", value: "Ada" } } },
    });
  });

  it("flat: linked entities stand beside those that changed (4.5.23.3)", async () => {
    const all = await data({}, { join: "flat", format: "keyValues", omit: ["label", "scope"] });
    expect(all).to.deep.equal([
      { id: CAR, type: "Car", owner: PERSON, speed: 1 },
      { id: PERSON, type: "Person", name: "Ada", age: 36 },
    ]);
  });

  it("a condition on linked entities is judged with what they say (4.9)", async () => {
    const join = { join: "inline", pick: ["speed"] };
    expect((await subscribe({ q: "owner{age}>40" }, join)).status).to.equal(201);
    expect(await data({ q: "owner{age}<40" }, join)).to.have.length(1);
    expect(receiver.received).to.deep.equal([]);
  });

  it("one language of LanguageProperties (4.15)", async () => {
    const [car] = await data({ lang: "fr" }, { format: "keyValues", pick: ["label"] });
    expect(car).to.deep.equal({ label: "voiture" });
  });

  it("what an older version cannot say is said otherwise (4.3.6.8)", async () => {
    const [car] = await data({ ngsildConformance: "1.3" }, { pick: ["label", "scope"] });
    expect(car).to.deep.equal({ label: { type: "Property", value: { en: "car", fr: "voiture" } } });
  });

  const refused: readonly (readonly [string, object, object])[] = [
    ["joinLevel without join", {}, { joinLevel: 2 }],
    ["a joinLevel that is none", {}, { join: "flat", joinLevel: 0.5 }],
    ["a projection deeper than joinLevel (4.21)", {}, { join: "inline", pick: ["owner{home{street}}"] }],
    ["a broken projection", {}, { join: "inline", pick: ["owner{"] }],
    ["a condition on linked entities without join (4.9)", { q: "owner{age}>40" }, {}],
    ["attributes beside pick", {}, { attributes: ["a"], pick: ["b"] }],
    ["id among attributes", {}, { attributes: ["id"] }],
    ["a language that is none", { lang: "fr;q=x" }, {}],
    ["a version that is none", { ngsildConformance: "new" }, {}],
  ];
  for (const [what, members, notification] of refused) {
    it(`refuses ${what}`, async () => {
      expect((await subscribe(members, notification)).status).to.equal(400);
    });
  }
});
