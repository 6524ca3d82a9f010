import { expect } from "chai";
import { type NgsiHub, PUMP, startNgsiHub } from "./ngsi-hub.ts";

const VOCAB = "https://uri.etsi.org/ngsi-ld/default-context/";

describe("NGSI-LD API: discovery of types and attributes (5.7.5 to 5.7.10)", () => {
  let hub: NgsiHub;

  before(async () => {
    hub = await startNgsiHub();
    const name = { type: "Property", value: "x" };
    const near = { type: "Relationship", object: PUMP };
    for (const entity of [
      { id: "urn:ngsi-ld:House:1", type: ["House", "Building"], name, near },
      { id: "urn:ngsi-ld:House:2", type: "House", name: [name, { ...name, datasetId: "urn:d:1" }] },
      { id: "urn:ngsi-ld:Tree:1", type: "Tree", name: near, expiresAt: "2026-01-01T00:00:00Z" },
    ]) {
      expect((await hub.call("POST", "/entities", entity)).status).to.equal(201);
    }
    await hub.read("flow", 1);
  });
  after(() => hub.stop());

  const json = async (path: string): Promise<Record<string, unknown>> => {
    const response = await hub.call("GET", path);
    expect(response.status, path).to.equal(200);
    return (await response.json()) as Record<string, unknown>;
  };

  it("lists the types that entities have; expired ones count no more (4.5.10, 5.2.24, 6.25.3.1)", async () => {
    const list = await json("/types");
    expect(list).to.include({ type: "EntityTypeList" });
    expect(list.typeList).to.deep.equal(["Building", "House", "Pump"]);
    expect(list.id).to.match(/^urn:ngsi-ld:EntityTypeList:/);
  });

  it("tells the attributes of each type; a linked one without a value is none yet (4.5.11, 5.2.25)", async () => {
    expect(await json("/types?details=true")).to.deep.equal([
      { id: `${VOCAB}Building`, type: "EntityType", typeName: "Building", attributeNames: ["name", "near"] },
      { id: `${VOCAB}House`, type: "EntityType", typeName: "House", attributeNames: ["name", "near"] },
      { id: `${VOCAB}Pump`, type: "EntityType", typeName: "Pump", attributeNames: ["flow", "maker"] },
    ]);
  });

  it("tells everything of one type, by its short or its whole name (4.5.12, 5.2.26, 6.26.3.1)", async () => {
    const details = (attributeName: string, kind: string) => ({
      id: VOCAB + attributeName,
      type: "Attribute",
      attributeName,
      attributeTypes: [kind],
    });
    const expected = {
      id: `${VOCAB}House`,
      type: "EntityTypeInfo",
      typeName: "House",
      entityCount: 2,
      attributeDetails: [details("name", "Property"), details("near", "Relationship")],
    };
    expect(await json("/types/House")).to.deep.equal(expected);
    expect(await json(`/types/${encodeURIComponent(`${VOCAB}House`)}`)).to.deep.equal(expected);
    expect((await hub.call("GET", "/types/Castle")).status).to.equal(404);
  });

  it("lists the attributes, with the types that have them on request (4.5.13, 4.5.14, 5.2.27, 6.27.3.1)", async () => {
    expect((await json("/attributes")).attributeList).to.deep.equal(["flow", "maker", "name", "near"]);
    const details = (await json("/attributes?details=true")) as unknown as readonly Record<string, unknown>[];
    expect(details.find(({ attributeName }) => attributeName === "name")).to.deep.equal({
      id: `${VOCAB}name`,
      type: "Attribute",
      attributeName: "name",
      typeNames: ["Building", "House"],
    });
  });

  it("counts the instances of one attribute once, however many types its entity has (4.5.15, 5.2.28, 6.28.3.1)", async () => {
    expect(await json("/attributes/name")).to.deep.equal({
      id: `${VOCAB}name`,
      type: "Attribute",
      attributeName: "name",
      attributeCount: 3,
      attributeTypes: ["Property"],
      typeNames: ["Building", "House"],
    });
    expect((await hub.call("GET", "/attributes/silent")).status).to.equal(404);
  });

  it("refuses unknown parameters and GeoJSON (6.3.4)", async () => {
    expect((await hub.call("GET", "/types?limit=1")).status).to.equal(400);
    const geo = await hub.call("GET", "/attributes", undefined, { accept: "application/geo+json" });
    expect(geo.status).to.equal(406);
  });
});
