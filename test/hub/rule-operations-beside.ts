import { base64url } from "./hub-fixture.ts";
import type { Cell, RuleOperation } from "./rule-operations.ts";
import { type Asset, levelOf, type PerState, shellOf } from "./rule-plant.ts";

/** Whatever the state of the leaf: this status, the leaf as it was, nothing told to the device. */
const always = (status: number): PerState<Cell> => {
  const cell: Cell = [status, "old", 0];
  return { writable: cell, readOnly: cell, lost: cell, silent: cell, unlinked: cell };
};

const api = "/api/v3.1";
const shell = (more: string) => (asset: Asset) => `${api}/shells/${base64url(asset.shell)}${more}`;
const submodel = (more: string) => (asset: Asset) => `${api}/submodels/${base64url(asset.submodel)}${more}`;
const leaf = (more: string) => submodel(`/submodel-elements/Box.Level${more}`);
const note = { modelType: "Property", idShort: "Fresh", valueType: "xs:string", value: "f" };
const reference = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] });
const invocation = () => ({ clientTimeoutDuration: "PT5S" });

type Row = readonly [
  name: string,
  method: string,
  path: RuleOperation["path"],
  body: RuleOperation["body"],
  status: number,
];

const rows: readonly Row[] = [
  ["an element beside the collection", "POST", submodel("/submodel-elements"), () => note, 201],
  ["the collection once more", "POST", submodel("/submodel-elements"), () => ({ ...note, idShort: "Box" }), 409],
  ["an element below the leaf", "POST", leaf(""), () => levelOf(1), 400],
  [
    "$metadata of the collection",
    "PATCH",
    submodel("/submodel-elements/Box/$metadata"),
    () => ({ category: "x" }),
    204,
  ],
  ["a file for the leaf", "PUT", leaf("/attachment"), () => ({}), 405],
  ["the file of the leaf", "DELETE", leaf("/attachment"), undefined, 405],
  ["an invocation of the leaf", "POST", leaf("/invoke"), invocation, 405],
  ["an invocation of the leaf, $value", "POST", leaf("/invoke/$value"), invocation, 405],
  ["an asynchronous invocation of the leaf", "POST", leaf("/invoke-async"), invocation, 405],
  ["an asynchronous invocation of the leaf, $value", "POST", leaf("/invoke-async/$value"), invocation, 405],
  ["the shell once more", "POST", () => `${api}/shells`, shellOf, 409],
  [
    "the asset of the shell",
    "PUT",
    shell("/asset-information"),
    () => ({ assetKind: "Instance", globalAssetId: "urn:test:asset:other" }),
    204,
  ],
  ["a reference to another submodel", "POST", shell("/submodel-refs"), () => reference("urn:test:another"), 201],
  [
    "the reference to the submodel",
    "DELETE",
    (asset) => shell(`/submodel-refs/${base64url(asset.submodel)}`)(asset),
    undefined,
    204,
  ],
];

/** What the AAS API writes around linked leaves: none of it reaches them, whatever their state. */
export const operationsBeside: readonly RuleOperation[] = rows.map(([name, method, path, body, status]) => ({
  api: "aas",
  name,
  method,
  path,
  expected: always(status),
  ...(body === undefined ? {} : { body }),
}));

/** Operations of the AAS API that write and cannot come near a leaf, by what their paths begin with. */
export const withoutLeaves: Readonly<Record<string, string>> = {
  "/concept-descriptions": "Concept descriptions hold no elements.",
  "/shell-descriptors": "Descriptors say where shells are; they hold no elements.",
  "/submodel-descriptors": "As descriptors of shells.",
  "/bulk/": "As the descriptors.",
  "/lookup/": "Asset links are those of shells.",
  "/packages": "A package is kept as the file that it is; it becomes twins by import alone.",
  "/query/": "A query changes nothing.",
  "{shell}/asset-information/thumbnail": "A picture of the asset.",
};
