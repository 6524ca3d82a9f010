import { base64url } from "./hub-fixture.ts";
import { type Asset, boxOf, entityOf, levelOf, type PerState, shellOf, submodelOf } from "./rule-plant.ts";

/** What an asset shows afterwards, in the standard that was asked: as before, what was sent, or nothing any more. */
type After = "old" | "new" | "none";
/** Status, what is shown, and how often the device was told. */
export type Cell = readonly [status: number, after: After, writes: 0 | 1];

export interface RuleOperation {
  readonly api: "aas" | "ngsi-ld";
  readonly name: string;
  readonly method: string;
  readonly path: (asset: Asset) => string;
  readonly body?: (asset: Asset, value: number) => unknown;
  readonly expected: PerState<Cell>;
  /** The linked leaf is named in the header of what stayed unchanged (rule 5), where it is linked. */
  readonly reportsKept?: true;
}

export const everyLinked = (cell: Cell, unlinked: Cell): PerState<Cell> => ({
  writable: cell,
  readOnly: cell,
  lost: cell,
  silent: cell,
  unlinked,
});

/** Rule 4 in the AAS: the device first; read-only 403; a lost source 502. */
const actuatesAas: PerState<Cell> = {
  writable: [204, "new", 1],
  readOnly: [403, "old", 0],
  lost: [502, "old", 0],
  silent: [204, "new", 1],
  unlinked: [204, "new", 0],
};
/** Rule 4 in NGSI-LD: a refusal alone is the answer. */
const actuatesNgsi: PerState<Cell> = { ...actuatesAas, readOnly: [409, "old", 0] };
/** Beside what worked, or in a batch, a refusal is a part of a 207. */
const actuatesAmong: PerState<Cell> = { ...actuatesAas, readOnly: [207, "old", 0], lost: [207, "old", 0] };
/** Rule 5: a differing value for a linked leaf is reported, never written. */
const documentAas = everyLinked([204, "old", 0], [204, "new", 0]);
const documentAlone = everyLinked([409, "old", 0], [204, "new", 0]);
const documentAmong = everyLinked([207, "old", 0], [204, "new", 0]);
/** Rules 5 and 6: what is linked stays. */
export const refusedOr = (unlinked: Cell): PerState<Cell> => everyLinked([409, "old", 0], unlinked);
export const gone: Cell = [204, "none", 0];
export const always = (status: number): PerState<Cell> => everyLinked([status, "old", 0], [status, "old", 0]);

const submodelPath = ({ submodel }: Asset): string => `/api/v3.1/submodels/${base64url(submodel)}`;
const elementPath = (element: string) => (asset: Asset) => `${submodelPath(asset)}/submodel-elements/${element}`;
const superPath = (asset: Asset): string =>
  `/api/v3.1/shells/${base64url(asset.shell)}/submodels/${base64url(asset.submodel)}`;
const shellPath = ({ shell }: Asset): string => `/api/v3.1/shells/${base64url(shell)}`;
const entityPath = ({ entity }: Asset): string => `/ngsi-ld/v1/entities/${entity}`;
const attrs = (asset: Asset): string => `${entityPath(asset)}/attrs`;
const attribute = (asset: Asset): string => `${attrs(asset)}/level`;
const batch = (name: string) => () => `/ngsi-ld/v1/entityOperations/${name}`;
const at = (path: (asset: Asset) => string, more: string) => (asset: Asset) => path(asset) + more;

const property = (value: unknown) => ({ type: "Property", value });
const level = (value: number) => ({ level: property(value) });
const withLevel = (asset: Asset, value: number) => entityOf(asset, level(value));
const relation = { type: "Relationship", object: "urn:ngsi-ld:Other:1" };
const wholeBox = (_: Asset, value: number) => boxOf([levelOf(value)]);
const wholeSubmodel = (asset: Asset, value: number) => submodelOf(asset, [levelOf(value)]);

type Row = readonly [
  name: string,
  method: string,
  path: RuleOperation["path"],
  body: RuleOperation["body"],
  expected: PerState<Cell>,
];

const aasWrites: readonly Row[] = [
  ["$value of the leaf", "PATCH", elementPath("Box.Level/$value"), (_, v) => v, actuatesAas],
  ["$value of the collection", "PATCH", elementPath("Box/$value"), (_, v) => ({ Level: v }), actuatesAas],
  ["$value of the submodel", "PATCH", at(submodelPath, "/$value"), (_, v) => ({ Box: { Level: v } }), actuatesAas],
  ["$value below the shell", "PATCH", at(superPath, "/submodel-elements/Box.Level/$value"), (_, v) => v, actuatesAas],
  [
    "$value of linked and unlinked",
    "PATCH",
    elementPath("Box/$value"),
    (_, v) => ({ Note: "changed", Level: v }),
    actuatesAas,
  ],
];

const aasDocuments: readonly Row[] = [
  ["a submodel", "PUT", submodelPath, wholeSubmodel, documentAas],
  ["a submodel below its shell", "PUT", superPath, wholeSubmodel, documentAas],
  ["a submodel", "PATCH", submodelPath, (_, v) => ({ submodelElements: [boxOf([levelOf(v)])] }), documentAas],
  ["a collection", "PUT", elementPath("Box"), wholeBox, documentAas],
  ["a collection", "PATCH", elementPath("Box"), wholeBox, documentAas],
  ["the leaf", "PUT", elementPath("Box.Level"), (_, v) => levelOf(v), documentAas],
  ["the leaf", "PATCH", elementPath("Box.Level"), (_, v) => ({ modelType: "Property", value: String(v) }), documentAas],
];

const aasOthers: readonly Row[] = [
  ["a submodel without the leaf", "PUT", submodelPath, (asset) => submodelOf(asset, []), refusedOr(gone)],
  ["a collection without the leaf", "PUT", elementPath("Box"), () => boxOf([]), refusedOr(gone)],
  [
    "a submodel that retypes the leaf",
    "PUT",
    submodelPath,
    (asset, v) => submodelOf(asset, [levelOf(v, "xs:string")]),
    refusedOr([204, "new", 0]),
  ],
  [
    "the leaf with another type",
    "PUT",
    elementPath("Box.Level"),
    (_, v) => levelOf(v, "xs:string"),
    refusedOr([204, "new", 0]),
  ],
  [
    "the leaf with another type",
    "PATCH",
    elementPath("Box.Level"),
    (_, v) => ({ modelType: "Property", valueType: "xs:long", value: String(v) }),
    refusedOr([204, "new", 0]),
  ],
  [
    "a Property in the collection's place",
    "PUT",
    elementPath("Box"),
    () => ({ modelType: "Property", idShort: "Box", valueType: "xs:string" }),
    refusedOr(gone),
  ],
  ["the leaf", "DELETE", elementPath("Box.Level"), undefined, refusedOr(gone)],
  ["the collection", "DELETE", elementPath("Box"), undefined, refusedOr(gone)],
  ["the submodel", "DELETE", submodelPath, undefined, refusedOr(gone)],
  ["the submodel below its shell", "DELETE", superPath, undefined, refusedOr(gone)],
  ["the leaf once more", "POST", elementPath("Box"), (_, v) => levelOf(v), always(409)],
  ["the submodel once more", "POST", () => "/api/v3.1/submodels", wholeSubmodel, always(409)],
  [
    "a sibling",
    "POST",
    elementPath("Box"),
    () => ({ modelType: "Property", idShort: "Fresh", valueType: "xs:string", value: "f" }),
    always(201),
  ],
  [
    "$metadata of the leaf",
    "PATCH",
    elementPath("Box.Level/$metadata"),
    () => ({ modelType: "Property", description: [{ language: "en", text: "how full it is" }] }),
    always(204),
  ],
  [
    "$metadata of the submodel",
    "PATCH",
    at(submodelPath, "/$metadata"),
    () => ({ modelType: "Submodel", category: "tanks" }),
    always(204),
  ],
  ["an unlinked leaf beside it", "DELETE", elementPath("Box.Note"), undefined, always(204)],
  ["an unlinked leaf's $value", "PATCH", elementPath("Box.Note/$value"), () => "other", always(204)],
  ["the shell", "PUT", shellPath, (asset) => shellOf(asset), always(204)],
  ["the shell", "DELETE", shellPath, undefined, always(204)],
];

const ngsiWrites: readonly Row[] = [
  ["an entity (merge)", "PATCH", entityPath, (_, v) => level(v), actuatesNgsi],
  [
    "an entity (merge, simplified)",
    "PATCH",
    at(entityPath, "?options=keyValues"),
    (_, v) => ({ level: v }),
    actuatesNgsi,
  ],
  ["the attributes", "PATCH", attrs, (_, v) => level(v), actuatesNgsi],
  ["the attribute", "PATCH", attribute, (_, v) => ({ value: v }), actuatesNgsi],
  ["the attribute, with its type", "PATCH", attribute, (_, v) => property(v), actuatesNgsi],
  [
    "linked and unlinked attributes",
    "PATCH",
    attrs,
    (_, v) => ({ note: property("changed"), ...level(v) }),
    actuatesAmong,
  ],
  ["a batch merge", "POST", batch("merge"), ({ entity }, v) => [{ id: entity, ...level(v) }], actuatesAmong],
];

const ngsiDocuments: readonly Row[] = [
  ["attributes", "POST", attrs, (_, v) => level(v), documentAlone],
  ["the attribute", "PUT", attribute, (_, v) => property(v), documentAlone],
  ["an entity", "PUT", entityPath, withLevel, documentAmong],
  ["a batch upsert", "POST", batch("upsert"), (asset, v) => [withLevel(asset, v)], documentAmong],
  [
    "a batch upsert that updates",
    "POST",
    batch("upsert?options=update"),
    (asset, v) => [withLevel(asset, v)],
    documentAmong,
  ],
  ["a batch update", "POST", batch("update"), (asset, v) => [withLevel(asset, v)], documentAmong],
  ["attributes without overwriting", "POST", at(attrs, "?options=noOverwrite"), (_, v) => level(v), always(207)],
];

/** A GET does not show a leaf without a value (rule 9), so that a client which leaves it out drops nothing. */
const drops = (refused: number): PerState<Cell> => ({
  ...everyLinked([refused, "old", 0], gone),
  silent: [204, "old", 0],
});

const ngsiOthers: readonly Row[] = [
  ["an entity without the attribute", "PUT", entityPath, (asset) => entityOf(asset, {}), drops(409)],
  ["a batch upsert without it", "POST", batch("upsert"), (asset) => [entityOf(asset, {})], drops(207)],
  [
    "an entity with another kind of attribute",
    "PUT",
    entityPath,
    (asset) => entityOf(asset, { level: relation }),
    refusedOr(gone),
  ],
  ["another kind of attribute", "PUT", attribute, () => relation, refusedOr(gone)],
  ["another kind of attribute", "POST", attrs, () => ({ level: relation }), refusedOr(gone)],
  ["another kind of attribute", "PATCH", attribute, () => relation, always(400)],
  ["the attribute", "DELETE", attribute, undefined, refusedOr(gone)],
  ["all its instances", "DELETE", at(attribute, "?deleteAll=true"), undefined, refusedOr(gone)],
  ["the entity", "DELETE", entityPath, undefined, everyLinked([207, "old", 0], gone)],
  ["a batch delete", "POST", batch("delete"), ({ entity }) => [entity], everyLinked([207, "old", 0], gone)],
  ["null for it (merge)", "PATCH", entityPath, () => ({ level: "urn:ngsi-ld:null" }), refusedOr(gone)],
  ["null for it", "PATCH", attrs, () => ({ level: "urn:ngsi-ld:null" }), refusedOr(gone)],
  ["null for it", "PATCH", attribute, () => property("urn:ngsi-ld:null"), refusedOr(gone)],
  ["the entity once more", "POST", () => "/ngsi-ld/v1/entities", withLevel, always(409)],
  ["a batch create once more", "POST", batch("create"), (asset, v) => [withLevel(asset, v)], always(207)],
  ["a sub-attribute alone", "PATCH", attribute, () => ({ accuracy: property(0.5) }), always(204)],
  ["another attribute", "POST", attrs, () => ({ colour: property("red") }), always(204)],
  ["an unlinked attribute", "DELETE", at(attrs, "/note"), undefined, always(204)],
  [
    "another instance of it",
    "POST",
    attrs,
    (_, v) => ({ level: { ...property(v), datasetId: "urn:test:mine" } }),
    always(204),
  ],
];

const operations = (api: RuleOperation["api"], rows: readonly Row[], more: object = {}): readonly RuleOperation[] =>
  rows.map(([name, method, path, body, expected]) => ({
    api,
    name,
    method,
    path,
    expected,
    ...(body === undefined ? {} : { body }),
    ...more,
  }));

/** Every operation that writes, in both standards, with what it may do to a leaf in each state. */
export const ruleOperations: readonly RuleOperation[] = [
  ...operations("aas", aasWrites),
  ...operations("aas", aasDocuments, { reportsKept: true }),
  ...operations("aas", aasOthers),
  ...operations("ngsi-ld", ngsiWrites),
  ...operations("ngsi-ld", ngsiDocuments),
  ...operations("ngsi-ld", ngsiOthers),
];
