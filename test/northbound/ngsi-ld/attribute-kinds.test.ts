import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const POINT = { type: "Point", coordinates: [7.4, 46.9] };
const COMMON = { observedAt: "2026-01-01T00:00:00Z", source: { type: "Property", value: "lab" } };
const CONCISE_COMMON = { observedAt: "2026-01-01T00:00:00Z", source: "lab" };

interface Kind {
  readonly kind: string;
  readonly clauses: string;
  /** As it is sent and shown, normalized. */
  readonly normalized: Record<string, unknown>;
  /** Another way to send it. */
  readonly concise: unknown;
  readonly simplified: unknown;
  /** What the kind must not hold. */
  readonly wrong: readonly unknown[];
}

const KINDS: readonly Kind[] = [
  {
    kind: "Property",
    clauses: "(4.5.2.2, 4.5.2.3, 5.2.5)",
    normalized: { type: "Property", value: { a: [1, "x"] }, unitCode: "CEL", valueType: "Reading" },
    concise: { value: { a: [1, "x"] }, unitCode: "CEL", valueType: "Reading" },
    simplified: { a: [1, "x"] },
    wrong: [{ type: "Property" }, { type: "Property", value: null }, { type: "Property", value: 1, unitCode: "" }],
  },
  {
    kind: "Relationship",
    clauses: "(4.5.3.2, 4.5.3.3, 5.2.6)",
    normalized: { type: "Relationship", object: ["urn:a:1", "urn:a:2"], objectType: ["A", "B"] },
    concise: { object: ["urn:a:1", "urn:a:2"], objectType: ["A", "B"] },
    simplified: ["urn:a:1", "urn:a:2"],
    wrong: [
      { type: "Relationship", object: "no uri" },
      { type: "Relationship", object: [] },
      { object: "urn:a", value: 1 },
    ],
  },
  {
    kind: "GeoProperty",
    clauses: "(4.7.1, 4.7.2, 4.7.3, 5.2.7)",
    normalized: { type: "GeoProperty", value: POINT },
    concise: { value: POINT },
    simplified: POINT,
    wrong: [
      { type: "GeoProperty", value: "Bern" },
      { type: "GeoProperty", value: { type: "Point", coordinates: ["7", "46"] } },
      { type: "GeoProperty", value: { type: "GeometryCollection", geometries: [] } },
      {
        type: "GeoProperty",
        value: {
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [1, 0],
              [1, 1],
              [0, 1],
            ],
          ],
        },
      },
    ],
  },
  {
    kind: "LanguageProperty",
    clauses: "(4.5.18.2, 4.5.18.3, 4.6.5, 5.2.32)",
    normalized: { type: "LanguageProperty", languageMap: { en: "red", fr: ["rouge", "vermeil"], "@none": "?" } },
    concise: { languageMap: { en: "red", fr: ["rouge", "vermeil"], "@none": "?" } },
    simplified: { languageMap: { en: "red", fr: ["rouge", "vermeil"], "@none": "?" } },
    wrong: [{ languageMap: "red" }, { languageMap: { en: 1 } }, { languageMap: { en: [1] } }],
  },
  {
    kind: "VocabProperty",
    clauses: "(4.5.20.2, 4.5.20.3, 5.2.35)",
    normalized: { type: "VocabProperty", vocab: ["Red", "Green"] },
    concise: { vocab: ["Red", "Green"] },
    simplified: { vocab: ["Red", "Green"] },
    wrong: [{ vocab: 1 }, { vocab: [1] }, { vocab: { en: "Red" } }],
  },
  {
    kind: "ListProperty",
    clauses: "(4.5.21.2, 4.5.21.3, 5.2.36)",
    normalized: { type: "ListProperty", valueList: [3, 1, [2], { a: 1 }] },
    concise: { valueList: [3, 1, [2], { a: 1 }] },
    simplified: [3, 1, [2], { a: 1 }],
    wrong: [{ valueList: 1 }, { type: "ListProperty", value: [1] }],
  },
  {
    kind: "ListRelationship",
    clauses: "(4.5.22.2, 4.5.22.3, 5.2.37)",
    normalized: { type: "ListRelationship", objectList: [{ object: "urn:a:2" }, { object: "urn:a:1" }] },
    concise: { objectList: ["urn:a:2", "urn:a:1"] },
    simplified: ["urn:a:2", "urn:a:1"],
    wrong: [{ objectList: "urn:a" }, { objectList: ["no uri"] }, { objectList: [{ value: 1 }] }],
  },
  {
    kind: "JsonProperty",
    clauses: "(4.5.24.2, 4.5.24.3, 5.2.38)",
    normalized: { type: "JsonProperty", json: { id: null, "@type": ["x", { type: "Property" }] } },
    concise: { json: { id: null, "@type": ["x", { type: "Property" }] } },
    simplified: { json: { id: null, "@type": ["x", { type: "Property" }] } },
    wrong: [{ type: "JsonProperty" }, { type: "JsonProperty", value: {} }],
  },
];

describe("NGSI-LD API: kinds of attribute (4.2.2, 4.5.2.2, 4.5.2.3, 4.5.3.2, 4.5.3.3, 4.5.18.2, 4.5.18.3, 4.5.20.2, 4.5.20.3, 4.5.21.2, 4.5.21.3, 4.5.22.2, 4.5.22.3, 4.5.24.2, 4.5.24.3, 4.6.5, 4.7.3, 5.2.5 to 5.2.7, 5.2.32, 5.2.35 to 5.2.38)", () => {
  let hub: NgsiHub;
  let count = 0;

  before(async () => {
    hub = await startNgsiHub();
  });
  after(() => hub.stop());

  const make = async (attributes: Record<string, unknown>): Promise<string> => {
    const id = `urn:ngsi-ld:Thing:${++count}`;
    const made = await hub.call("POST", "/entities", { id, type: "Thing", ...attributes });
    expect(made.status, await made.text()).to.equal(201);
    return id;
  };
  const show = async (id: string, query = ""): Promise<Record<string, unknown>> =>
    (await (await hub.call("GET", `/entities/${id}${query}`)).json()) as Record<string, unknown>;

  for (const { kind, clauses, normalized, concise, simplified, wrong } of KINDS) {
    it(`a ${kind} is taken and shown normalized, concise and simplified, with what it says of itself ${clauses}`, async () => {
      const id = await make({ a: { ...normalized, ...COMMON }, b: concise });
      const whole = await show(id);
      expect(whole.a).to.deep.equal({ ...normalized, ...COMMON });
      expect(whole.b).to.deep.equal(normalized);
      const short = await show(id, "?format=concise");
      expect(short.a).to.deep.include(CONCISE_COMMON);
      if (kind !== "GeoProperty") expect(short.b).to.deep.equal(concise);
      expect((await show(id, "?options=keyValues")).b).to.deep.equal(simplified);
      const again = await make({ a: short.a, b: short.b });
      expect((await show(again)).b, "what is shown concisely means the same").to.deep.equal(whole.b);
      expect((await show(again)).a).to.deep.equal(whole.a);
    });

    it(`a ${kind} with another content is bad data ${clauses}`, async () => {
      for (const body of wrong) {
        const refused = await hub.call("POST", "/entities", { id: "urn:w", type: "Thing", a: body });
        expect(refused.status, JSON.stringify(body)).to.equal(400);
        expect(((await refused.json()) as { type: string }).type).to.match(/BadRequestData$/);
      }
    });
  }

  it("instances of one attribute are told apart by datasetId, each changed by itself (4.5.5.1)", async () => {
    const id = await make({
      a: [
        { type: "Property", value: 1 },
        { type: "Property", value: 2, datasetId: "urn:d:2" },
      ],
    });
    const patch = await hub.call("PATCH", `/entities/${id}/attrs/a`, { value: 3, datasetId: "urn:d:2" });
    expect(patch.status).to.equal(204);
    expect((await show(id, "?datasetId=urn:d:2&options=keyValues")).a).to.deep.equal({ dataset: { "urn:d:2": 3 } });
    expect((await show(id, "?datasetId=@none")).a).to.deep.equal({ type: "Property", value: 1 });
    expect((await hub.call("DELETE", `/entities/${id}/attrs/a`)).status).to.equal(204);
    expect((await show(id)).a).to.deep.equal({ type: "Property", value: 3, datasetId: "urn:d:2" });
    const twice = { id: "urn:w", type: "T", a: [{ value: 1, datasetId: "@none" }, { value: 2 }] };
    expect((await hub.call("POST", "/entities", twice)).status).to.equal(400);
    expect((await hub.call("DELETE", `/entities/${id}/attrs/a?deleteAll=true`)).status).to.equal(204);
    expect(await show(id)).not.to.have.property("a");
  });

  it("an entity has id, types, scopes and attributes; @id and @type are read, id and type written (4.4, 4.5.1, 4.16, 4.18, 5.2.4)", async () => {
    const entity = { "@id": "urn:ngsi-ld:Thing:at", "@type": ["Thing", "Other"], scope: ["/A/B", "C"], a: 1 };
    expect((await hub.call("POST", "/entities", entity)).status).to.equal(201);
    expect(await show("urn:ngsi-ld:Thing:at")).to.deep.equal({
      id: "urn:ngsi-ld:Thing:at",
      type: ["Thing", "Other"],
      scope: ["/A/B", "C"],
      a: { type: "Property", value: 1 },
    });
    const more = { type: "Third", b: 2 };
    expect((await hub.call("POST", "/entities/urn:ngsi-ld:Thing:at/attrs", more)).status).to.equal(204);
    expect((await show("urn:ngsi-ld:Thing:at")).type).to.deep.equal(["Thing", "Other", "Third"]);
  });

  it("is a Feature with its attributes as properties, several a FeatureCollection (4.5.16.2, 4.5.16.3, 4.5.17.1, 4.5.17.2, 5.2.29 to 5.2.31, 6.3.15)", async () => {
    const id = await make({ location: { value: POINT }, a: 1 });
    const headers = { accept: "application/geo+json" };
    const get = async (path: string) =>
      (await (await hub.call("GET", path, undefined, headers)).json()) as Record<string, unknown>;
    const { "@context": context, ...feature } = await get(`/entities/${id}`);
    expect(context).to.be.a("string");
    expect(feature).to.deep.equal({
      id,
      type: "Feature",
      geometry: POINT,
      properties: { type: "Thing", location: { type: "GeoProperty", value: POINT }, a: { type: "Property", value: 1 } },
    });
    expect((await get(`/entities/${id}?format=simplified`)).properties).to.deep.equal({
      type: "Thing",
      location: POINT,
      a: 1,
    });
    const collection = await get(`/entities?id=${id}&type=Thing&options=keyValues`);
    expect(Object.keys(collection)).to.deep.equal(["type", "features", "@context"]);
    expect(collection.features).to.deep.equal([
      { id, type: "Feature", geometry: POINT, properties: { type: "Thing", location: POINT, a: 1 } },
    ]);
  });

  it("a geometry may come as its text, and is shown as an object (4.7.1, 4.7.2)", async () => {
    const id = await make({ location: { type: "GeoProperty", value: JSON.stringify(POINT) } });
    expect((await show(id)).location).to.deep.equal({ type: "GeoProperty", value: POINT });
    const plain = { id: "urn:w", type: "T", location: { type: "Property", value: "Bern" } };
    expect((await hub.call("POST", "/entities", plain)).status).to.equal(400);
  });
});
