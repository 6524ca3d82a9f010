import type { Check } from "./engine-report.ts";

/** A public suite of `aas-test-engines`, and how it reaches what it judges. */
export interface EngineSuite {
  readonly name: string;
  /** Path below the API's base. */
  readonly path: string;
  /** What it is told to leave out of every path. */
  readonly prefix: string;
  /** Checks that fail by a mistake of the engine's own, each with it. */
  readonly waivers: readonly Waiver[];
}

export interface Waiver {
  readonly operation: string;
  readonly reason: string;
}

const serialization: Waiver = {
  operation: "GenerateSerializationByIds",
  reason: "the engine looks for /shells below the service's own path, where the specification has none",
};
/** It asks for the shell at the root of the API, so that this root has to be `/aas`, for the description too. */
const description: Waiver = {
  operation: "GetDescription",
  reason:
    "the engine asks for the shell and the description below one path, where the specification has only the shell",
};

/** The services of one shell and one submodel are judged where a hub has them, at `/aas` and `/submodel`. */
export const engineSuites: readonly EngineSuite[] = [
  { name: "AssetAdministrationShellRepositoryServiceSpecification/SSP-002", path: "", prefix: "", waivers: [] },
  { name: "SubmodelRepositoryServiceSpecification/SSP-002", path: "", prefix: "", waivers: [] },
  {
    name: "AssetAdministrationShellServiceSpecification/SSP-002",
    path: "/aas",
    prefix: "/aas",
    waivers: [serialization, description],
  },
  { name: "/SubmodelServiceSpecification/SSP-002", path: "", prefix: "", waivers: [serialization] },
];

export function waiverOf({ waivers }: EngineSuite, { operation }: Check): Waiver | undefined {
  return waivers.find((waiver) => waiver.operation === operation);
}
