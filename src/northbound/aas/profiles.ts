import type { Operation } from "../operation-types.ts";

/** What an operation is found by: `GET /shells`. */
type Landmark = string;

interface Profile {
  readonly name: string;
  /** In which versions of IDTA-01002 it exists. */
  readonly versions: readonly ("3/0" | "3/1")[];
  /** It is served whole where these are; a test compares with all operations of its official OpenAPI. */
  readonly landmarks: readonly Landmark[];
  /** Such a service holds templates and nothing else (AASa-003, AASa-004). */
  readonly templates?: true;
}

const both = ["3/0", "3/1"] as const;
const since31 = ["3/1"] as const;
const element = "/submodel-elements/{idShortPath}";
const superpath = "/shells/{aasIdentifier}/submodels/{submodelIdentifier}";
const submodel = "/submodels/{submodelIdentifier}";

const invoking = (path: string, invoke = "invoke-async"): readonly Landmark[] => [
  `PUT ${path}${element}/attachment`,
  `POST ${path}${element}/invoke/$value`,
  `POST ${path}${element}/${invoke}`,
  `GET ${path}${element}/operation-results/{handleId}/$value`,
];

/** IDTA-01002 v3.1.2, "Service Specifications and Profiles". */
const profiles: readonly Profile[] = [
  {
    name: "AasxFileServerServiceSpecification/SSP-001",
    versions: both,
    landmarks: ["PUT /packages/{packageId}", "DELETE /packages/{packageId}"],
  },
  {
    name: "AssetAdministrationShellRegistryServiceSpecification/SSP-001",
    versions: both,
    landmarks: ["PUT /shell-descriptors/{aasIdentifier}/submodel-descriptors/{submodelIdentifier}"],
  },
  {
    name: "AssetAdministrationShellRegistryServiceSpecification/SSP-002",
    versions: both,
    landmarks: ["GET /shell-descriptors/{aasIdentifier}/submodel-descriptors/{submodelIdentifier}"],
  },
  {
    name: "AssetAdministrationShellRegistryServiceSpecification/SSP-003",
    versions: since31,
    landmarks: ["DELETE /bulk/shell-descriptors", "GET /bulk/result/{handleId}"],
  },
  {
    name: "AssetAdministrationShellRegistryServiceSpecification/SSP-004",
    versions: since31,
    landmarks: ["POST /query/shell-descriptors"],
  },
  {
    name: "AssetAdministrationShellRegistryServiceSpecification/SSP-005",
    versions: since31,
    landmarks: ["GET /shell-descriptors/{aasIdentifier}"],
  },
  {
    name: "AssetAdministrationShellRepositoryServiceSpecification/SSP-001",
    versions: both,
    landmarks: ["PUT /shells/{aasIdentifier}/asset-information/thumbnail", ...invoking(superpath)],
  },
  {
    name: "AssetAdministrationShellRepositoryServiceSpecification/SSP-002",
    versions: both,
    landmarks: ["GET /shells/{aasIdentifier}/asset-information/thumbnail", `GET ${superpath}${element}/attachment`],
  },
  {
    name: "AssetAdministrationShellRepositoryServiceSpecification/SSP-003",
    versions: since31,
    landmarks: ["POST /query/shells"],
  },
  {
    name: "AssetAdministrationShellServiceSpecification/SSP-001",
    versions: both,
    landmarks: [
      "PUT /aas/asset-information/thumbnail",
      ...invoking("/aas/submodels/{submodelIdentifier}", "invoke-asnyc"),
    ],
  },
  {
    name: "AssetAdministrationShellServiceSpecification/SSP-002",
    versions: both,
    landmarks: ["GET /aas/asset-information/thumbnail", `GET /aas/submodels/{submodelIdentifier}${element}/attachment`],
  },
  {
    name: "ConceptDescriptionRepositoryServiceSpecification/SSP-001",
    versions: both,
    landmarks: ["PUT /concept-descriptions/{cdIdentifier}"],
  },
  {
    name: "ConceptDescriptionRepositoryServiceSpecification/SSP-002",
    versions: since31,
    landmarks: ["POST /query/concept-descriptions"],
  },
  {
    name: "DiscoveryServiceSpecification/SSP-001",
    versions: both,
    landmarks: ["POST /lookup/shellsByAssetLink", "DELETE /lookup/shells/{aasIdentifier}"],
  },
  {
    name: "DiscoveryServiceSpecification/SSP-002",
    versions: since31,
    landmarks: ["POST /lookup/shellsByAssetLink"],
  },
  {
    name: "SubmodelRegistryServiceSpecification/SSP-001",
    versions: both,
    landmarks: ["PUT /submodel-descriptors/{submodelIdentifier}"],
  },
  {
    name: "SubmodelRegistryServiceSpecification/SSP-002",
    versions: both,
    landmarks: ["GET /submodel-descriptors/{submodelIdentifier}"],
  },
  {
    name: "SubmodelRegistryServiceSpecification/SSP-003",
    versions: since31,
    landmarks: ["DELETE /bulk/submodel-descriptors", "GET /bulk/result/{handleId}"],
  },
  {
    name: "SubmodelRegistryServiceSpecification/SSP-004",
    versions: since31,
    landmarks: ["POST /query/submodel-descriptors"],
  },
  { name: "SubmodelRepositoryServiceSpecification/SSP-001", versions: both, landmarks: invoking(submodel) },
  {
    name: "SubmodelRepositoryServiceSpecification/SSP-002",
    versions: both,
    landmarks: [`GET ${submodel}${element}/attachment`],
  },
  {
    name: "SubmodelRepositoryServiceSpecification/SSP-003",
    versions: both,
    landmarks: [`PUT ${submodel}${element}/attachment`],
    templates: true,
  },
  {
    name: "SubmodelRepositoryServiceSpecification/SSP-004",
    versions: both,
    landmarks: [`GET ${submodel}${element}/attachment`],
    templates: true,
  },
  {
    name: "SubmodelRepositoryServiceSpecification/SSP-005",
    versions: since31,
    landmarks: ["POST /query/submodels"],
  },
  { name: "SubmodelServiceSpecification/SSP-001", versions: both, landmarks: invoking("/submodel") },
  {
    name: "SubmodelServiceSpecification/SSP-002",
    versions: both,
    landmarks: [`GET /submodel${element}/attachment`],
  },
  {
    name: "SubmodelServiceSpecification/SSP-003",
    versions: both,
    landmarks: ["GET /submodel/$value", `POST /submodel${element}/invoke/$value`],
  },
];

/**
 * The identifiers of the profiles that a service with these operations serves whole, in the versions that are served.
 * @param templates whether it holds templates and nothing else; the others' profiles may hold instances, too
 */
export function profilesOf(
  operations: readonly Pick<Operation, "method" | "path">[],
  templates: boolean,
): readonly string[] {
  const served = new Set(operations.map(({ method, path }) => `${method} ${path}`));
  const whole = profiles.filter(
    (profile) => (profile.templates === true) === templates && profile.landmarks.every((one) => served.has(one)),
  );
  return both.flatMap((version) =>
    whole
      .filter(({ versions }) => versions.some((one) => one === version))
      .map(({ name }) => `https://admin-shell.io/aas/API/${version}/${name}`),
  );
}
