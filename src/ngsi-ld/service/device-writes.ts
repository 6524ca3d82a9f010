import { HubError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import type { LeafWriteResult, Twin } from "../../twin/contract.ts";
import type { ChangeSet } from "./change-set.ts";
import type { PartError } from "./entity-service.ts";
import { atLink } from "./link-conflict.ts";

/** What became of the values that a change sent to devices. */
export interface DeviceOutcome {
  readonly written: ReadonlySet<string>;
  readonly failed: readonly PartError[];
}

/** Sends what a change wants of devices (rule 4). */
export async function writeDevices(
  twin: Pick<Twin, "write">,
  scope: Scope,
  changes: ChangeSet,
): Promise<DeviceOutcome> {
  const written = new Set<string>();
  const failed: PartError[] = [];
  if (changes.writes.length === 0) return { written, failed };
  const results = await twin.write(scope, "ngsi-ld", changes.writes);
  for (const [index, result] of results.entries()) {
    const write = changes.writes[index];
    if (write === undefined) continue;
    if (result.outcome === "written") written.add(write.name);
    else failed.push({ attribute: write.name, datasetId: write.datasetId, error: refusalOf(result) });
  }
  return { written, failed };
}

function refusalOf(result: Exclude<LeafWriteResult, { outcome: "written" }>): HubError {
  if (result.outcome === "refused") return atLink(result.error, result.link);
  return new HubError("conflict", "not tried, because an earlier attribute of the request was refused by its device");
}
