import { splitSubmodel } from "../../src/aas/parts.ts";
import type { Mutation } from "../../src/core/mutation.ts";
import type { Store } from "../../src/store/contract.ts";

export interface PlantElement {
  readonly name: string;
  readonly value: string;
  readonly isNumber: boolean;
}

const texts = ["ManufacturerName", "SerialNumber", "OrderCode", "Country", "Comment", "State"] as const;
const numbers = ["Width", "Height", "Power", "Voltage"] as const;

/** Numbers of a submodel are spread, its texts its own. */
export function elementsOf(index: number): readonly PlantElement[] {
  return [
    ...texts.map((name) => ({ name, value: `${name}-${index}`, isNumber: false })),
    ...numbers.map((name, at) => ({ name, value: String((index * 7_919 + at * 31) % 100_003), isNumber: true })),
  ];
}

/** Submodels of ten Properties in a collection, committed two hundred at a time. */
export async function fillStore(store: Store, count: number): Promise<void> {
  for (let from = 0; from < count; from += 200) {
    const mutations = Array.from({ length: Math.min(200, count - from) }, (_, at) => mutationOf(from + at));
    for (const result of await store.commit([{ mutations }], from)) if (!result.ok) throw result.error;
  }
}

function mutationOf(index: number): Mutation {
  const value = elementsOf(index).map(({ name, value: text, isNumber }) => ({
    modelType: "Property" as const,
    idShort: name,
    valueType: isNumber ? ("xs:int" as const) : ("xs:string" as const),
    value: text,
  }));
  const { document, parts } = splitSubmodel({
    modelType: "Submodel",
    id: `urn:bench:sm:${index}`,
    idShort: "TechnicalData",
    submodelElements: [{ modelType: "SubmodelElementCollection", idShort: "General", value }],
  });
  return { kind: "document.put", collection: "submodel", document, parts };
}
