import fc from "fast-check";
import { ids, mostly, names, oneOf, types } from "./arbitrary.ts";
import { parameterNames } from "./parameters.ts";

const members = [
  ...["type", "value", "object", "languageMap", "vocab", "json", "valueList", "objectList", "datasetId", "observedAt"],
  ...["unitCode", "expiresAt", "objectType", "b", "__proto__", "createdAt", "previousValue", "quality"],
];
const geometry = fc.constantFrom<unknown>(
  { type: "Point", coordinates: [1, 2] },
  { type: "Polygon", coordinates: [] },
  { type: "Point", coordinates: ["x"] },
  '{"type":"Point","coordinates":[1,2]}',
);
const plain: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(1, "x", true, null, "urn:ngsi-ld:null", [], {}, [null], -1.5, 1e308, "", { "@value": 1 }),
  geometry,
  fc.jsonValue({ maxDepth: 3 }),
);

/** Attributes as they should be, a kind each. */
const good = fc.constantFrom<object>(
  { type: "Property", value: 1, unitCode: "CEL", observedAt: "2026-01-01T00:00:00Z" },
  { type: "Property", value: { deep: [{ er: true }] }, b: { type: "Property", value: "x" } },
  { type: "Property", value: "2026-01-01T00:00:00Z", expiresAt: "2999-01-01T00:00:00Z" },
  { type: "Relationship", object: "urn:x:2", objectType: "T" },
  { type: "Relationship", object: ["urn:x:1", "urn:x:2"] },
  { type: "LanguageProperty", languageMap: { en: "x", "@none": "y" } },
  { type: "VocabProperty", vocab: "T" },
  { type: "ListProperty", valueList: [1, [2]] },
  { type: "ListRelationship", objectList: ["urn:x:1"] },
  { type: "JsonProperty", json: { "@id": 1 } },
  { type: "GeoProperty", value: { type: "Point", coordinates: [1, 2] } },
  { value: 3 },
);
const bent = fc
  .tuple(good, fc.dictionary(fc.constantFrom(...members), plain, { maxKeys: 2 }))
  .map(([attribute, more]) => ({ ...attribute, ...more }));
const attribute: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 12, arbitrary: good },
  { weight: 2, arbitrary: bent },
  { weight: 1, arbitrary: plain },
);
const fragment = fc.dictionary(
  mostly(oneOf("a", "b", "c"), oneOf(...names), 20),
  mostly<unknown>(attribute, fc.array(attribute, { maxLength: 3 })),
  { maxKeys: 4 },
);
const entity: fc.Arbitrary<unknown> = fc
  .tuple(
    mostly(oneOf("urn:x:1", "urn:x:2", "urn:x:3"), oneOf(...ids), 30),
    mostly<unknown>(fc.constantFrom<unknown>("T", "U", ["T", "U"]), plain, 30),
    fragment,
  )
  .map(([id, type, attributes]) => ({ id, type, ...attributes }));

const selector = mostly<object>(
  fc.constantFrom<object>({ type: "T" }, { type: "U", id: "urn:x:1" }, { type: "T", idPattern: ".*" }),
  fc.dictionary(fc.constantFrom("id", "idPattern", "type"), oneOf(...ids, ...types), { maxKeys: 3 }),
);
const selectors = fc.array(selector, { minLength: 1, maxLength: 2 });
const parts = mostly<object>(
  fc.constantFrom<object>({}, { q: "a>1" }, { attrs: ["a"] }, { geoQ: { georel: "within" } }, { scopeQ: "/A" }),
  fc.dictionary(oneOf(...parameterNames, "geoQ", "temporalQ", "aggrParams", "ordering"), plain, { maxKeys: 3 }),
  3,
);
const query = fc.tuple(selectors, parts).map(([entities, more]) => ({ type: "Query", entities, ...more }));
const temporalQ = { timerel: "after", timeAt: "2020-01-01T00:00:00Z" };
const subscription = fc
  .tuple(oneOf("urn:x:s1", "urn:x:s2"), selectors, mostly<object>(fc.constant({}), parts), parts)
  .map(([id, entities, notification, more]) => ({
    ...{ id, type: "Subscription", entities },
    ...{ notification: { endpoint: { uri: "http://127.0.0.1:9/" }, ...notification } },
    ...more,
  }));

/** Of operations by the path's end or beginning; the first that fits. */
const wanted: readonly (readonly [path: RegExp, body: fc.Arbitrary<unknown>])[] = [
  [/\/delete$/, fc.array(oneOf(...ids.slice(0, 5)), { minLength: 1, maxLength: 4 })],
  [/^\/temporal\/entity(?:Operations|Maps)/, query.map((one) => ({ temporalQ, ...one }))],
  [/\/query$|^\/entityMaps$/, query],
  [/^\/entityMaps/, fc.constantFrom<unknown>({ expiresAt: "2999-01-01T00:00:00Z" }, { expiresAt: 1 })],
  [/^\/entityOperations/, fc.array(entity, { minLength: 1, maxLength: 5 })],
  [/^\/subscriptions$/, subscription],
  [/^\/subscriptions/, parts],
  [/^\/jsonldContexts/, fc.record({ "@context": plain })],
  [/\{attrId\}$/, attribute],
  [/\/attrs$|\{instanceId\}$/, fragment],
  [/./, entity],
];
const broken = fc.oneof(oneOf("", "{", "[", "null", "[null]", '{"a":1,"a":2}', "[".repeat(100)), fc.json());

/** Bodies as the operation wants them, by its path; now and then one that it does not. */
export function bodyOf(path: string): fc.Arbitrary<string> {
  const body = wanted.find(([form]) => form.test(path))?.[1] ?? plain;
  return mostly(
    body.map((json) => JSON.stringify(json) ?? ""),
    broken,
    15,
  );
}
