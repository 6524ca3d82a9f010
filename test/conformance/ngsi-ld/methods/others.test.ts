import { expect } from "chai";
import { type MethodHub, openMethodHub, room } from "./method-hub.ts";

const subscription = (name: string): object => ({
  id: `urn:ngsi-ld:Subscription:${name}`,
  type: "Subscription",
  entities: [{ type: "Room" }],
  notification: { endpoint: { uri: "http://127.0.0.1:9/" } },
});
const at = (name: string): string => `/subscriptions/urn:ngsi-ld:Subscription:${name}`;
const context = { "@context": { level: "https://example.org/level" } };
const rooms = { type: "Query", entities: [{ type: "Room" }] };

describe("methods of CIM 009, everything beside entities: each status of their tables", () => {
  let hub: MethodHub;
  const ask: MethodHub["ask"] = (...asked) => hub.ask(...asked);

  before(async () => {
    hub = await openMethodHub();
    await ask([201, "POST", "/entities", room("r1")], [201, "POST", "/entities", room("r2")]);
  });
  after(() => hub.close());

  it("POST subscriptions/: 201 with Location, 400, 409 (6.10.3.1, 5.8.1)", async () => {
    const { headers } = await ask([201, "POST", "/subscriptions", subscription("s1")]);
    expect(headers.get("location")).to.equal(`/ngsi-ld/v1${at("s1")}`);
    await ask(
      [409, "POST", "/subscriptions", subscription("s1")],
      [400, "POST", "/subscriptions", { type: "Subscription" }],
    );
  });

  it("GET subscriptions/: 200 in pages with a count, 400 (6.10.3.2, 5.8.4)", async () => {
    await ask([201, "POST", "/subscriptions", subscription("s2")]);
    const { body, headers } = await ask([200, "GET", "/subscriptions?limit=1&count=true"]);
    expect([body?.length, headers.get("ngsild-results-count")]).to.deep.equal([1, "2"]);
    expect(headers.get("link")).to.include('rel="next"');
    await ask([400, "GET", "/subscriptions?limit=-1"]);
  });

  it("GET subscriptions/{subscriptionId}: 200, 400, 404 (6.11.3.1, 5.8.3)", async () => {
    const { body } = await ask([200, "GET", at("s1")]);
    expect(body).to.include({ id: "urn:ngsi-ld:Subscription:s1", status: "active" });
    await ask([404, "GET", at("none")], [400, "GET", "/subscriptions/not-a-uri"]);
  });

  it("PATCH subscriptions/{subscriptionId}: 204, 400, 404 (6.11.3.2, 5.8.2)", async () => {
    const { body } = await ask(
      [204, "PATCH", at("s1"), { isActive: false }],
      [400, "PATCH", at("s1"), { throttling: -1 }],
      [404, "PATCH", at("none"), { isActive: false }],
      [200, "GET", at("s1")],
    );
    expect(body).to.include({ isActive: false, status: "paused" });
  });

  it("DELETE subscriptions/{subscriptionId}: 204, 400, 404 (6.11.3.3, 5.8.5)", async () => {
    await ask([204, "DELETE", at("s2")], [404, "DELETE", at("s2")], [400, "DELETE", "/subscriptions/not-a-uri"]);
  });

  it("GET types/: 200 as list and with details, 400 (6.25.3.1, 4.5.10, 4.5.11, 5.2.24, 5.2.25)", async () => {
    const { body } = await ask([200, "GET", "/types"]);
    expect(body)
      .to.include({ type: "EntityTypeList" })
      .and.deep.include({ typeList: ["Room"] });
    const { body: details } = await ask([200, "GET", "/types?details=true"]);
    expect(details?.[0]).to.deep.include({ type: "EntityType", typeName: "Room" });
    expect(details?.[0]?.attributeNames).to.have.members(["level", "name"]);
    await ask([400, "GET", "/types?unknown=1"]);
  });

  it("GET types/{type}: 200, 404 (6.26.3.1, 4.5.12, 5.2.26)", async () => {
    const { body } = await ask([200, "GET", "/types/Room"]);
    expect(body).to.include({ type: "EntityTypeInfo", typeName: "Room", entityCount: 2 });
    expect(body?.attributeDetails).to.have.length(2);
    await ask([404, "GET", "/types/Nothing"]);
  });

  it("GET attributes/: 200 as list and with details, 400 (6.27.3.1, 4.5.13, 4.5.14, 5.2.27, 5.2.28)", async () => {
    const { body } = await ask([200, "GET", "/attributes"]);
    expect(body).to.include({ type: "AttributeList" });
    expect(body?.attributeList).to.have.members(["level", "name"]);
    const { body: details } = await ask([200, "GET", "/attributes?details=true"]);
    expect(details?.[0]).to.deep.include({ type: "Attribute", typeNames: ["Room"] });
    await ask([400, "GET", "/attributes?unknown=1"]);
  });

  it("GET attributes/{attrId}: 200, 404 (6.28.3.1, 4.5.15, 5.2.28)", async () => {
    const { body } = await ask([200, "GET", "/attributes/level"]);
    expect(body).to.deep.include({ type: "Attribute", attributeName: "level", attributeCount: 2, typeNames: ["Room"] });
    expect(body?.attributeTypes).to.deep.equal(["Property"]);
    await ask([404, "GET", "/attributes/nothing"]);
  });

  it("POST jsonldContexts/: 201 with Location, 400 (6.29.3.1)", async () => {
    const { headers } = await ask([201, "POST", "/jsonldContexts", context]);
    expect(headers.get("location")).to.match(/jsonldContexts\/[^/]+$/);
    await ask([400, "POST", "/jsonldContexts", { level: 1 }]);
  });

  it("GET jsonldContexts/: 200 by kind and with details, 400 (6.29.3.2)", async () => {
    const { body } = await ask([200, "GET", "/jsonldContexts?kind=Hosted&details=true"]);
    expect(body?.[0]).to.include.keys("URL", "localId", "kind", "createdAt");
    await ask([400, "GET", "/jsonldContexts?kind=Other"]);
  });

  it("GET and DELETE jsonldContexts/{contextId}: 200, 204, 404 (6.30.3.1, 6.30.3.2)", async () => {
    const { headers } = await ask([201, "POST", "/jsonldContexts", context]);
    const path = `/jsonldContexts/${headers.get("location")?.split("/").at(-1)}`;
    const { body } = await ask([200, "GET", path]);
    expect(body).to.deep.equal(context);
    await ask([204, "DELETE", path], [404, "DELETE", path], [404, "GET", path]);
  });

  it("GET and POST entityMaps: 201 with where it is (6.34.3.1, 6.34.3.2, 5.14.4, 4.5.25, 5.2.39)", async () => {
    for (const { headers, body } of [
      await ask([201, "GET", "/entityMaps?type=Room"]),
      await ask([201, "POST", "/entityMaps", rooms]),
    ]) {
      expect(headers.get("ngsild-entitymap")).to.be.a("string");
      expect(Object.keys(body?.entityMap ?? {})).to.have.length(2);
    }
    await ask([400, "GET", "/entityMaps"]);
  });

  it("GET, PATCH and DELETE entityMaps/{entityMapId}: 200, 204, 400, 404 (6.32.3.1, 6.32.3.2, 6.32.3.3, 5.14.1 to 5.14.3)", async () => {
    const { headers } = await ask([201, "POST", "/entityMaps", rooms]);
    const path = `/entityMaps/${headers.get("ngsild-entitymap")?.split("/").at(-1)}`;
    const { body } = await ask([200, "GET", path]);
    expect(body).to.include({ type: "EntityMap" });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    await ask(
      [204, "PATCH", path, { expiresAt }],
      [400, "PATCH", path, { expiresAt: "soon" }],
      [204, "DELETE", path],
      [404, "GET", path],
      [404, "PATCH", path, { expiresAt }],
      [404, "DELETE", path],
    );
  });

  it("GET info/sourceIdentity: 200 (6.33.3.1, 5.15.1, 5.2.40)", async () => {
    const { body } = await ask([200, "GET", "/info/sourceIdentity"]);
    expect(body).to.include({ type: "ContextSourceIdentity" });
    expect(body).to.include.keys("id", "contextSourceAlias", "contextSourceUptime", "contextSourceTimeAt");
  });
});
