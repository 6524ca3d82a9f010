import { expect } from "chai";
import fc from "fast-check";
import jsonld from "jsonld";
import { HubError } from "../../src/core/errors.ts";
import { ContextFetcher } from "../../src/ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../../src/ngsi-ld/context/context-library.ts";
import { Contexts } from "../../src/ngsi-ld/context/contexts.ts";
import { isPlainContext } from "../../src/ngsi-ld/context/definitions-by-jsonld.ts";
import { documentOf, partOf, storedEntity } from "../../src/ngsi-ld/entity/entity-document.ts";
import { leafMap } from "../../src/ngsi-ld/entity/entity-state.ts";
import { defaultQualityNames } from "../../src/ngsi-ld/entity/live-attribute.ts";
import { parseEntity } from "../../src/ngsi-ld/entity/parse-entity.ts";
import { EntityRenderer, plainView } from "../../src/ngsi-ld/entity/render-entity.ts";
import type { Json, JsonObject } from "../../src/ngsi-ld/json/json.ts";
import { CORE_CONTEXT_URL } from "../../src/ngsi-ld/vocabulary.ts";
import { CONTEXTS } from "../northbound/ngsi-ld/ngsi-hub.ts";

const term = fc.constantFrom(
  "speed",
  "owner",
  "colour",
  "Car",
  "Bus",
  "p:speed",
  "p:other",
  "q:thing",
  "plain",
  "deep",
);
const iri = fc.constantFrom("https://a.example/x", "https://a.example/y#z", "urn:c:speed", "https://p.example/speed");
const plainDefinition = fc.oneof(
  iri,
  iri.map((id) => ({ "@id": id })),
  fc.constantFrom("p:speed", "p:far"),
);
/** What the compiled way leaves to the jsonld package. */
const rareDefinition = fc.oneof(
  iri.map((id) => ({ "@id": id, "@protected": true })),
  iri.map((id) => ({ "@id": id, "@nest": "@nest" })),
  iri.map((id) => ({ "@id": id, "@protected": false })),
);
const contextOf = (definition: fc.Arbitrary<Json>): fc.Arbitrary<JsonObject> =>
  fc
    .dictionary(fc.constantFrom("speed", "owner", "colour", "Car", "deep"), definition, { maxKeys: 4 })
    .map((terms) => ({ p: "https://p.example/", q: { "@id": "https://q.example/", "@prefix": true }, ...terms }));

const subAttribute = fc.oneof(
  fc.integer().map((value): JsonObject => ({ type: "Property", value })),
  fc.constant<JsonObject>({ type: "Relationship", object: "urn:ngsi-ld:Person:a" }),
);
const attribute = fc
  .tuple(
    fc.oneof(
      subAttribute,
      fc.constant<JsonObject>({ type: "LanguageProperty", languageMap: { en: "home", fr: "maison" } }),
      term.map((vocab): JsonObject => ({ type: "VocabProperty", vocab })),
      fc.constant<JsonObject>({ type: "JsonProperty", json: { speed: [1, { Car: true }] } }),
      fc.constant<JsonObject>({ type: "ListProperty", valueList: [1, 2, 3] }),
      fc.constant<JsonObject>({
        type: "GeoProperty",
        value: { type: "Point", coordinates: [8.5, 47.4] },
        observedAt: "2026-01-01T00:00:00Z",
      }),
      term.map((objectType): JsonObject => ({ type: "Relationship", object: "urn:ngsi-ld:Person:b", objectType })),
    ),
    fc.dictionary(fc.constantFrom("owner", "colour", "p:other"), subAttribute, { maxKeys: 2 }),
  )
  .map(([body, subs]): JsonObject => ({ ...body, ...subs }));
const entity = fc
  .tuple(
    fc.uniqueArray(term, { minLength: 1, maxLength: 2 }),
    fc.dictionary(term, attribute, { minKeys: 1, maxKeys: 5 }),
  )
  .map(([type, attributes]): JsonObject => ({ id: "urn:ngsi-ld:Car:1", type, ...attributes }));

describe("Entities through term tables, beside the jsonld package (4.4, 5.5.7)", () => {
  const renderer = new EntityRenderer(defaultQualityNames);
  let contexts: Contexts;
  let core: JsonObject;

  before(async () => {
    const library = await loadContextLibrary([CONTEXTS]);
    // The one core term whose scoped context lies elsewhere, on a server that tests do not ask.
    const { ngsildproof: _proof, ...rest } = library.core(CORE_CONTEXT_URL) ?? {};
    core = rest;
    const nobody = { get: () => Promise.reject(new HubError("unreachable", "nobody there")) };
    const clock = { now: () => 0 };
    contexts = new Contexts({ library, fetcher: new ContextFetcher(nobody, clock), clock, ownBase: "https://h.ex/" });
  });

  /** What a document means, order apart. */
  const meaning = async (document: JsonObject, context: JsonObject): Promise<unknown> => {
    const whole = { ...document, "@context": [context, core] } as unknown as jsonld.JsonLdDocument;
    return jsonld.canonize(whole, { algorithm: "URDNA2015", format: "application/n-quads" });
  };

  const holds = async (context: JsonObject, document: JsonObject): Promise<void> => {
    const { table } = await contexts.resolve(context);
    let parsed: ReturnType<typeof parseEntity>;
    try {
      parsed = parseEntity(document, table);
    } catch (thrown) {
      // Two terms of one context that mean the same attribute.
      if (HubError.from(thrown).message.includes("twice")) return;
      throw thrown;
    }
    const at = { createdAt: 0, modifiedAt: 0, version: 1, ordinal: 1 };
    const parts = parsed.attributes.map((one) => ({ ...partOf(one), ...at, linked: false }));
    const row = { ...documentOf(parsed), ...at } as unknown as Parameters<typeof storedEntity>[0];
    const stored = storedEntity(row, parts as unknown as Parameters<typeof storedEntity>[1]);
    const state = { entity: stored, live: leafMap([]), modifiedAt: 0, at: 0 };
    const shown = renderer.render(state, plainView(), table);
    expect(await meaning(shown, context)).to.equal(await meaning(document, context));
    expect(await meaning(shown, context)).to.equal(await meaning(document, context));
  };

  it("mean the same after being read and shown, in contexts that are compiled", async () => {
    await fc.assert(
      fc.asyncProperty(contextOf(plainDefinition), entity, async (context, document) => {
        expect(isPlainContext(context)).to.equal(true);
        await holds(context, document);
      }),
      { numRuns: 60 },
    );
  });

  it("mean the same in contexts that the jsonld package works out", async () => {
    await fc.assert(
      fc.asyncProperty(contextOf(rareDefinition), entity, async (context, document) => {
        fc.pre(!isPlainContext(context));
        await holds(context, document);
      }),
      { numRuns: 40 },
    );
  });

  it("imports terms below a context's own, and refuses what cannot be imported", async () => {
    const written = { "@import": `https://h.ex/pump-station.jsonld`, pressure: "urn:own:pressure" };
    const { table } = await contexts.resolve(written);
    expect(table.expand("pressure")).to.equal("urn:own:pressure");
    for (const wrong of [{ "@import": 7 }, { "@import": "https://h.ex/ngsi-ld-core-context-v9.jsonld" }]) {
      const error = await contexts.resolve(wrong as unknown as Json).catch((thrown: unknown) => HubError.from(thrown));
      expect(error).to.be.instanceOf(HubError);
    }
  });

  it("refuses in the rare kind of context what it refuses in the plain one (5.5.7)", async () => {
    for (const definition of [{ "@id": "urn:a", "@context": {} }, { "@reverse": "urn:a" }, { "@id": 7 }]) {
      const wrong = { "@protected": true, term: definition };
      const error = await contexts.resolve(wrong as unknown as Json).catch((thrown: unknown) => HubError.from(thrown));
      expect(error, JSON.stringify(definition)).to.include({ code: "invalid" });
    }
  });
});
