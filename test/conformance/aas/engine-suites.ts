import type { Check } from "./engine-report.ts";

/** A public suite of `aas-test-engines`, and how it reaches what it judges. */
export interface EngineSuite {
  readonly name: string;
  /** Path below the API's base. */
  readonly path: string;
  /** What the engine writes before every path, for services that have one shell or one submodel at their root. */
  readonly prefix: string;
  /** Checks that fail by a mistake of the engine's own, each with it. */
  readonly waivers: readonly Waiver[];
}

export interface Waiver {
  readonly operation: string;
  readonly reason: string;
}

/** Asked below the service's prefix, where the specification has neither. */
const belowPrefix: readonly Waiver[] = ["GenerateSerializationByIds", "GetDescription"].map((operation) => ({
  operation,
  reason: "the engine asks for it below the path of the shell or submodel",
}));

/** @param shell @param submodel identifiers in base64url, of what has every element type */
export function engineSuites(shell: string, submodel: string): readonly EngineSuite[] {
  const shellPath = `/shells/${shell}`;
  return [
    { name: "AssetAdministrationShellRepositoryServiceSpecification/SSP-002", path: "", prefix: "", waivers: [] },
    { name: "SubmodelRepositoryServiceSpecification/SSP-002", path: "", prefix: "", waivers: [] },
    {
      name: "AssetAdministrationShellServiceSpecification/SSP-002",
      path: shellPath,
      prefix: "/aas",
      waivers: belowPrefix,
    },
    {
      name: "/SubmodelServiceSpecification/SSP-002",
      path: `${shellPath}/submodels/${submodel}`,
      prefix: "/submodel",
      waivers: belowPrefix,
    },
  ];
}

export function waiverOf({ waivers }: EngineSuite, { operation }: Check): Waiver | undefined {
  return waivers.find((waiver) => waiver.operation === operation);
}
