import { expect } from "chai";
import { type MethodHub, openMethodHub, property, room } from "./method-hub.ts";

const id = (name: string): string => `urn:ngsi-ld:Room:${name}`;
const since = { timerel: "after", timeAt: "2026-03-01T00:00:00Z" };
const query = (more: object): object => ({ type: "Query", entities: [{ type: "Room" }], ...more });

describe("clauses of CIM 009 that lie between the operations", () => {
  let hub: MethodHub;
  const ask: MethodHub["ask"] = (...asked) => hub.ask(...asked);

  before(async () => {
    hub = await openMethodHub();
    await ask([
      201,
      "POST",
      "/entityOperations/create",
      [{ ...room("a", 3), inside: { type: "Relationship", object: id("b") } }, room("b", 1), room("c", 2)],
    ]);
  });
  after(() => hub.close());

  it("Properties and Relationships have Properties and Relationships of their own (4.2.2, 5.2.5, 5.2.6)", async () => {
    const relation = (more: object): object => ({ type: "Relationship", object: "urn:ngsi-ld:Other:1", ...more });
    const nested = {
      id: id("nested"),
      type: "Nest",
      level: property(1, { by: relation({ since: property(2019, { by: relation({}) }) }) }),
      near: relation({ how: property("far", { sure: property(true) }) }),
    };
    const { body } = await ask([201, "POST", "/entities", nested], [200, "GET", `/entities/${id("nested")}`]);
    expect(body).to.deep.equal(nested);
  });

  it("geometries, times and units are terms of every entity, whatever its context (4.2.3)", async () => {
    const point = { type: "GeoProperty", value: { type: "Point", coordinates: [7, 46] } };
    const placed = {
      ...{ id: id("placed"), type: "Placed", location: point, observationSpace: point, operationSpace: point },
      level: property(1, { unitCode: "CEL", observedAt: "2026-03-01T10:00:00Z" }),
    };
    const ld = { accept: "application/ld+json" };
    const { body } = await ask(
      [201, "POST", "/entities", placed],
      [200, "GET", `/entities/${id("placed")}`, undefined, ld],
    );
    expect(body).to.deep.include(placed);
    await ask([400, "POST", "/entities", { id: id("x"), type: "Placed", location: property("here") }]);
  });

  it("a Relationship's evolution has its objects (4.5.8)", async () => {
    const relations = ["b", "c"].map((name, index) => ({
      ...{ type: "Relationship", object: id(name), observedAt: `2026-03-01T10:0${index}:00Z` },
    }));
    const path = "/temporal/entities/urn:ngsi-ld:Walk:w1";
    await ask([201, "POST", "/temporal/entities", { id: "urn:ngsi-ld:Walk:w1", type: "Walk", into: relations }]);
    const { body } = await ask([200, "GET", path]);
    for (const [index, relation] of relations.entries()) expect(body?.into?.[index]).to.deep.include(relation);
    const { body: values } = await ask([200, "GET", `${path}?format=temporalValues`]);
    expect(values?.into?.objects).to.deep.equal(relations.map(({ object, observedAt }) => [object, observedAt]));
  });

  it("what is linked comes inside or beside, or not at all (4.5.23.1)", async () => {
    const path = `/entities/${id("a")}?format=simplified`;
    const { body: alone } = await ask([200, "GET", path]);
    expect(alone?.inside).to.equal(id("b"));
    const { body: inline } = await ask([200, "GET", `${path}&join=inline`]);
    expect(inline?.inside).to.include({ id: id("b"), level: 1 });
    const { body: flat } = await ask([200, "GET", `${path}&join=flat`]);
    expect((flat as unknown as { id: string }[]).map((one) => one.id)).to.deep.equal([id("a"), id("b")]);
    await ask([400, "GET", `${path}&join=sideways`]);
  });

  it("a query chooses by id, idPattern and type, or any of several choices; a type it must have (5.2.8)", async () => {
    const post = "/entityOperations/query?format=simplified";
    const found = async (...entities: object[]): Promise<readonly string[]> => {
      const { body } = await ask([200, "POST", post, query({ entities })]);
      return (body as unknown as { id: string }[]).map((one) => one.id).sort();
    };
    expect(await found({ type: "Room", id: id("a") })).to.deep.equal([id("a")]);
    expect(await found({ type: "Room", idPattern: "[bc]$" })).to.deep.equal([id("b"), id("c")]);
    const both = await found({ type: "Room", id: [id("a")] }, { type: "Room", idPattern: "c$" });
    expect(both).to.deep.equal([id("a"), id("c")]);
    await ask([400, "POST", post, query({ entities: [{ id: id("a") }] })]);
  });

  it("receiverInfo is a list of keys with values, each a text (5.2.22)", async () => {
    const subscription = (receiverInfo: unknown): object => ({
      ...{ id: "urn:ngsi-ld:Subscription:info", type: "Subscription", entities: [{ type: "Room" }] },
      notification: { endpoint: { uri: "http://127.0.0.1:9/", receiverInfo } },
    });
    await ask(
      [400, "POST", "/subscriptions", subscription({ key: "a", value: "b" })],
      [400, "POST", "/subscriptions", subscription([{ a: "b" }])],
      [400, "POST", "/subscriptions", subscription([{ key: "a", value: 1 }])],
    );
    const info = [{ key: "X-Plant", value: "hall" }];
    const { body } = await ask(
      [201, "POST", "/subscriptions", subscription(info)],
      [200, "GET", "/subscriptions/urn:ngsi-ld:Subscription:info"],
    );
    expect(body?.notification?.endpoint?.receiverInfo).to.deep.equal(info);
  });

  it("a query by POST orders by what its ordering says (5.2.43)", async () => {
    const post = "/entityOperations/query?local=true&format=simplified";
    const { body } = await ask([200, "POST", post, query({ ordering: { orderBy: ["level;desc"] } })]);
    expect((body as unknown as { level: number }[]).map(({ level }) => level)).to.deep.equal([3, 2, 1]);
    await ask([400, "POST", post, query({ ordering: { orderBy: ["level;sideways"] } })]);
  });

  it("a query beyond all bounds is too complex, which is said as 403 (5.5.6)", async () => {
    const terms = Array.from({ length: 600 }, (_, index) => `level==${index}`).join("|");
    const { body } = await ask([403, "POST", "/entityOperations/query", query({ q: terms })]);
    expect(body?.type).to.equal("https://uri.etsi.org/ngsi-ld/errors/TooComplexQuery");
  });

  it("an entity map keeps the pages of a query together (5.5.9.3)", async () => {
    const { headers } = await ask([201, "GET", "/entities?type=Room&limit=1&entityMap=true"]);
    const map = headers.get("ngsild-entitymap");
    expect(map).to.be.a("string");
    await ask([201, "POST", "/entities", room("later")]);
    const page = "/entities?type=Room&limit=10&count=true";
    const asBefore = await ask([200, "GET", page, undefined, { "ngsild-entitymap": map ?? "" }]);
    expect(asBefore.body).to.have.length(3);
    expect((await ask([200, "GET", page])).body).to.have.length(4);
    await ask([204, "DELETE", `/entities/${id("later")}`]);
  });

  it("GET and POST temporal/entityMaps: 201 with where it is, 400 (6.35.3.1, 6.35.3.2, 5.14.5)", async () => {
    const path = "/temporal/entityMaps";
    for (const { headers, body } of [
      await ask([201, "GET", `${path}?type=Room&timerel=before&timeAt=2100-01-01T00:00:00Z&timeproperty=createdAt`]),
      await ask([
        201,
        "POST",
        path,
        query({ temporalQ: { timerel: "before", timeAt: "2100-01-01T00:00:00Z", timeproperty: "createdAt" } }),
      ]),
    ]) {
      expect(headers.get("ngsild-entitymap")).to.be.a("string");
      expect(Object.keys(body?.entityMap ?? {})).to.include.members(["a", "b", "c"].map(id));
    }
    await ask([400, "GET", path], [400, "POST", path, query({ temporalQ: { ...since, timerel: "at" } })]);
  });
});
