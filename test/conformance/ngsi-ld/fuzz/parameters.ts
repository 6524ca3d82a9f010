import fc from "fast-check";
import { ids, mostly, names, oneOf, times, types } from "./arbitrary.ts";

const queries = [
  ...["a", "a==1", "a>1;b<2|a!=3", "a~=.*", "a~=(((", "a==1..2", 'a=="x"', "a[b.c]==1", "a{b}", "((((", "a==", "!a"],
  ...["a~=^(a+)+$", `${"(".repeat(200)}a`, "createdAt>2020-01-01T00:00:00Z", "a.observedAt<2030-01-01T00:00:00Z"],
];
const points = ["[1,2]", "[[1,2],[3,4]]", "[", "[1e400,2]", '["x"]', "[[[0,0],[0,1],[1,1],[0,0]]]", "[]"];

/** Values for parameters by their names; any other gets any of all. */
const values: Readonly<Record<string, readonly string[]>> = {
  ...{ type: types, q: queries, csf: queries, id: ids, datasetId: ids, timeAt: times, endTimeAt: times },
  ...{ idPattern: [".*", "(((", "^(a+)+$", "urn:x:[0-9]"], coordinates: points, geoproperty: names },
  ...{ scopeQ: ["/A", "/A/#", "/A,/B", "((", "/+/", "#", "/A;/B|/C"], attrs: names, pick: names, omit: names },
  ...{ georel: ["near;maxDistance==10", "near;minDistance==-1", "within", "intersects", "at", "near", ""] },
  ...{ geometry: ["Point", "Polygon", "LineString", "MultiPoint", "GeometryCollection", "X"] },
  ...{ limit: ["0", "1", "-1", "1001", "1e3", "x"], offset: ["0", "5", "-1", "99999999999"], count: ["true", "1"] },
  ...{ options: ["keyValues", "concise", "sysAttrs", "noOverwrite", "update", "x", "temporalValues"] },
  ...{ format: ["simplified", "concise", "normalized", "temporalValues", "aggregatedValues", "x"] },
  ...{ lang: ["en", "*", "de;q=0.5,en", "x;q=2", ""], orderBy: ["a", "a;desc", "id", "a;x", "location;dist-asc"] },
  ...{ timerel: ["before", "after", "between", "x"], timeproperty: ["observedAt", "modifiedAt", "deletedAt", "x"] },
  ...{ lastN: ["1", "0", "-1", "x", "99999999999999"], aggrMethods: ["min", "min,max,sum,avg", "x", "totalCount"] },
  ...{ aggrPeriodDuration: ["PT1H", "PT0S", "P1Y", "x", "PT0.001S"], join: ["inline", "flat", "x"] },
  ...{ joinLevel: ["1", "3", "0", "-1", "99999"], local: ["true", "false", "x"], details: ["true", "x"] },
  ...{ deleteAll: ["true", "x"], kind: ["Hosted", "Cached", "x"], keep: names, drop: names, entityMap: ["true", "x"] },
};
export const parameterNames = [
  ...Object.keys(values),
  ...["containedBy", "geometryProperty", "observedAt", "collation", "unknown"],
];
const everyValue = [...new Set(Object.values(values).flat())];

const geo = ["georel", "geometry", "coordinates", "geoproperty"];
const selecting = ["id", "type", "idPattern", "attrs", "q", "csf", "scopeQ", "local", ...geo];
const viewing = ["pick", "omit", "options", "format", "lang", "datasetId", "join", "joinLevel", "geometryProperty"];
const paging = ["limit", "offset", "count"];
const temporal = ["timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "aggrMethods", "aggrPeriodDuration"];
/** What operations know, by what their routes begin with; the first that fits. */
const known: readonly (readonly [start: RegExp, parameters: readonly string[]])[] = [
  [/^GET \/temporal\/entities\/\{/, ["pick", "omit", "attrs", "format", "options", "lang", ...temporal]],
  [/^GET \/temporal/, [...selecting, "pick", "omit", "format", "options", "lang", ...paging, ...temporal]],
  [/^POST \/temporal\/entityOperations/, ["options", "format", ...paging]],
  [/^GET \/entities\/\{/, viewing],
  [/^GET \/entit/, [...selecting, ...viewing, ...paging, "orderBy", "entityMap"]],
  [/^POST \/entityOperations\/query/, ["options", "format", ...paging]],
  [/^DELETE \/entities$/, [...selecting, "keep", "drop"]],
  [/^GET \/(?:types|attributes)/, ["details", ...paging]],
  [/^GET \/(?:subscriptions|jsonldContexts)/, ["details", "kind", ...paging]],
  [/^DELETE/, ["type", "datasetId", "deleteAll"]],
  [/^\w+ \/(?:subscriptions|jsonldContexts|entityMaps)/, ["options"]],
  [/./, ["options", "type", "format", "lang", "observedAt", "local"]],
];

/** What a query is refused without. */
const needed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "GET /entities": { type: "T" },
  "GET /entityMaps": { type: "T" },
  "DELETE /entities": { type: "U" },
  "GET /temporal/entities": { type: "T", timerel: "after", timeAt: "2020-01-01T00:00:00Z" },
  "GET /temporal/entityMaps": { type: "T", timerel: "after", timeAt: "2020-01-01T00:00:00Z" },
};

/** Parameters of an operation, such as `GET /entities`: mostly its own, with what they are for. */
export function parametersOf(route: string): fc.Arbitrary<URLSearchParams> {
  const own = known.find(([start]) => start.test(route))?.[1] ?? parameterNames;
  const parameter = mostly(oneOf(...own), oneOf(...parameterNames), 40).chain((name) =>
    fc.tuple(fc.constant(name), mostly(oneOf(...(values[name] ?? everyValue)), fc.string({ maxLength: 40 }), 20)),
  );
  const some = fc.uniqueArray(parameter, { maxLength: 3, selector: ([name]) => name });
  return some.map((chosen) => new URLSearchParams({ ...needed[route], ...Object.fromEntries(chosen) }));
}
