import { expect } from "chai";
import { type MethodHub, openMethodHub, property, room } from "./method-hub.ts";

const id = (name: string): string => `urn:ngsi-ld:Room:${name}`;
const at = (name: string): string => `/entities/${id(name)}`;

describe("methods of CIM 009, entities: each status of their tables", () => {
  let hub: MethodHub;
  const ask: MethodHub["ask"] = (...asked) => hub.ask(...asked);

  before(async () => {
    hub = await openMethodHub();
  });
  after(() => hub.close());

  it("POST entities/: 201 with Location, 400, 409 (6.4.3.1)", async () => {
    const { headers } = await ask([201, "POST", "/entities", room("post")]);
    expect(headers.get("location")).to.equal(`/ngsi-ld/v1${at("post")}`);
    await ask(
      [409, "POST", "/entities", room("post")],
      [400, "POST", "/entities", { id: id("x") }],
      [400, "POST", "/entities?unknown=1", room("x")],
      [415, "POST", "/entities", room("x"), { "content-type": "text/plain" }],
    );
  });

  it("GET entities/: 200 with count, 400, 406 (6.4.3.2)", async () => {
    await ask([201, "POST", "/entities", { ...room("get"), type: "Listed" }]);
    const { body, headers } = await ask([200, "GET", "/entities?type=Listed&count=true&limit=5"]);
    expect([body?.length, headers.get("ngsild-results-count")]).to.deep.equal([1, "1"]);
    await ask(
      [400, "GET", "/entities"],
      [400, "GET", "/entities?type=Listed&limit=0"],
      [400, "GET", "/entities?type=Listed&limit=-1"],
      [406, "GET", "/entities?type=Listed", undefined, { accept: "image/png" }],
    );
  });

  it("DELETE entities/: 204, 400; what is linked 207, elsewhere (6.4.3.3)", async () => {
    await ask(
      [201, "POST", "/entities", { ...room("purge"), type: "Purged" }],
      [204, "DELETE", "/entities?type=Purged"],
      [404, "GET", at("purge")],
      [400, "DELETE", "/entities"],
    );
  });

  it("GET entities/{entityId}: 200, 400, 404, 406 (6.5.3.1)", async () => {
    await ask(
      [201, "POST", "/entities", room("one")],
      [200, "GET", at("one")],
      [400, "GET", "/entities/not-a-uri"],
      [404, "GET", at("nobody")],
      [406, "GET", at("one"), undefined, { accept: "text/html" }],
    );
  });

  it("DELETE entities/{entityId}: 204, 400, 404; its type gates it (6.5.3.2)", async () => {
    await ask(
      [201, "POST", "/entities", room("gone")],
      [404, "DELETE", `${at("gone")}?type=Other`],
      [204, "DELETE", at("gone")],
      [404, "DELETE", at("gone")],
      [400, "DELETE", "/entities/not-a-uri"],
    );
  });

  it("PUT entities/{entityId}: 204 with all of it replaced, 400, 404 (6.5.3.3)", async () => {
    const replaced = { id: id("put"), type: "Room", size: property(3) };
    const { body } = await ask(
      [201, "POST", "/entities", room("put")],
      [204, "PUT", at("put"), replaced],
      [400, "PUT", at("put"), { type: "Room", size: 3, id: id("other") }],
      [404, "PUT", at("nobody"), { ...replaced, id: id("nobody") }],
      [200, "GET", `${at("put")}?format=simplified`],
    );
    expect(body).to.deep.equal({ id: id("put"), type: "Room", size: 3 });
  });

  it("PATCH entities/{entityId}: 204 with what is sent merged, 400, 404 (6.5.3.4)", async () => {
    const { body } = await ask(
      [201, "POST", "/entities", room("merge")],
      [204, "PATCH", at("merge"), { level: property(2), name: "urn:ngsi-ld:null" }],
      [400, "PATCH", at("merge"), []],
      [404, "PATCH", at("nobody"), { level: property(2) }],
      [200, "GET", `${at("merge")}?format=simplified`],
    );
    expect(body).to.deep.equal({ id: id("merge"), type: "Room", level: 2 });
  });

  it("POST entities/{entityId}/attrs/: 204, 207 for what is there already, 400, 404 (6.6.3.1)", async () => {
    const { body } = await ask(
      [201, "POST", "/entities", room("append")],
      [204, "POST", `${at("append")}/attrs`, { size: property(3) }],
      [400, "POST", `${at("append")}/attrs`, { "a b": property(3) }],
      [404, "POST", `${at("nobody")}/attrs`, { size: property(3) }],
      [207, "POST", `${at("append")}/attrs?options=noOverwrite`, { size: property(4), width: property(5) }],
    );
    expect(body?.updated).to.have.length(1);
    expect(body?.notUpdated?.[0]).to.include.keys("attributeName", "reason");
  });

  it("PATCH entities/{entityId}/attrs/: 204, what is not there appended, 400, 404 (6.6.3.2)", async () => {
    const { body } = await ask(
      [201, "POST", "/entities", room("patch")],
      [204, "PATCH", `${at("patch")}/attrs`, { level: property(3) }],
      [400, "PATCH", `${at("patch")}/attrs`, []],
      [404, "PATCH", `${at("nobody")}/attrs`, { level: property(3) }],
      [204, "PATCH", `${at("patch")}/attrs`, { level: property(4), width: property(5) }],
      [200, "GET", `${at("patch")}?format=simplified`],
    );
    expect(body).to.include({ level: 4, width: 5 });
  });

  it("PATCH entities/{entityId}/attrs/{attrId}: 204, 400, 404 (6.7.3.1)", async () => {
    await ask(
      [201, "POST", "/entities", room("part")],
      [204, "PATCH", `${at("part")}/attrs/level`, { value: 7 }],
      [400, "PATCH", `${at("part")}/attrs/level`, { type: "Relationship", object: "urn:a:b" }],
      [404, "PATCH", `${at("part")}/attrs/width`, { value: 7 }],
      [404, "PATCH", `${at("nobody")}/attrs/level`, { value: 7 }],
    );
  });

  it("DELETE entities/{entityId}/attrs/{attrId}: 204, 400, 404 (6.7.3.2)", async () => {
    await ask(
      [201, "POST", "/entities", room("drop")],
      [404, "DELETE", `${at("drop")}/attrs/level?datasetId=urn:a:b`],
      [204, "DELETE", `${at("drop")}/attrs/level`],
      [404, "DELETE", `${at("drop")}/attrs/level`],
      [400, "DELETE", `${at("drop")}/attrs/a%20b`],
    );
  });

  it("PUT entities/{entityId}/attrs/{attrId}: 204, 400, 404 (6.7.3.3)", async () => {
    await ask(
      [201, "POST", "/entities", room("replace")],
      [204, "PUT", `${at("replace")}/attrs/level`, { type: "Relationship", object: "urn:a:b" }],
      [400, "PUT", `${at("replace")}/attrs/level`, { type: "Property" }],
      [404, "PUT", `${at("replace")}/attrs/width`, property(1)],
      [404, "PUT", `${at("nobody")}/attrs/level`, property(1)],
    );
  });

  it("POST entityOperations/create: 201 with the ids, 207 with an error an entity, 400 (6.14.3.1, 5.2.16, 5.2.17)", async () => {
    const batch = "/entityOperations/create";
    const { body: made } = await ask([201, "POST", batch, [room("b1"), room("b2")]]);
    expect(made).to.deep.equal([id("b1"), id("b2")]);
    const { body } = await ask([207, "POST", batch, [room("b2"), room("b3")]]);
    expect(body?.success).to.deep.equal([id("b3")]);
    expect(body?.errors?.[0]).to.have.property("entityId", id("b2"));
    expect(body?.errors?.[0]?.error).to.have.property("type", "https://uri.etsi.org/ngsi-ld/errors/AlreadyExists");
    await ask([400, "POST", batch, []], [400, "POST", batch, { id: "x" }], [400, "POST", batch, [null]]);
  });

  it("POST entityOperations/upsert: 201 with what is new, 204, 207, 400 (6.15.3.1)", async () => {
    const batch = "/entityOperations/upsert";
    const { body } = await ask([201, "POST", batch, [room("b1"), room("u1")]]);
    expect(body).to.deep.equal([id("u1")]);
    await ask(
      [204, "POST", `${batch}?options=update`, [room("u1", 5)]],
      [207, "POST", batch, [room("u1"), { id: "no", type: "Room" }]],
      [400, "POST", batch, []],
    );
  });

  it("POST entityOperations/update: 204, 207 for what is not there, 400 (6.16.3.1)", async () => {
    const batch = "/entityOperations/update";
    await ask(
      [204, "POST", batch, [room("b1", 8)]],
      [207, "POST", batch, [room("b1", 9), room("nobody")]],
      [400, "POST", batch, []],
    );
  });

  it("POST entityOperations/delete: 204, 207, 400 (6.17.3.1)", async () => {
    const batch = "/entityOperations/delete";
    await ask(
      [204, "POST", batch, [id("b3")]],
      [207, "POST", batch, [id("b2"), id("nobody")]],
      [400, "POST", batch, []],
    );
  });

  it("POST entityOperations/merge: 204, 207, 400 (6.31.3.1)", async () => {
    const batch = "/entityOperations/merge";
    await ask(
      [204, "POST", batch, [{ id: id("b1"), name: "urn:ngsi-ld:null" }]],
      [207, "POST", batch, [room("b1", 9), room("nobody")]],
      [400, "POST", batch, []],
    );
  });

  it("POST entityOperations/query: 200, 400 (6.23.3.1)", async () => {
    const query = "/entityOperations/query";
    const { body } = await ask([200, "POST", `${query}?limit=1`, { type: "Query", entities: [{ type: "Room" }] }]);
    expect(body).to.have.length(1);
    await ask([400, "POST", query, { type: "Other" }], [400, "POST", query, { type: "Query", q: "((" }]);
  });
});
