import { expect } from "chai";
import type { Json } from "../../../hub/hub-fixture.ts";
import { type NotificationReceiver, startReceiver } from "../../../northbound/ngsi-ld/notification-receiver.ts";
import { type MethodHub, openMethodHub, property, room } from "../methods/method-hub.ts";

const nothing = "urn:ngsi-ld:null";
const id = (name: string): string => `urn:ngsi-ld:Room:${name}`;
const at = (name: string): string => `/entities/${id(name)}`;
const relation = (name: string): object => ({ type: "Relationship", object: id(name) });
const point = { type: "Point", coordinates: [7, 46] };
/** The entries of a list in an answer. */
const members = (json: Json | undefined): readonly Json[] => (Array.isArray(json) ? json : []);
const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe("facts of NGSI-LD: values, writes, queries, times, subscriptions", function () {
  this.timeout(20_000);
  let hub: MethodHub;
  let receiver: NotificationReceiver;
  const ask: MethodHub["ask"] = (...asked) => hub.ask(...asked);
  /** Ids that a query finds, short. */
  const found = async (query: string): Promise<string> => {
    const { body } = await ask([200, "GET", `/entities?${query}`]);
    return members(body)
      .map((one) => String(one.id).split(":").at(-1))
      .join();
  };

  before(async () => {
    hub = await openMethodHub();
    receiver = await startReceiver();
  });
  after(async () => {
    await receiver.stop();
    await hub.close();
  });

  it("Values: null is refused in creates and deletes in updates, geometries as texts, datasets, times to go (4.5.0, 4.7.2, 4.22, 5.5.4)", async () => {
    const make = (more: object): object => ({ ...room("values"), ...more });
    await ask(
      [400, "POST", "/entities", make({ level: property(nothing) })],
      [400, "POST", "/entities", make({ level: property({ a: [{ b: nothing }] }) })],
      [400, "POST", "/entities", make({ location: property("here") })],
      [400, "POST", "/entities", make({ level: [property(1), property(2, { datasetId: "@none" })] })],
      [201, "POST", "/entities", make({ location: { type: "GeoProperty", value: JSON.stringify(point) } })],
      [204, "POST", `${at("values")}/attrs`, { level: property(5, { datasetId: "urn:x:d" }) }],
      [204, "PATCH", `${at("values")}/attrs/level`, { value: 6, datasetId: "urn:x:d" }],
    );
    const { body } = await ask([200, "GET", at("values")]);
    expect(body?.location?.value).to.deep.equal(point);
    expect(body?.level).to.have.deep.members([property(1), property(6, { datasetId: "urn:x:d" })]);
    const gone = { location: { type: "GeoProperty", value: nothing } };
    const { body: after } = await ask([204, "PATCH", at("values"), gone], [200, "GET", at("values")]);
    expect(after).not.to.have.property("location");
  });

  it("Writes: a type gates them, purges say what they are for, errors of batches name entities (5.6.21, 6.5.3.2)", async () => {
    await ask(
      [201, "POST", "/entities", room("writes")],
      [404, "PATCH", `${at("writes")}/attrs?type=Other`, { level: property(2) }],
      ...["", "?id=urn:x:1", "?idPattern=.*", "?q=createdAt>2020-01-01T00:00:00Z"].map(
        (query) => [400, "DELETE", `/entities${query}`] as const,
      ),
      [400, "POST", "/entityOperations/upsert", [room("writes"), null]],
    );
    const { body } = await ask([207, "POST", "/entityOperations/create", [room("writes"), room("written")]]);
    expect(body?.errors?.[0]).to.have.property("entityId", id("writes"));
  });

  it("Writes 2: PATCH /attrs replaces and clears expiresAt, partial update keeps it; past times; two of one id (4.22, 5.5.11.1, 5.6.2)", async () => {
    const expiresAt = soon(600_000);
    const shown = async (): Promise<unknown> =>
      (await ask([200, "GET", `${at("times")}?options=sysAttrs`])).body?.level?.expiresAt;
    await ask([201, "POST", "/entities", { ...room("times"), level: property(1, { expiresAt }) }]);
    expect((await ask([200, "GET", at("times")])).body?.level).not.to.have.property("expiresAt");
    await ask([204, "PATCH", `${at("times")}/attrs/level`, { value: 2 }]);
    expect(await shown()).to.equal(expiresAt);
    await ask([204, "PATCH", `${at("times")}/attrs`, { level: property(3) }]);
    expect(await shown()).to.equal(undefined);
    await ask(
      [201, "POST", "/entities", { ...room("past"), expiresAt: "2020-01-01T00:00:00Z" }],
      [404, "GET", at("past")],
      [201, "POST", "/entities", room("past")],
    );
    const { body } = await ask([207, "POST", "/entityOperations/create", [room("twice", 1), room("twice", 2)]]);
    expect([body?.success, body?.errors?.length]).to.deep.equal([[id("twice")], 1]);
    await ask([204, "POST", "/entityOperations/upsert", [room("twice", 3), room("twice", 4)]]);
    const { body: evolution } = await ask([200, "GET", `/temporal/entities/${id("twice")}`]);
    const levels = members(evolution?.level).map(({ value }) => value);
    expect(levels).to.have.members([1, 3, 4]);
  });

  it("Queries: what is too wide, order, linked entities, projections, distances, GeoJSON, languages (4.9, 4.21, 4.23, 5.7.2.4)", async () => {
    const named = { type: "LanguageProperty", languageMap: { en: "hall", "de-CH": "Halle" } };
    const hall = (name: string, level: number, more: object): object => ({
      ...room(name, level),
      type: "Hall",
      ...more,
    });
    await ask([
      201,
      "POST",
      "/entityOperations/create",
      [hall("q1", 10, { inside: relation("q2"), title: named }), hall("q2", 30, {}), hall("q3", 20, {})],
    ]);
    await ask(
      ...["orderBy=level", "q=createdAt>2020-01-01T00:00:00Z"].map(
        (query) => [400, "GET", `/entities?${query}`] as const,
      ),
      [200, "GET", "/entities?local=true&limit=1"],
      [200, "GET", "/entities?type=*&limit=1"],
      [400, "GET", `${at("q1")}?pick=a,,b`],
      [400, "GET", `${at("q1")}?pick=level&attrs=level`],
      [400, "GET", `${at("q1")}?geometryProperty=location`],
      ...["0", "-1", "Infinity"].map(
        (far) =>
          [
            400,
            "GET",
            `/entities?type=Hall&georel=near;maxDistance==${far}&geometry=Point&coordinates=[7,46]`,
          ] as const,
      ),
    );
    expect(await found("type=Hall&local=true&orderBy=level;desc")).to.equal("q2,q3,q1");
    const { body: flat } = await ask([200, "GET", `${at("q1")}?join=flat&joinLevel=1`]);
    expect(flat).to.have.length(2);
    const { body: geo } = await ask([200, "GET", at("q1"), undefined, { accept: "application/geo+json" }]);
    expect(geo?.geometry).to.equal(null);
    const { body } = await ask([200, "GET", `${at("q1")}?lang=${encodeURIComponent("de;q=0.9, fr")}`]);
    expect(body?.title).to.include({ value: "Halle", lang: "de-CH" });
  });

  it("q: lists with == and != alone, other types satisfy !=, code units, links with join alone (4.9, 4.19)", async () => {
    const made = [
      { ...room("w1"), type: "Word", word: property("apple") },
      { ...room("w2"), type: "Word", word: property("Zebra") },
      { ...room("w3"), type: "Word", word: property(5) },
    ];
    await ask([201, "POST", "/entityOperations/create", made]);
    const asked = async (q: string): Promise<string> => await found(`type=Word&q=${encodeURIComponent(q)}`);
    expect(await asked('word=="apple","Zebra"')).to.equal("w1,w2");
    expect(await asked("word!=5")).to.equal("w1,w2");
    expect(await asked('word!="apple"')).to.equal("w2,w3");
    expect(await asked('word<"a"')).to.equal("w2");
    expect(await asked('word!~="^a"'))
      .to.include("w2")
      .and.not.include("w1");
    for (const q of ['word>"a","b"', "word{level}>1", "word>"]) {
      await ask([400, "GET", `/entities?type=Word&q=${encodeURIComponent(q)}`]);
    }
    const collection = `geometry=GeometryCollection&georel=within&coordinates=${encodeURIComponent("[[1,2]]")}`;
    await ask([400, "GET", `/entities?type=Word&${collection}`]);
  });

  it("Entity maps: 201 with where it is, unknown ones are made anew, pages are filled up (5.5.9.3, 5.14.4)", async () => {
    await ask([
      201,
      "POST",
      "/entityOperations/create",
      ["m1", "m2", "m3"].map((name) => ({ ...room(name), type: "Mapped" })),
    ]);
    const { headers } = await ask([201, "GET", "/entities?type=Mapped&entityMap=true&limit=2"]);
    const map = { "ngsild-entitymap": headers.get("ngsild-entitymap") ?? "" };
    expect(map["ngsild-entitymap"]).to.match(/^\S+$/);
    const unknown = { "ngsild-entitymap": "urn:ngsi-ld:EntityMap:none" };
    const made = await ask([201, "GET", "/entities?type=Mapped&limit=2", undefined, unknown]);
    expect(made.headers.get("ngsild-entitymap")).not.to.equal(unknown["ngsild-entitymap"]);
    await ask([204, "DELETE", at("m1")]);
    const { body } = await ask([200, "GET", "/entities?type=Mapped&limit=2", undefined, map]);
    expect(body).to.have.length(2);
  });

  it("Temporal: after has its bound, between the lower alone; times need their Z; pick leaves something (4.11, 5.7.4.4)", async () => {
    const path = `/temporal/entities/${id("t1")}`;
    const level = [0, 1, 2].map((hour) => property(hour, { observedAt: `2026-03-01T0${hour}:00:00Z` }));
    await ask([201, "POST", "/temporal/entities", { id: id("t1"), type: "Timed", level }]);
    const values = async (time: string): Promise<unknown> => {
      const { body } = await ask([200, "GET", `${path}?format=temporalValues&${time}`]);
      return members(body?.level?.values).map((one) => one[0]);
    };
    expect(await values("timerel=after&timeAt=2026-03-01T01:00:00Z")).to.deep.equal([1, 2]);
    const between = "timerel=between&timeAt=2026-03-01T00:00:00Z&endTimeAt=2026-03-01T02:00:00Z";
    expect(await values(between)).to.deep.equal([0, 1]);
    await ask(
      [400, "GET", `${path}?timerel=after&timeAt=2026-03-01T01:00:00`],
      [400, "GET", `${path}?timerel=after&timeAt=${encodeURIComponent("2026-03-01T01:00:00+01:00")}`],
      [404, "GET", `${path}?pick=other`],
      [400, "GET", `/temporal/entities?type=Timed&local=true&orderBy=level&${between}`],
    );
  });

  it("Temporal 2: judged inside the window, lastN from the newest, a core delete leaves a tombstone (5.7.4.4, 5.6.5)", async () => {
    const path = `/temporal/entities/${id("t1")}`;
    const inside = "type=Timed&timerel=before&timeAt=2026-03-01T01:30:00Z";
    expect((await ask([200, "GET", `/temporal/entities?${inside}&q=level==2`])).body).to.have.length(0);
    expect((await ask([200, "GET", `/temporal/entities?${inside}&q=level==1`])).body).to.have.length(1);
    const { body } = await ask([200, "GET", `${path}?lastN=2`]);
    const last = members(body?.level).map(({ value }) => value);
    expect(last).to.have.members([1, 2]);
    await ask([201, "POST", "/entities", room("tomb")], [204, "DELETE", `${at("tomb")}/attrs/level`]);
    const { body: tomb } = await ask([200, "GET", `/temporal/entities/${id("tomb")}`]);
    expect(JSON.stringify(tomb?.level)).to.include("deletedAt");
  });

  it("Subscriptions: an id fires on PATCH /attrs, key-values have types, showChanges is not simplified, contexts are fetched (5.8.1, 5.8.6)", async () => {
    await ask([201, "POST", "/entities", room("watched")]);
    const subscription = (name: string, notification: object, more: object = {}): object => ({
      ...{
        id: `urn:ngsi-ld:Subscription:${name}`,
        type: "Subscription",
        entities: [{ id: id("watched"), type: "Room" }],
      },
      notification: { endpoint: { uri: receiver.url }, ...notification },
      ...more,
    });
    await ask(
      [400, "POST", "/subscriptions", subscription("no", { showChanges: true, format: "simplified" })],
      [
        400,
        "POST",
        "/subscriptions",
        subscription("no", { endpoint: { uri: receiver.url, receiverInfo: { a: "b" } } }),
      ],
      [504, "POST", "/subscriptions", subscription("no", {}, { jsonldContext: "http://127.0.0.1:9/c.jsonld" })],
      [400, "POST", "/subscriptions", subscription("no", {}, { expiresAt: "2020-01-01T00:00:00Z" })],
      [201, "POST", "/subscriptions", subscription("s1", {})],
      [204, "PATCH", `${at("watched")}/attrs`, { level: property(7) }],
    );
    const told = await receiver.told();
    expect(told).to.deep.include({ id: id("watched"), level: property(7) });
    await ask([204, "DELETE", "/subscriptions/urn:ngsi-ld:Subscription:s1"]);
  });

  it("Notifications: one that fails counts once, sent and failed; no previous value on creation (5.2.14.2, 5.8.6)", async () => {
    const path = "/subscriptions/urn:ngsi-ld:Subscription:changes";
    const endpoint = { uri: receiver.url };
    await ask([
      201,
      "POST",
      "/subscriptions",
      {
        ...{ id: "urn:ngsi-ld:Subscription:changes", type: "Subscription", entities: [{ type: "Fresh" }] },
        notification: { endpoint, showChanges: true },
      },
    ]);
    await ask([201, "POST", "/entities", { ...room("fresh"), type: "Fresh" }]);
    expect((await receiver.told()).level).not.to.have.property("previousValue");
    await ask([204, "PATCH", `${at("fresh")}/attrs`, { level: property(2) }]);
    expect((await receiver.told()).level).to.have.property("previousValue", 1);
    await ask([204, "PATCH", path, { notification: { endpoint: { uri: "http://127.0.0.1:9/" } } }]);
    await ask([204, "PATCH", `${at("fresh")}/attrs`, { level: property(3) }]);
    const { body } = await hub.fixture.until(
      `/ngsi-ld/v1${path}`,
      (answer) => answer.body?.notification?.timesFailed !== undefined,
    );
    expect(body?.notification).to.include({ timesFailed: 1, timesSent: 3, status: "failed" });
  });
});
