import { always, type Cell, everyLinked, gone, type RuleOperation } from "./rule-operations.ts";
import type { Asset, PerState } from "./rule-plant.ts";

const api = "/ngsi-ld/v1";
const among = (unlinked: Cell): PerState<Cell> => everyLinked([207, "old", 0], unlinked);
const purge = (more: string) => (asset: Asset) => `${api}/entities?type=Tank&id=${asset.entity}${more}`;
const batch = (name: string) => () => `${api}/entityOperations/${name}`;
const note = (asset: Asset) => `${api}/entities/${asset.entity}/attrs/note`;
const property = (value: unknown) => ({ type: "Property", value });
const nothing = "urn:ngsi-ld:null";

const past =
  (more = "") =>
  (asset: Asset) =>
    `${api}/temporal/entities/${asset.entity}${more}`;
const instance = (value: unknown) => ({ ...property(value), observedAt: "2020-01-01T00:00:00Z" });
const unknown = "/attrs/level/urn:ngsi-ld:Instance:0-0-0";

type Row = readonly [
  name: string,
  method: string,
  path: RuleOperation["path"],
  body: RuleOperation["body"],
  expected: PerState<Cell>,
];

const rows: readonly Row[] = [
  ["a purge of the entity", "DELETE", purge(""), undefined, among(gone)],
  ["a purge of the attribute", "DELETE", purge("&drop=level"), undefined, among(gone)],
  ["a purge of all but the attribute", "DELETE", purge("&keep=level"), undefined, always(204)],
  ["a batch merge of null", "POST", batch("merge"), ({ entity }) => [{ id: entity, level: nothing }], among(gone)],
  [
    "a batch update without overwriting",
    "POST",
    batch("update?options=noOverwrite"),
    ({ entity }, value) => [{ id: entity, type: "Tank", level: property(value) }],
    always(207),
  ],
  [
    "a batch merge of another attribute",
    "POST",
    batch("merge"),
    ({ entity }) => [{ id: entity, note: property("m") }],
    always(204),
  ],
  ["an attribute without a link", "PUT", note, () => property("other"), always(204)],
  ["an attribute without a link", "PATCH", note, () => ({ value: "other" }), always(204)],
  [
    "another kind of attribute in a batch",
    "POST",
    batch("update"),
    ({ entity }) => [{ id: entity, type: "Tank", level: { type: "Relationship", object: "urn:ngsi-ld:Other:1" } }],
    among(gone),
  ],
  [
    "another instance of it",
    "DELETE",
    (asset) => `${api}/entities/${asset.entity}/attrs/level?datasetId=urn:test:none`,
    undefined,
    everyLinked([404, "old", 0], [404, "old", 0]),
  ],
  // Rule 12: the past is written beside the present.
  [
    "an instance in the past",
    "POST",
    () => `${api}/temporal/entities`,
    ({ entity }, value) => ({ id: entity, type: "Tank", level: [instance(value)] }),
    always(204),
  ],
  ["an instance of it in the past", "POST", past("/attrs"), (_, value) => ({ level: [instance(value)] }), always(204)],
  ["an instance that is not there", "PATCH", past(unknown), (_, value) => instance(value), always(404)],
  ["an instance that is not there", "DELETE", past(unknown), undefined, always(404)],
  ["its past", "DELETE", past("/attrs/level"), undefined, always(204)],
  ["the past of the entity", "DELETE", past(), undefined, always(204)],
];

/** Further operations of the NGSI-LD API: purges, the past, batches, and what stands beside a leaf. */
export const ngsiLdOperations: readonly RuleOperation[] = rows.map(([name, method, path, body, expected]) => ({
  api: "ngsi-ld",
  name,
  method,
  path,
  expected,
  ...(body === undefined ? {} : { body }),
}));

/** Operations of the NGSI-LD API that are not GET and cannot come near a leaf, by what their paths begin with. */
export const ngsiLdWithoutLeaves: Readonly<Record<string, string>> = {
  "/subscriptions": "Subscriptions tell of leaves and change none.",
  "/jsonldContexts": "Contexts are words.",
  "/entityMaps": "An entity map holds ids.",
  "/temporal/entityMaps": "As any entity map.",
  "/entityOperations/query": "A query changes nothing.",
  "/temporal/entityOperations/query": "A query changes nothing.",
};
