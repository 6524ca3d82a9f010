import { expect } from "chai";
import { officialSchemas } from "../aas/registry/official-schemas.ts";
import { base64url, type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";
import { type RegistryGate, registryGate } from "./registry-gate.ts";

const shellId = (number: number): string => `urn:test:shell:${number}`;
const submodelId = (number: number): string => `urn:test:submodel:${number}`;
const shell = (number: number, ...submodels: number[]) => ({
  modelType: "AssetAdministrationShell",
  id: shellId(number),
  assetInformation: { assetKind: "Instance", globalAssetId: `urn:test:asset:${number}` },
  ...(submodels.length === 0
    ? {}
    : {
        submodels: submodels.map((one) => ({
          type: "ModelReference",
          keys: [{ type: "Submodel", value: submodelId(one) }],
        })),
      }),
});
const submodel = (number: number, idShort = "Data") => ({ modelType: "Submodel", id: submodelId(number), idShort });

const api = "/api/v3.1";
const shellEntry = (number: number): string => `${api}/shell-descriptors/${base64url(shellId(number))}`;
const submodelEntry = (number: number): string => `${api}/submodel-descriptors/${base64url(submodelId(number))}`;
const links = (number: number): string => `${api}/lookup/shells/${base64url(shellId(number))}`;

describe("registration in an outside registry", function () {
  this.timeout(30_000);
  let outside: HubFixture;
  let gate: RegistryGate;
  let hub: HubFixture;
  const judge = officialSchemas();

  const there = (path: string) => outside.until(path, ({ status }) => status === 200);
  const gone = (path: string) => outside.until(path, ({ status }) => status === 404);
  const registry = async (): Promise<Json | undefined> => (await hub.get("/admin/registries")).body?.registries?.[0];
  const state = (wanted: string) =>
    hub.until("/admin/registries", ({ body }) => String(body?.registries?.[0]?.state) === wanted);

  before(async () => {
    outside = await hubFixture({});
    gate = await registryGate(outside.hub.url);
    hub = await hubFixture({
      "twinweave.yaml": `
http: { baseUrl: "https://twins.example.org/plant/" }
registries:
  partner:
    shells: ${gate.url}${api}/
    submodels: ${gate.url}${api}
    discovery: ${gate.url}${api}
    headers: { x-registry-key: "0123456789abcdef" }
`,
    });
    await hub.hub.woven;
  });
  after(async () => {
    await hub?.close();
    await gate?.close();
    await outside?.close();
  });

  it("tells what it holds, what changes and what goes, with the hub's outside address", async () => {
    await hub.request("POST", `${api}/submodels`, submodel(1));
    await hub.request("POST", `${api}/shells`, shell(1, 1));
    const { body } = await there(shellEntry(1));
    expect(body?.globalAssetId).to.equal("urn:test:asset:1");
    expect(body?.endpoints?.[0]).to.deep.equal({
      interface: "AAS-3.1",
      protocolInformation: {
        href: `https://twins.example.org/plant${api}/shells/${base64url(shellId(1))}`,
        endpointProtocol: "HTTPS",
        endpointProtocolVersion: ["1.1"],
      },
    });
    await there(submodelEntry(1));
    expect((await there(links(1))).body).to.deep.equal([{ name: "globalAssetId", value: "urn:test:asset:1" }]);
    await hub.request("PUT", `${api}/submodels/${base64url(submodelId(1))}`, submodel(1, "Renamed"));
    const renamed = (answer: { body?: Json | undefined }): boolean =>
      String(answer.body?.submodelDescriptors?.[0]?.idShort) === "Renamed";
    await outside.until(shellEntry(1), renamed);
    await hub.request("POST", `${api}/shells`, shell(2));
    await there(shellEntry(2));
    await hub.request("DELETE", `${api}/shells/${base64url(shellId(2))}`);
    await gone(shellEntry(2));
    await gone(links(2));
  });

  it("sends what IDTA's schemas describe, with the configured header fields", () => {
    const bodies = gate.requests.filter(({ body }) => body !== "");
    expect(bodies.length).to.be.greaterThan(3);
    for (const { path, body, headers } of bodies) {
      expect(headers["x-registry-key"]).to.equal("0123456789abcdef");
      const sent = JSON.parse(body);
      const [name, items] = path.includes("/shell-descriptors")
        ? ["AssetAdministrationShellDescriptor", [sent]]
        : path.includes("/submodel-descriptors")
          ? ["SubmodelDescriptor", [sent]]
          : ["SpecificAssetId", sent];
      for (const item of items) expect(judge?.(name, item) ?? [], path).to.deep.equal([]);
    }
  });

  it("waits for a registry that is away, says so, and loses nothing over a restart", async () => {
    await state("idle");
    gate.answer = () => 503;
    await hub.request("POST", `${api}/shells`, shell(3));
    await hub.request("DELETE", `${api}/shells/${base64url(shellId(1))}`);
    await state("waiting");
    const metrics = String((await hub.get("/metrics")).body);
    expect(metrics).to.contain('twinweave_registry_waiting{registry="partner",tenant="default"} 1');
    expect(String((await registry())?.lastError?.message)).to.contain("503");
    await hub.restart();
    gate.answer = () => undefined;
    await there(shellEntry(3));
    await gone(shellEntry(1));
    await gone(links(1));
    await state("idle");
    const told = gate.requests.length;
    await hub.restart();
    await state("idle");
    expect(gate.requests.slice(told), "nothing differs: nothing is told").to.deep.equal([]);
  });

  it("sets aside what the registry refuses, and goes on with the rest", async () => {
    gate.answer = ({ path }) => (path === shellEntry(4) ? 409 : undefined);
    await hub.request("POST", `${api}/shells`, shell(4));
    await hub.request("POST", `${api}/shells`, shell(5));
    await there(shellEntry(5));
    await hub.until("/admin/registries", ({ body }) => Number(body?.registries?.[0]?.refused) === 1);
    expect((await outside.get(shellEntry(4))).status).to.equal(404);
    gate.answer = () => undefined;
    await hub.request("POST", "/admin/registries/partner/register");
    await there(shellEntry(4));
    await hub.until("/admin/registries", ({ body }) => Number(body?.registries?.[0]?.refused) === 0);
  });

  it("speaks to a registry of v3.0, whose PUT creates nothing", async () => {
    gate.answer = ({ method, path }) => (method === "PUT" && path === shellEntry(6) ? 404 : undefined);
    await hub.request("POST", `${api}/shells`, shell(6));
    await there(shellEntry(6));
    expect(gate.requests.some(({ method, path }) => method === "POST" && path === `${api}/shell-descriptors`)).to.equal(
      true,
    );
    gate.answer = () => undefined;
  });

  it("withdraws everything when it is told to, and stays away until it is told again", async () => {
    await state("idle");
    expect((await hub.request("POST", "/admin/registries/partner/withdraw")).status).to.equal(204);
    for (const number of [3, 4, 5, 6]) expect((await outside.get(shellEntry(number))).status).to.equal(404);
    for (const path of ["shell-descriptors", "submodel-descriptors", "lookup/shells"]) {
      expect((await outside.get(`${api}/${path}`)).body?.result).to.deep.equal([]);
    }
    expect(await registry()).to.include({ state: "withdrawn", registered: 0, pending: 0 });
    await hub.request("POST", `${api}/shells`, shell(7));
    await hub.request("POST", "/admin/registries/partner/register");
    for (const number of [3, 4, 5, 6, 7]) await there(shellEntry(number));
    expect((await hub.request("POST", "/admin/registries/other/register")).status).to.equal(404);
  });
});

describe("registration that ends with the hub", function () {
  this.timeout(20_000);

  it("is withdrawn at the hub's stop where the configuration says so", async () => {
    const outside = await hubFixture({});
    const hub = await hubFixture({
      "twinweave.yaml": `
registries: { partner: { shells: "${outside.hub.url}${api}", withdrawOnStop: true } }
`,
    });
    await hub.hub.woven;
    await hub.request("POST", `${api}/shells`, shell(1));
    await outside.until(shellEntry(1), ({ status }) => status === 200);
    await hub.close();
    expect((await outside.get(shellEntry(1))).status).to.equal(404);
    await outside.close();
  });
});
