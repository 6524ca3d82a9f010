import { type HubProcess, startHubProcess } from "../process/hub.ts";
import { poll } from "../process/poll.ts";
import { benchMapping, POINTS_PER_ASSET } from "./bench-mapping.ts";

/** As the connector's default; the server may make it longer. */
export const PUBLISHING_INTERVAL = 100;

/** A hub over the benchmark's server, with every point linked and its first value committed. */
export async function startBenchHub(
  folder: string,
  endpoint: string,
  assets: number,
  nodeArgs: readonly string[] = [],
): Promise<HubProcess> {
  const source = { type: "opcua", endpoint, security: "None", publishingInterval: PUBLISHING_INTERVAL };
  const config = {
    mappings: ["line.yaml"],
    sources: { line: source },
  };
  const files = { "twinweave.yaml": JSON.stringify(config), "line.yaml": benchMapping(assets) };
  const hub = await startHubProcess(folder, files, nodeArgs);
  const points = assets * POINTS_PER_ASSET;
  await poll(
    `${points} points linked and read`,
    180_000,
    () => hub.metrics(),
    (now) => now("twinweave_links") === points && now("twinweave_signals_committed_total") >= points,
  );
  return hub;
}
