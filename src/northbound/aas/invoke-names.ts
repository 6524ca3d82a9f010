import type { SubmodelRoot } from "./submodel-root.ts";

/** Names of the operations around invocation under one root: IDTA's OpenAPI follows no rule for them. */
export interface InvokeNames {
  readonly sync: string;
  readonly syncValue: string;
  /** Behind the names of the others. */
  readonly suffix: string;
}

const known: Readonly<Record<string, InvokeNames>> = {
  "/submodels/{submodelIdentifier}": {
    sync: "InvokeOperation_SubmodelRepo",
    syncValue: "InvokeOperation-ValueOnly_SubmodelRepository",
    suffix: "_SubmodelRepository",
  },
  "/shells/{aasIdentifier}/submodels/{submodelIdentifier}": {
    sync: "InvokeOperation_AasRepository",
    syncValue: "InvokeOperation-ValueOnly_AasRepository",
    suffix: "_AasRepository",
  },
  "/aas/submodels/{submodelIdentifier}": {
    sync: "InvokeOperationSync_AAS",
    syncValue: "InvokeOperationSync-ValueOnly_AAS",
    suffix: "_AAS",
  },
  "/submodel": { sync: "InvokeOperation", syncValue: "InvokeOperationSync-ValueOnly", suffix: "" },
};

export function invokeNames({ path, suffix }: SubmodelRoot): InvokeNames {
  const { [path]: names } = known;
  if (names !== undefined) return names;
  return { sync: `InvokeOperation${suffix}`, syncValue: `InvokeOperation-ValueOnly${suffix}`, suffix };
}
