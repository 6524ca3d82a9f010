import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const CAR = "urn:ngsi-ld:Car:1";
const ANN = "urn:ngsi-ld:Person:ann";
const BOB = "urn:ngsi-ld:Person:bob";
const BERN = "urn:ngsi-ld:City:bern";

type Shown = Record<string, unknown>;

describe("NGSI-LD API: linked entity retrieval (4.5.23)", () => {
  let hub: NgsiHub;

  before(async () => {
    hub = await startNgsiHub();
    for (const entity of [
      {
        id: CAR,
        type: "Car",
        brand: "ACME",
        owner: { type: "Relationship", object: ANN, since: { type: "Property", value: 2020 } },
        drivers: { type: "Relationship", object: [ANN, BOB, "urn:ngsi-ld:Person:nobody"] },
        route: { type: "ListRelationship", objectList: [BERN, "urn:ngsi-ld:City:nowhere", BERN] },
      },
      { id: ANN, type: "Person", name: "Ann", home: { type: "Relationship", object: BERN } },
      { id: BOB, type: "Person", name: "Bob", friend: { type: "Relationship", object: ANN } },
      { id: BERN, type: "City", name: "Bern", mayor: { type: "Relationship", object: ANN } },
    ]) {
      expect((await hub.call("POST", "/entities", entity)).status).to.equal(201);
    }
  });
  after(() => hub.stop());

  const get = async (query: string, headers: Record<string, string> = {}): Promise<Shown> =>
    (await (await hub.call("GET", `/entities/${CAR}${query}`, undefined, headers)).json()) as Shown;
  const list = async (query: string): Promise<readonly Shown[]> =>
    (await (await hub.call("GET", `/entities${query}`)).json()) as Shown[];
  const ids = (entities: readonly Shown[]): unknown[] => entities.map(({ id }) => id);

  it("stands inside normalized Relationships, one level unless more are asked for (4.5.23.1, 4.5.23.2, 6.5.3.1)", async () => {
    const { owner, drivers, route } = (await get("?join=inline")) as Record<string, Shown>;
    expect(owner?.since).to.deep.equal({ type: "Property", value: 2020 });
    expect(owner?.entity).to.deep.equal({
      id: ANN,
      type: "Person",
      name: { type: "Property", value: "Ann" },
      home: { type: "Relationship", object: BERN },
    });
    expect(ids(drivers?.entity as Shown[])).to.deep.equal([ANN, BOB]);
    expect(ids(route?.entityList as Shown[])).to.deep.equal([BERN, BERN]);
    expect(await get("?join=@none")).to.deep.equal(await get(""));
  });

  it("goes as deep as joinLevel says, and never round in a circle", async () => {
    const { owner } = (await get("?join=inline&joinLevel=9")) as { owner: { entity: { home: { entity: Shown } } } };
    const bern = owner.entity.home.entity;
    expect(bern.id).to.equal(BERN);
    expect(bern.mayor).to.deep.equal({ type: "Relationship", object: ANN });
  });

  it("takes the place of ids where values stand alone (C.2.2)", async () => {
    const shown = await get("?join=inline&format=simplified");
    expect(shown.owner).to.deep.equal({ id: ANN, type: "Person", name: "Ann", home: BERN });
    expect((shown.drivers as unknown[])[2]).to.equal("urn:ngsi-ld:Person:nobody");
    expect((shown.route as unknown[])[1]).to.equal("urn:ngsi-ld:City:nowhere");
  });

  it("stands behind the others, each once, in a list even where one was asked for (4.5.23.3, 6.23.3.1)", async () => {
    const flat = (await get("?join=flat")) as unknown as Shown[];
    expect(ids(flat)).to.deep.equal([CAR, ANN, BOB, BERN]);
    expect(flat[0]?.owner).to.not.have.property("entity");
    expect(ids(await list("?type=Car,Person&join=flat&joinLevel=2"))).to.deep.equal([CAR, ANN, BOB, BERN]);
    expect(ids(await list("?type=Car&join=inline"))).to.deep.equal([CAR]);
    const body = { type: "Query", entities: [{ type: "Car" }], join: "flat", joinLevel: 1, containedBy: [BOB] };
    const posted = await hub.call("POST", "/entityOperations/query", body);
    expect(ids((await posted.json()) as Shown[])).to.deep.equal([CAR, ANN, BERN]);
  });

  it("is itself picked and omitted from, in braces; without them it is whole (4.21)", async () => {
    expect(await get("?join=inline&pick=owner%7Bname%7D&format=simplified")).to.deep.equal({ owner: { name: "Ann" } });
    const shown = await get(
      "?join=inline&joinLevel=2&omit=route,drivers,owner%7Bid%7Ctype%7Chome%7Bmayor%7D%7D&format=simplified",
    );
    expect(shown.owner).to.deep.equal({ name: "Ann", home: { id: BERN, type: "City", name: "Bern" } });
    expect(shown.type).to.equal("Car");
    const unpicked = await get("?join=inline&pick=id,brand");
    expect(Object.keys(unpicked)).to.deep.equal(["id", "brand"]);
  });

  it("leaves out whom the client has met before (containedBy)", async () => {
    const shown = await get(`?join=inline&format=simplified&containedBy=${ANN}`);
    expect(shown.owner).to.equal(ANN);
  });

  it("is a Feature of its own in GeoJSON, or a part of one", async () => {
    const headers = { accept: "application/geo+json" };
    const flat = await get("?join=flat", headers);
    expect(flat.type).to.equal("FeatureCollection");
    expect(ids(flat.features as Shown[])).to.deep.equal([CAR, ANN, BOB, BERN]);
    const inline = (await get("?join=inline&format=simplified", headers)) as { properties: { owner: Shown } };
    expect(inline.properties.owner.name).to.equal("Ann");
  });

  for (const query of [
    "join=sideways",
    "join=inline&joinLevel=0",
    "join=inline&joinLevel=x",
    "joinLevel=2",
    "containedBy=urn:a",
    "join=inline&containedBy=no",
    "pick=owner%7Bname%7D",
    "join=inline&pick=owner%7Bhome%7Bname%7D%7D",
    "join=inline&pick=owner%7Bname",
    "join=inline&pick=owner%7B%7D",
    "join=inline&omit=owner%7Bname%7D%7D",
    "join=inline&pick=%7Bname%7D",
  ]) {
    it(`refuses ${decodeURIComponent(query)} (5.7.1.4, 4.21)`, async () => {
      const refused = await hub.call("GET", `/entities/${CAR}?${query}`);
      expect(refused.status).to.equal(400);
      expect(((await refused.json()) as Shown).type).to.match(/BadRequestData$/);
      expect((await hub.call("GET", `/entities?type=Car&${query}`)).status).to.equal(400);
    });
  }
});
