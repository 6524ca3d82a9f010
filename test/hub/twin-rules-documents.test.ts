import { expect } from "chai";
import { type Answer, base64url } from "./hub-fixture.ts";
import { type Asset, type RulePlant, rulePlant, shown } from "./rule-plant.ts";

const submodelPath = (id: string): string => `/api/v3.1/submodels/${base64url(id)}`;
const isGood = ({ body }: Answer): boolean =>
  JSON.stringify(body?.qualifiers ?? []).includes('"type":"Twinweave/Quality","valueType":"xs:string","value":"good"');
const entityPath = (id: string): string => `/ngsi-ld/v1/entities/${id}`;

/** What no schema of the hub foresees: order, nesting, numbers and texts of a client's own. */
const strangeEntity = {
  id: "urn:ngsi-ld:Strange:1",
  type: ["Zebra", "Alpha"],
  zeta: { type: "Property", value: { b: 1, a: [1, { z: null, y: 'ü\n"' }, []], "": {} }, unitCode: "CEL" },
  alpha: { type: "Relationship", object: ["urn:ngsi-ld:A:2", "urn:ngsi-ld:A:1"] },
  many: [
    { type: "Property", value: 1, datasetId: "urn:test:b" },
    { type: "Property", value: 2 },
    { type: "Property", value: 3, datasetId: "urn:test:a" },
  ],
  words: { type: "LanguageProperty", languageMap: { fr: "eau", de: "Wasser" } },
  nested: {
    type: "Property",
    value: 0,
    accuracy: { type: "Property", value: 0.1, of: { type: "Property", value: "x" } },
  },
};
const strangeSubmodel = {
  idShort: "Strange",
  id: "urn:test:strange",
  modelType: "Submodel",
  extensions: [{ name: "vendor", valueType: "xs:string", value: 'ü " \\' }],
  submodelElements: [
    {
      value: [
        { value: "007", valueType: "xs:int", modelType: "Property" },
        { value: "+7", valueType: "xs:int", modelType: "Property" },
      ],
      orderRelevant: true,
      typeValueListElement: "Property",
      valueTypeListElement: "xs:int",
      idShort: "List",
      modelType: "SubmodelElementList",
    },
    { modelType: "Capability", idShort: "Can", description: [{ language: "en", text: "can" }] },
    { modelType: "Property", valueType: "xs:decimal", value: "0.1000000000000000000001", idShort: "Exact" },
    {
      modelType: "Range",
      valueType: "xs:long",
      min: "-9223372036854775808",
      max: "9223372036854775807",
      idShort: "Wide",
    },
  ],
};

describe("twin rules: documents beside and around the links", function () {
  this.timeout(20_000);
  let plant: RulePlant;
  let next = 0;

  before(async () => {
    plant = await rulePlant(8);
  });
  after(() => plant?.close());
  const fresh = (state: Asset["state"]): Asset => plant.asset(state, next++ % 8);
  const request: RulePlant["fixture"]["request"] = (...all) => plant.fixture.request(...all);
  const get = async (path: string) => (await plant.fixture.get(path)).body as unknown as Record<string, never>;

  it("rule 1: what is not linked comes back as it was sent", async () => {
    expect((await request("POST", "/ngsi-ld/v1/entities", strangeEntity)).status).to.equal(201);
    expect((await request("POST", "/api/v3.1/submodels", strangeSubmodel)).status).to.equal(201);
    const entity = await get(entityPath(strangeEntity.id));
    expect(entity).to.deep.equal(strangeEntity);
    expect(Object.keys(entity)).to.deep.equal(Object.keys(strangeEntity));
    const submodel = await get(submodelPath(strangeSubmodel.id));
    expect(submodel).to.deep.equal(strangeSubmodel);
    await plant.fixture.restart();
    await plant.fixture.until("/ready", ({ status }) => status === 200);
    expect(await get(entityPath(strangeEntity.id))).to.deep.equal(strangeEntity);
    expect(await get(submodelPath(strangeSubmodel.id))).to.deep.equal(strangeSubmodel);
  });

  it("rule 7: GET, edit, PUT in the AAS keeps the client's edit and stores no qualifier of the hub", async () => {
    const asset = fresh("writable");
    const path = submodelPath(asset.submodel);
    // What was not heard since it was linked is uncertain, with a status code of its own: that passes.
    await plant.fixture.until(`${path}/submodel-elements/Box.Level`, isGood);
    const before = await get(path);
    const edited = JSON.parse(JSON.stringify(before));
    const [label, box] = edited.submodelElements;
    const level = box.value.find((one: { idShort: string }) => one.idShort === "Level");
    label.value = "edited";
    level.qualifiers.push({ kind: "ConceptQualifier", type: "Mine", valueType: "xs:string", value: "kept" });
    level.description = [{ language: "en", text: "edited" }];
    const put = await request("PUT", path, edited);
    expect(put.status).to.equal(204);
    expect(put.headers.get("twinweave-linked-unchanged")).to.equal(null);
    const now = JSON.parse(JSON.stringify(await get(path)));
    const types = (one: { qualifiers?: { type: string }[] }) => one.qualifiers?.map(({ type }) => type).sort();
    const after = now.submodelElements[1].value.find((one: { idShort: string }) => one.idShort === "Level");
    expect(types(after)).to.deep.equal([...new Set(types(level))].sort());
    expect(after).to.deep.include({ value: String(asset.before), description: level.description });
    expect(now.submodelElements[0].value).to.equal("edited");
    expect(asset.device?.writesTo(asset.register)).to.equal(0);
    expect((await request("PUT", path, now)).status).to.equal(204);
    expect(types((await get(`${path}/submodel-elements/Box.Level`)) as never)).to.deep.equal(types(after));
  });

  it("rule 7: GET, edit, PUT in NGSI-LD keeps the client's sub-attribute and stores no quality", async () => {
    const asset = fresh("writable");
    const path = entityPath(asset.entity);
    const edited = JSON.parse(JSON.stringify(await get(path)));
    edited.level.accuracy = { type: "Property", value: 0.5 };
    edited.level.quality.value = "excellent";
    edited.level.observedAt = "2001-01-01T00:00:00Z";
    edited.note.value = "edited";
    expect((await request("PUT", path, edited)).status).to.equal(204);
    const now = JSON.parse(JSON.stringify(await get(path)));
    expect(now.note.value).to.equal("edited");
    expect(now.level).to.deep.include({ value: asset.before, accuracy: { type: "Property", value: 0.5 } });
    expect(now.level.quality.value).to.equal("good");
    expect(Date.parse(now.level.observedAt)).to.be.closeTo(Date.now(), 60_000);
    expect(asset.device?.writesTo(asset.register)).to.equal(0);
  });

  it("rule 7: simplified forms warn of a stale value, alone and in lists", async () => {
    const asset = fresh("lost");
    const one = await plant.fixture.get(`${entityPath(asset.entity)}?options=keyValues`);
    expect(one.headers.get("ngsild-warning")).to.match(/^110/);
    const list = await plant.fixture.get(`/ngsi-ld/v1/entities?id=${asset.entity}&local=true&options=keyValues`);
    expect(list.headers.get("ngsild-warning")).to.match(/^110/);
    const fine = await plant.fixture.get(`${entityPath(fresh("writable").entity)}?options=keyValues`);
    expect(fine.headers.get("ngsild-warning")).to.equal(null);
  });

  it("rule 9: no value yet is no attribute and a Property without value, and is found by no query for it", async () => {
    const asset = fresh("silent");
    expect(await get(entityPath(asset.entity))).not.to.have.property("level");
    const element = await get(`${submodelPath(asset.submodel)}/submodel-elements/Box.Level`);
    expect(element).not.to.have.property("value");
    expect(await shown(plant.fixture, asset)).to.deep.equal({ aas: undefined, ngsi: undefined });
    const found = (await get("/ngsi-ld/v1/entities?attrs=level&limit=1000")) as unknown as { id: string }[];
    expect(found.map(({ id }) => id)).not.to.include(asset.entity);
    expect(found.map(({ id }) => id)).to.include(plant.asset("readOnly", 0).entity);
  });

  it("rule 10: modifiedAt is the latest of document and signals", async () => {
    const asset = fresh("writable");
    const path = `${entityPath(asset.entity)}?options=sysAttrs`;
    const times = async () => {
      const body = JSON.parse(JSON.stringify(await get(path)));
      return { entity: body.modifiedAt, level: body.level.modifiedAt, note: body.note.modifiedAt };
    };
    const first = await times();
    expect(first.entity >= first.level && first.entity >= first.note).to.equal(true);
    await request("PATCH", `${entityPath(asset.entity)}/attrs/level`, { value: 4_000 });
    const second = await times();
    expect(second.entity > first.entity).to.equal(true);
    // A poll may have read what was written before the write's own commit, which then changes no signal.
    expect(second.level > first.level && second.level <= second.entity).to.equal(true);
    expect(second.note).to.equal(first.note);
    await request("PATCH", `${entityPath(asset.entity)}/attrs/note`, { value: "later" });
    const third = await times();
    expect(third.entity > second.entity).to.equal(true);
    expect(third.note).to.equal(third.entity);
    expect(third.level).to.equal(second.level);
  });

  it("rule 15: an attribute name that NGSI-LD does not take, and two points of one name, are refused with their lines", async () => {
    const file = (end: string): string => `twinweave: 1
source: plant
twin: { submodels: { Data: { id: "urn:test:names" } }, entity: { id: "urn:ngsi-ld:Names:1", type: Names } }
points:
  one: { from: "holding:5000", type: int, ${end} }
  two: { from: "holding:5001", type: int, aas: Data.Outlet-Pressure, ngsi: outletPressure }
`;
    for (const end of ["ngsi: outlet-pressure", "ngsi: outletPressure", "aas: Data.Outlet-Pressure"]) {
      await plant.fixture.write({ "mappings/names.yaml": file(end) });
      const report = JSON.stringify((await request("POST", "/admin/mappings/reload")).body);
      expect(report, end).to.match(/names\.yaml:[56]/);
      expect((await plant.fixture.get(entityPath("urn:ngsi-ld:Names:1"))).status).to.equal(404);
    }
    await plant.fixture.write({ "mappings/names.yaml": file("ngsi: inlet") });
    await request("POST", "/admin/mappings/reload");
    await plant.fixture.until(entityPath("urn:ngsi-ld:Names:1"), ({ body }) => body?.outletPressure !== undefined);
    const value = await plant.fixture.get(`${submodelPath("urn:test:names")}/submodel-elements/Outlet-Pressure/$value`);
    expect(value.body).to.equal(0);
  });
});
