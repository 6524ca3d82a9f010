import { expect } from "chai";
import { type HubFixture, hubFixture } from "./hub-fixture.ts";

const API = "/ngsi-ld/v1";
const tenant = (name: string) => ({ "NGSILD-Tenant": name });
const entity = { id: "urn:ngsi-ld:House:1", type: "House" };
const subscription = {
  type: "Subscription",
  entities: [{ type: "House" }],
  notification: { endpoint: { uri: "http://127.0.0.1:9/notify" } },
};

describe("a hub's tenants in NGSI-LD (CIM 009 5.5.10)", () => {
  let fixture: HubFixture;
  const open = async (implicit: boolean): Promise<void> => {
    fixture = await hubFixture({
      "twinweave.yaml": `tenants: { implicit: ${implicit} }\negress: { allowPrivate: true }\n`,
    });
    await fixture.hub.woven;
  };
  afterEach(() => fixture.close());

  it("are made by what creates information, where that is switched on", async () => {
    await open(true);
    for (const [name, path, body] of [
      ["one", "entities", entity],
      ["two", "entityOperations/create", [entity]],
      ["three", "subscriptions", subscription],
    ] as const) {
      const made = await fixture.request("POST", `${API}/${path}`, body, tenant(name));
      expect(made.status, name).to.equal(201);
      expect(made.headers.get("ngsild-tenant")).to.equal(name);
      expect((await fixture.get(`${API}/entities?local=true`, tenant(name))).status).to.equal(200);
    }
    // What a tenant has is seen by nobody else.
    expect((await fixture.get(`${API}/entities/${entity.id}`)).status).to.equal(404);
    expect((await fixture.get(`${API}/entities/${entity.id}`, tenant("one"))).status).to.equal(200);
  });

  it("are made by nothing else", async () => {
    await open(true);
    for (const [method, path, body] of [
      ["GET", "entities?local=true", undefined],
      ["POST", "entityOperations/upsert", [entity]],
      ["POST", "entityOperations/update", [entity]],
      ["PATCH", `entities/${entity.id}`, { name: "x" }],
      ["DELETE", `entities/${entity.id}`, undefined],
      ["GET", "types", undefined],
      ["GET", "subscriptions", undefined],
    ] as const) {
      const refused = await fixture.request(method, `${API}/${path}`, body, tenant("nobody"));
      expect(refused.status, `${method} ${path}`).to.equal(404);
      expect(refused.body?.type, path).to.equal("https://uri.etsi.org/ngsi-ld/errors/NonexistentTenant");
    }
  });

  it("are made by no client while it is switched off, as it is by default", async () => {
    await open(false);
    const refused = await fixture.request("POST", `${API}/entities`, entity, tenant("one"));
    expect(refused.status).to.equal(404);
    expect(refused.body?.type).to.equal("https://uri.etsi.org/ngsi-ld/errors/NonexistentTenant");
    expect(refused.headers.get("ngsild-tenant")).to.equal("one");
  });
});
