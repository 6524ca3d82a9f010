import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import type { Filter } from "../../../src/core/filter.ts";
import type { Link } from "../../../src/core/link.ts";
import type { Attribute } from "../../../src/ngsi-ld/entity/entity.ts";
import { documentOf, partOf, storedEntity } from "../../../src/ngsi-ld/entity/entity-document.ts";
import type { EntityState } from "../../../src/ngsi-ld/entity/entity-state.ts";
import { defaultQualityNames } from "../../../src/ngsi-ld/entity/live-attribute.ts";
import { compileEntityFilter, type JudgedEntity, judged } from "../../../src/ngsi-ld/query/entity-predicate.ts";
import { parseGeoQuery } from "../../../src/ngsi-ld/query/parse-geo-query.ts";
import { parseQuery } from "../../../src/ngsi-ld/query/parse-query.ts";
import { parseScopeQuery } from "../../../src/ngsi-ld/query/parse-scope-query.ts";
import { parseTypeSelection, typeFilter } from "../../../src/ngsi-ld/service/type-selection.ts";
import type { SqliteStore } from "../../../src/store/sqlite/sqlite-store.ts";
import { commit, sample } from "../../contract/store/store-fixture.ts";
import { openStore, testFolder } from "../../store/store-test-kit.ts";

const names = { expand: (name: string): string => `https://example.org/${name}`, quality: defaultQualityNames.quality };
const ENTITIES = 120;
const LINKED = 12;

/** Values that meet those of the queries often, of every type that they can be confused with. */
const scalar = fc.constantFrom<unknown>(
  0,
  -1,
  1.5,
  2,
  20,
  "2",
  "red",
  "blue",
  "Ünique",
  "\u{1f600}",
  "x".repeat(70),
  true,
  false,
  "2026-01-01T00:00:00Z",
  "2026-01-01T00:00:00.5Z",
  "2026-01-01",
  "12:00:00Z",
);
const place = fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })).map(([x, y]) => [x, y]);
const square = place.map(([x = 0, y = 0]) => [
  [
    [x, y],
    [x + 2, y],
    [x + 2, y + 2],
    [x, y + 2],
    [x, y],
  ],
]);
const geometry = fc.oneof(
  place.map((coordinates) => ({ type: "Point", coordinates })),
  square.map((coordinates) => ({ type: "Polygon", coordinates })),
  fc.tuple(place, place).map((coordinates) => ({ type: "MultiPoint", coordinates })),
  fc
    .tuple(place, place)
    .filter(([one, other]) => String(one) !== String(other))
    .map((coordinates) => ({ type: "LineString", coordinates })),
);
const uri = fc.integer({ min: 0, max: ENTITIES + 5 }).map((index) => `urn:e:${index}`);
const body = fc.oneof(
  scalar.map((value) => ({ type: "Property", value })),
  fc.array(scalar, { minLength: 1, maxLength: 3 }).map((value) => ({ type: "Property", value })),
  scalar.map((value) => ({ type: "Property", value: { city: value } })),
  scalar.map((value) => ({ type: "Property", value: { "@type": "DateTime", "@value": value } })),
  fc.array(scalar, { maxLength: 3 }).map((valueList) => ({ type: "ListProperty", valueList })),
  scalar.map((value) => ({ type: "JsonProperty", json: { city: value } })),
  fc.constantFrom("red", "blue").map((en) => ({ type: "LanguageProperty", languageMap: { en, fr: ["x", en] } })),
  uri.map((object) => ({ type: "Relationship", object })),
  fc.array(uri, { minLength: 1, maxLength: 2 }).map((object) => ({ type: "Relationship", object })),
  scalar.map((value) => ({
    type: "Property",
    value: 2,
    observedAt: "2026-01-01T00:00:00Z",
    [names.expand("b")]: { type: "Property", value },
  })),
);
const attributes = fc
  .record({ a: body, b: body, a2: body, location: geometry }, { requiredKeys: [] })
  .map(({ a, b, a2, location }): readonly Attribute[] => {
    const of = (name: string, datasetId: string | undefined, one: unknown): readonly Attribute[] =>
      one === undefined ? [] : [{ name: names.expand(name), datasetId, body: one as Attribute["body"] }];
    const geo = location === undefined ? undefined : { type: "GeoProperty", value: location };
    return [
      ...of("a", undefined, a),
      ...of("b", undefined, b),
      ...of("a", "urn:d:1", a2),
      ...of("location", undefined, geo),
    ];
  });
const entity = fc.record({
  types: fc.constantFrom(["A"], ["B"], ["A", "B"]).map((types) => types.map(names.expand)),
  scope: fc.constantFrom<readonly string[]>([], ["/x"], ["/x/y", "/z"]),
  attributes,
});

const operand = fc.constantFrom(
  "2",
  "1.5",
  "20",
  '"2"',
  '"red"',
  '"Ünique"',
  `"${"x".repeat(70)}"`,
  "2026-01-01T00:00:00Z",
  "2026-01-01",
  "12:00:00Z",
  "urn:e:1",
  "urn:e:7",
);
const path = fc.constantFrom(
  "a",
  "b",
  "a.b",
  "a[city]",
  "b[en]",
  "b[*]",
  "a.observedAt",
  "a.modifiedAt",
  "createdAt",
  "scope",
);
const comparison = fc.oneof(
  path,
  fc
    .tuple(path, fc.constantFrom("==", "!="), fc.oneof(operand, fc.constantFrom("true", "false")))
    .map((all) => all.join("")),
  fc.tuple(path, fc.constantFrom(">", ">=", "<", "<="), operand).map((all) => all.join("")),
  fc.tuple(path, fc.constantFrom("==", "!="), operand, fc.constantFrom(",", ".."), operand).map((all) => all.join("")),
  fc.tuple(path, fc.constantFrom("~=", "!~="), fc.constantFrom('"^r"', '"e"', '"^2026"')).map((all) => all.join("")),
);
const linkedComparison = fc
  .tuple(fc.constantFrom("a", "b"), fc.constantFrom("", "A:", "A,B:"), fc.constantFrom("a", "b"), operand)
  .map(([one, hint, other, value]) => `${one}{${hint}${other}}==${value}`);
const q = fc
  .array(fc.tuple(fc.oneof(comparison, linkedComparison), fc.constantFrom(";", "|")), { minLength: 1, maxLength: 4 })
  .map((terms) => terms.map(([term, operator], index) => (index === 0 ? term : `${operator}${term}`)).join(""))
  .map((text) => parseQuery(text, { ...names, joinDepth: 1 }).filter);
const georel = fc.constantFrom(
  "within",
  "contains",
  "intersects",
  "equals",
  "disjoint",
  "overlaps",
  "near;maxDistance==150000",
  "near;minDistance==300000",
);
const geoQ = fc
  .tuple(georel, geometry)
  .map(([relation, to]) =>
    parseGeoQuery({ georel: relation, geometry: to.type, coordinates: JSON.stringify(to.coordinates) }, names),
  );
const typed = fc.constantFrom("A", "(A;B)", "A|B").map((text) => typeFilter(parseTypeSelection(text, names.expand)));
const scoped = fc.constantFrom("/x", "/#", "/x/#", "(/x/y;/z)").map(parseScopeQuery);
const condition = fc
  .array(fc.oneof(q, q, geoQ, typed, scoped), { minLength: 1, maxLength: 3 })
  .map((of): Filter => (of.length === 1 ? (of[0] as Filter) : { kind: "all", of }));

describe("a query of entities (4.9, 4.10, 4.17, 4.19)", () => {
  const directory = testFolder();
  const entities = new Map<string, JudgedEntity>();
  let store: SqliteStore;

  before(async () => {
    store = await openStore(join(directory, "queries.sqlite"), { synchronous: "OFF" });
    const made = fc.sample(entity, { numRuns: ENTITIES, seed: 5 });
    const values = fc.sample(scalar, { numRuns: ENTITIES, seed: 6 });
    for (const [index, { attributes: own, ...head }] of made.entries()) {
      const id = `urn:e:${index}`;
      const isLinked = index < LINKED;
      const link: Attribute = { name: names.expand("a"), datasetId: "urn:d:live", body: { type: "Property" } };
      const parts = [...own, ...(isLinked ? [link] : [])].map(partOf);
      const document = documentOf({ id, ...head, expiresAt: undefined });
      await commit(store, [{ mutations: [{ kind: "document.put", collection: "entity", document, parts }] }], 1_000);
      const key = parts.at(-1)?.key ?? "";
      if (isLinked) await showSignal(id, key, values[index] as string);
      entities.set(id, judged(await stateOf(id, isLinked ? key : undefined), defaultQualityNames));
    }
  });
  after(() => store.close());

  async function showSignal(id: string, part: string, value: string): Promise<void> {
    const [series = 0] = await store.series.ensure([`${id} ${part}`], 1_000);
    const leaf = { collection: "entity", document: id, part } as const;
    await store.series.address(new Map([[series, [leaf]]]), 1_000, { linked: true });
    await commit(store, [{ samples: [sample(series, value)] }], 2_000);
  }

  /** As a reader of entities sees it, with its signal from the store. */
  async function stateOf(id: string, live: string | undefined): Promise<EntityState> {
    const row = await store.documents.get("entity", id);
    if (row === undefined) throw new Error(`${id} is not there`);
    const stored = storedEntity(row, await store.documents.parts("entity", id));
    const series = live === undefined ? [] : await store.series.ensure([`${id} ${live}`], 1_000);
    const [signal] = await store.series.signals(series);
    const leaf = { part: live ?? "", link: {} as Link, signal };
    return {
      entity: stored,
      live: new Map(live === undefined ? [] : [[live, leaf]]),
      modifiedAt: Math.max(row.modifiedAt, signal?.modifiedAt ?? 0),
      at: 3_000,
    };
  }

  it("finds in the store what the judge of a single entity lets pass, whole, in pages and counted", async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (filter) => {
        const passes = compileEntityFilter(filter);
        const expected = [...entities.values()]
          .filter((one) => passes(one, (id) => entities.get(id)))
          .map(({ id }) => id);
        const whole = await store.documents.list("entity", filter, { limit: 1_000, count: true });
        expect(whole.items.map(({ id }) => id)).to.deep.equal(expected);
        expect(whole.total).to.equal(expected.length);
        const page = await store.documents.list("entity", filter, { limit: 3, offset: 2 });
        expect(page.items.map(({ id }) => id)).to.deep.equal(expected.slice(2, 5));
        expect(page.next !== undefined).to.equal(expected.length > 5);
      }),
      { numRuns: 400, seed: 42 },
    );
  }).timeout(60_000);
});
