import { expect } from "chai";
import { base64url, type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";

const acme = "/tenants/acme/api/v3.1";
const shell = {
  modelType: "AssetAdministrationShell",
  id: "urn:acme:shell",
  assetInformation: {
    assetKind: "Instance",
    specificAssetIds: [{ name: "ngsiLdEntity", value: "urn:ngsi-ld:Pump:1" }],
  },
  submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:acme:data" }] }],
};

describe("the registry of a tenant", function () {
  this.timeout(20_000);
  let fixture: HubFixture;

  before(async () => {
    fixture = await hubFixture({
      "twinweave.yaml": "tenants: { implicit: true }\nhttp: { trustedProxies: [127.0.0.1] }\n",
    });
    await fixture.hub.woven;
    const entity = { id: "urn:ngsi-ld:Pump:1", type: "Pump" };
    const header = { "ngsild-tenant": "acme" };
    expect((await fixture.request("POST", "/ngsi-ld/v1/entities", entity, header)).status).to.equal(201);
    await fixture.request("POST", `${acme}/submodels`, { modelType: "Submodel", id: "urn:acme:data" });
    expect((await fixture.request("POST", `${acme}/shells`, shell)).status).to.equal(201);
  });
  after(async () => await fixture.close());

  it("names addresses below the tenant's path, and the header that NGSI-LD wants", async () => {
    const { body } = await fixture.get(`${acme}/shell-descriptors/${base64url(shell.id)}`);
    const below = (body?.submodelDescriptors?.[0]?.endpoints ?? []) as unknown as Json[];
    const endpoints = [...((body?.endpoints ?? []) as unknown as Json[]), ...below];
    expect(endpoints).to.have.length(9);
    for (const { interface: name, protocolInformation } of endpoints) {
      const href = String(protocolInformation?.href);
      if (String(name).startsWith("NGSI-LD")) {
        const [field = "", value = ""] = String(protocolInformation?.subprotocolBody).split(": ");
        expect((await fetch(href)).status).to.equal(404);
        expect((await fetch(href, { headers: { [field]: value } })).status).to.equal(200);
      } else {
        expect(href).to.contain("/tenants/acme/api/v3.");
        const path = String(name).startsWith("AAS-REPOSITORY") ? `${href}/shells` : href;
        expect((await fetch(path)).status, path).to.equal(200);
      }
    }
  });

  it("names the addresses that a trusted proxy forwards", async () => {
    const forwarded = { "x-forwarded-proto": "https", "x-forwarded-host": "twins.example.org" };
    const { body } = await fixture.get(`${acme}/submodel-descriptors/${base64url("urn:acme:data")}`, forwarded);
    expect(body?.endpoints?.[0]?.protocolInformation).to.include({
      href: `https://twins.example.org${acme}/submodels/${base64url("urn:acme:data")}`,
      endpointProtocol: "HTTPS",
    });
    const shown = await fixture.get(`${acme}/shell-descriptors`, forwarded);
    expect(JSON.stringify(shown.body)).to.contain('"https://twins.example.org/ngsi-ld/v1/entities/');
  });

  it("shows nothing of it to another tenant", async () => {
    expect((await fixture.get("/api/v3.1/shell-descriptors")).body?.result).to.deep.equal([]);
    expect((await fixture.get("/api/v3.1/lookup/shells")).body?.result).to.deep.equal([]);
    const descriptor = { id: "urn:other", endpoints: [] };
    expect((await fixture.request("POST", `${acme}/shell-descriptors`, descriptor)).status).to.equal(400);
  });
});
