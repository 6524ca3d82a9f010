import { lastStep } from "../../aas/id-short-path.ts";
import type { SubmodelElement } from "../../aas/metamodel/types.ts";
import type { SubmodelReader } from "../../aas/services/submodel-reader.ts";
import { isObject } from "../../aas/validation/check.ts";
import { elementMetadata, normalElement } from "../../aas/value-only/content.ts";
import { defaultModifiers, type Modifiers } from "../../aas/value-only/modifiers.ts";
import { valuesOnly } from "../../aas/value-only/value-only.ts";
import type { XmlVersion } from "../../aas/xml/xml-shapes.ts";

/** Where the HTTP forms of two editions of IDTA-01002 contradict each other; all else is the same in both. */
export interface Edition {
  readonly name: string;
  readonly version: string;
  /** Version of the metamodel, whose namespace XML is in. */
  readonly metamodel: XmlVersion;
  readonly base: string;
  /** GET `{idShortPath}/$value`. */
  elementValue(element: SubmodelElement, value: unknown): unknown;
  /** PATCH `{idShortPath}/$value`: the value within the body, which comes from `parseExactJson`. */
  patchedValue(reader: SubmodelReader, submodel: string, path: string, body: unknown): Promise<unknown>;
  /** GET `/submodel-elements/$value`: the page's result. */
  elementValues(elements: readonly SubmodelElement[], modifiers: Modifiers): unknown;
  /** GET `/submodel-elements/$metadata`: one item, `undefined` to leave the element out. */
  listedMetadata(element: SubmodelElement): unknown;
  /** GET `/submodels/$value`: the page's result, from the JSON text of each submodel's values by its id. */
  submodelValues(texts: ReadonlyMap<string, string>): string;
}

/** As the OpenAPI of v3.1.2 has it. */
export const edition31: Edition = {
  name: "AAS API",
  version: "3.1.2",
  metamodel: "3.1",
  base: "/api/v3.1",
  elementValue: (_element, value) => value,
  patchedValue: async (_reader, _submodel, _path, body) => body,
  elementValues: valuesOnly,
  listedMetadata: elementMetadata,
  submodelValues: (texts) => `{${[...texts].map(([id, text]) => `${JSON.stringify(id)}:${text}`).join(",")}}`,
};

/** As clients and test engines of v3.0 expect it: lists are arrays, a Property's value stands under its idShort. */
export const edition30: Edition = {
  name: "AAS API 3.0",
  version: "3.0.3",
  metamodel: "3.0",
  base: "/api/v3.0",
  elementValue: ({ modelType, idShort }, value) =>
    modelType === "Property" && idShort !== undefined ? { [idShort]: value } : value,
  async patchedValue(reader, submodel, path, body) {
    const step = lastStep(path);
    if (typeof step !== "string" || !isObject(body) || Object.keys(body).join() !== step) return body;
    // Below a collection of this name a child may have the same one: only the type tells the two forms apart.
    return (await reader.chain(submodel, path)).at(-1) === "Property" ? body[step] : body;
  },
  elementValues: (elements, modifiers) =>
    elements.map((element) => valuesOnly([element], modifiers)).filter((values) => Object.keys(values).length > 0),
  listedMetadata: wholeMetadata,
  submodelValues: (texts) => `[${[...texts.values()].join(",")}]`,
};

/** Members of a value without which the element is not one of the metamodel. */
const required = ["contentType", "first", "second", "observed", "globalAssetId", "specificAssetIds"] as const;

/** v3.0 describes metadata by the metamodel's own classes: nothing below, no value but what the class must have. */
function wholeMetadata(element: SubmodelElement): unknown {
  const metadata = elementMetadata(element);
  if (metadata === undefined) return normalElement(element, defaultModifiers);
  const kept = Object.entries(element).filter(([member]) => (required as readonly string[]).includes(member));
  return { ...metadata, ...Object.fromEntries(kept) };
}
