import type { Pair } from "./coverage.ts";

/** Why pairs of the official OpenAPI are not exercised. A test fails where one of them is exercised or gone. */
export interface Reason {
  readonly operations: readonly string[];
  readonly status: string;
  readonly reason: string;
}

export const reasons: readonly Reason[] = [
  {
    operations: [
      "GetAssetAdministrationShell",
      "GetAssetAdministrationShell-Reference",
      "GetAssetInformation",
      "GetThumbnail",
      "DeleteThumbnail",
    ],
    status: "400",
    reason: "the request has neither parameter nor body that could be wrong",
  },
  {
    operations: ["GetAllSubmodels-ValueOnly", "GetAllSubmodelDescriptors"],
    status: "404",
    reason: "a list of nothing is an empty list",
  },
  {
    operations: ["DeleteThumbnail", "DeleteThumbnail_AasRepository"],
    status: "200",
    reason: "a delete with nothing to say is 204, which the operation documents too",
  },
  {
    operations: ["PostAASXPackage"],
    status: "409",
    reason: "the hub makes the ids of packages itself: none is there twice",
  },
  {
    operations: ["BulkDeleteAssetAdministrationShellDescriptorById"],
    status: "404",
    reason: "which descriptors were not there is the job's result; its acceptance knows nothing of it",
  },
  {
    operations: ["PostAllAssetLinksById"],
    status: "404",
    reason: "asset links may be posted for shells that lie elsewhere",
  },
  {
    operations: ["PostAllAssetLinksById"],
    status: "409",
    reason: "posting asset links again replaces them, as the operation's text has it",
  },
];

export function reasonOf({ operation, status }: Pair): string | undefined {
  return reasons.find((one) => one.status === status && one.operations.includes(operation.id))?.reason;
}
