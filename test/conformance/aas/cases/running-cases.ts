import { asks, type Case } from "../case.ts";
import { b64 } from "../world.ts";
import { trees } from "./tree.ts";

const handleId = b64("00000000-0000-0000-0000-000000000000");

/** What a job says that has not ended. */
export const runningCases: readonly Case[] = [
  asks("GET", "/bulk/status/{handleId}", 200, () => ({ params: { handleId } })),
  ...trees.map(({ path, params }) =>
    asks("GET", `${path}/submodel-elements/{idShortPath}/operation-status/{handleId}`, 200, () => ({
      params: { ...params, idShortPath: "Reset", handleId },
    })),
  ),
];
