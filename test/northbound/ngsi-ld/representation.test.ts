import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const ID = "urn:ngsi-ld:House:r1";
const DATASET = "urn:ngsi-ld:Dataset:north";
type Shown = Record<string, unknown>;

describe("NGSI-LD API: representations of an entity (4.5, 6.3.4, 6.3.6)", () => {
  let hub: NgsiHub;

  before(async () => {
    hub = await startNgsiHub();
    const made = await hub.call("POST", "/entities", {
      id: ID,
      type: ["House", "Home"],
      scope: "/Bern",
      expiresAt: "2999-01-01T00:00:00Z",
      name: {
        type: "LanguageProperty",
        languageMap: { en: "home", "fr-CH": ["chez moi", "maison"], "@none": "?" },
        observedAt: "2026-01-01T00:00:00Z",
        nick: { type: "LanguageProperty", languageMap: { de: "Heim" } },
      },
      kind: { type: "VocabProperty", vocab: ["Villa", "Flat"] },
      raw: { type: "JsonProperty", json: { a: [null] } },
      steps: { type: "ListProperty", valueList: [1, 2], unitCode: "MTR" },
      rooms: [
        { type: "Property", value: 4, unitCode: "C62", valueType: "Integer" },
        { type: "Property", value: 5, datasetId: DATASET },
      ],
      owner: { type: "Relationship", object: "urn:ngsi-ld:Person:a", objectType: "Person" },
      streets: { type: "ListRelationship", objectList: ["urn:ngsi-ld:Street:1"] },
      location: [
        { type: "GeoProperty", value: { type: "Point", coordinates: [7, 47] } },
        { type: "GeoProperty", value: { type: "Point", coordinates: [8, 48] }, datasetId: DATASET },
      ],
    });
    expect(made.status).to.equal(201);
  });
  after(() => hub.stop());

  const get = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
    hub.call("GET", `/entities/${ID}${query}`, undefined, headers);
  const shown = async (query: string, headers: Record<string, string> = {}): Promise<Shown> =>
    (await (await get(query, headers)).json()) as Shown;

  it("shows every kind of attribute in its three forms (4.5.2.2, 4.5.2.3, 4.5.4)", async () => {
    const [normalized, concise, simplified] = await Promise.all(
      ["", "?format=concise", "?options=keyValues"].map((query) => shown(query)),
    );
    expect(normalized?.kind).to.deep.equal({ type: "VocabProperty", vocab: ["Villa", "Flat"] });
    expect(normalized?.streets).to.deep.equal({
      type: "ListRelationship",
      objectList: [{ object: "urn:ngsi-ld:Street:1" }],
    });
    expect(concise?.raw).to.deep.equal({ json: { a: [null] } });
    expect(concise?.steps).to.deep.equal({ valueList: [1, 2], unitCode: "MTR" });
    expect(concise?.owner).to.deep.equal({ object: "urn:ngsi-ld:Person:a", objectType: "Person" });
    expect(simplified).to.deep.include({
      kind: { vocab: ["Villa", "Flat"] },
      raw: { json: { a: [null] } },
      steps: [1, 2],
      rooms: { dataset: { "@none": 4, [DATASET]: 5 } },
      owner: "urn:ngsi-ld:Person:a",
      streets: ["urn:ngsi-ld:Street:1"],
      scope: "/Bern",
    });
    expect(simplified).not.to.have.property("expiresAt");
  });

  it("reduces languages to the one that fits best, and says which (4.15)", async () => {
    const name = async (lang: string): Promise<unknown> => (await shown(`?lang=${encodeURIComponent(lang)}`)).name;
    const common = { type: "Property", observedAt: "2026-01-01T00:00:00Z" };
    const nick = { type: "Property", value: "Heim", lang: "de" };
    expect(await name("en")).to.deep.equal({ ...common, value: "home", lang: "en", nick });
    for (const lang of ["fr", "FR-ch", "fr-CH-1996", "it,fr;q=0.9,en;q=0.8"]) {
      expect(await name(lang), lang).to.deep.include({ value: ["chez moi", "maison"], lang: "fr-CH" });
    }
    for (const lang of ["*", "it", "fr;q=0.1,en"]) expect(await name(lang), lang).to.include({ lang: "en" });
    expect(await name("en;q=0")).to.include({ lang: "fr-CH" });
    expect((await shown("?lang=en&format=keyValues")).name).to.equal("home");
    expect((await shown("?lang=en&format=concise")).name).to.deep.include({ value: "home", lang: "en" });
    for (const wrong of ["", "e!", "en;q=2", "en;q=x"]) {
      expect((await get(`?lang=${encodeURIComponent(wrong)}`)).status, wrong).to.equal(400);
    }
  });

  it("chooses the type of an answer by weights, then in the standard's order (6.3.4)", async () => {
    for (const [accept, type] of [
      ["*/*", "json"],
      ["application/ld+json, application/json", "json"],
      ["application/ld+json, application/json;q=0.5", "ld+json"],
      ["application/json;q=0, */*", "ld+json"],
      ["application/json;q=0.1, application/*", "ld+json"],
      ["application/geo+json, application/json;q=0.9", "geo+json"],
      ["application/json;q=banana, application/ld+json;q=0.9", "json"],
      ["application/json;q=, application/ld+json;q=0.9", "json"],
      ["text/html, APPLICATION/LD+JSON", "ld+json"],
    ] as const) {
      expect((await get("", { accept })).headers.get("content-type"), accept).to.equal(`application/${type}`);
    }
    const refused = await get("", { accept: "text/html" });
    expect(refused.status).to.equal(406);
    expect(await refused.text()).to.contain("application/ld+json");
    expect((await hub.call("GET", "/types", undefined, { accept: "application/geo+json" })).status).to.equal(406);
  });

  it("takes the geometry of a Feature from the instance that is chosen, or says null (4.5.16.1)", async () => {
    const geometry = async (query: string): Promise<unknown> =>
      (await shown(query, { accept: "application/geo+json" })).geometry;
    expect(await geometry("")).to.deep.equal({ type: "Point", coordinates: [7, 47] });
    expect(await geometry(`?datasetId=${DATASET}`)).to.deep.equal({ type: "Point", coordinates: [8, 48] });
    expect(await geometry("?geometryProperty=rooms")).to.equal(null);
    expect(await geometry("?geometryProperty=operationSpace")).to.equal(null);
    expect((await get("?geometryProperty=location")).status).to.equal(400);
  });

  it("speaks older versions to who prefers them (4.3.6.8, 6.3.6)", async () => {
    const old = await get("?options=sysAttrs", { prefer: "ngsi-ld=1.5" });
    expect(old.status).to.equal(203);
    expect(old.headers.get("preference-applied")).to.equal("ngsi-ld=1.5");
    const entity = (await old.json()) as Record<string, Shown>;
    expect(entity).not.to.have.property("expiresAt");
    expect(entity.kind).to.deep.include({ type: "Property", value: ["Villa", "Flat"] });
    expect(entity.raw).to.deep.include({ type: "Property", value: { a: [null] } });
    expect(entity.steps).to.deep.include({ type: "Property", value: [1, 2], unitCode: "MTR" });
    expect(entity.streets).to.deep.include({ type: "Relationship", object: ["urn:ngsi-ld:Street:1"] });
    expect(entity.owner).not.to.have.property("objectType");
    expect(entity.name).to.have.property("languageMap");
    const oldest = await shown("", { prefer: "ngsi-ld=1.0" });
    expect(oldest).to.not.have.property("scope");
    expect(oldest.type).to.equal("House");
    expect(oldest.rooms).to.deep.equal({ type: "Property", value: 4 });
    const newest = await hub.call("GET", "/entities?type=House", undefined, { prefer: "ngsi-ld=1.12" });
    expect([newest.status, newest.headers.get("preference-applied")]).to.deep.equal([200, "ngsi-ld=1.9"]);
    expect((await get("", { prefer: "ngsi-ld=new" })).headers.get("preference-applied")).to.equal(null);
  });

  it("links to a context that came in the body of a query, at a URL of its own (6.3.6, 5.13.1)", async () => {
    const body = {
      "@context": [{ Haus: "https://uri.etsi.org/ngsi-ld/default-context/House" }],
      type: "Query",
      entities: [{ type: "Haus" }],
    };
    const found = await hub.call("POST", "/entityOperations/query", body, { "content-type": "application/ld+json" });
    expect(((await found.json()) as { type: unknown }[])[0]?.type).to.deep.equal(["Haus", "Home"]);
    const url = /<([^>]+)>; rel="http:\/\/www.w3.org\/ns\/json-ld#context"/.exec(found.headers.get("link") ?? "")?.[1];
    expect(await (await fetch(url ?? "")).json()).to.have.property("@context");
    const listed = await (await hub.call("GET", "/jsonldContexts?kind=ImplicitlyCreated")).json();
    expect(listed).to.deep.equal([url]);
  });

  it("says who it is (5.15.1, 5.2.40, 6.33.3.1)", async () => {
    const identity = (await (await hub.call("GET", "/info/sourceIdentity")).json()) as Record<string, string>;
    expect(identity.type).to.equal("ContextSourceIdentity");
    expect(identity.contextSourceAlias).to.match(/^[A-Za-z0-9.-]+\.default$/);
    expect(identity.contextSourceUptime).to.match(/^P\d+DT\d+H\d+M\d+S$/);
    expect(identity.contextSourceTimeAt).to.match(/Z$/);
    const other = await hub.call("GET", "/info/sourceIdentity", undefined, { "ngsild-tenant": "nobody" });
    expect([other.status, other.headers.get("ngsild-tenant")]).to.deep.equal([404, "nobody"]);
  });

  it("knows no parameter and no option that is not its own (6.3.20)", async () => {
    for (const query of ["?colour=red", "?options=dance", "?lang=en&lang=fr"]) {
      const refused = await get(query);
      expect([refused.status, ((await refused.json()) as Shown).type]).to.deep.equal([
        400,
        "https://uri.etsi.org/ngsi-ld/errors/InvalidRequest",
      ]);
    }
  });
});
