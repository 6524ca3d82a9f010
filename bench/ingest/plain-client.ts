import { setTimeout as pause } from "node:timers/promises";
import { HubError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { systemClock } from "../../src/core/time.ts";
import { opcua } from "../../src/southbound/opcua/opcua.ts";
import { PUBLISHING_INTERVAL } from "./bench-hub.ts";
import { assetName, POINTS_PER_ASSET, pointName } from "./bench-mapping.ts";
import type { BenchServer } from "./bench-server.ts";
import type { ChangeOrder } from "./changer.ts";

/** For the values that stand there at the subscription, ms. */
const FIRST_VALUES = 1_500;

export interface PlainClientOptions {
  readonly folder: string;
  readonly assets: number;
  readonly order: ChangeOrder;
  readonly seconds: number;
}

/**
 * The same subscription in this process, with nothing behind it: ms from source timestamp to the decoded notification.
 * What the server and the way from it take, so that it can be told from what the hub takes.
 */
export async function plainClientLatencies(server: BenchServer, options: PlainClientOptions): Promise<number[]> {
  const { folder, assets, order, seconds } = options;
  const connector = opcua.create(
    { endpoint: server.endpoint, security: "None", publishingInterval: PUBLISHING_INTERVAL },
    { source: "line", dataDir: folder, clock: systemClock, log: silentLogger },
  );
  const latencies: number[] = [];
  let counting = false;
  const { signal } = new AbortController();
  const connection = await connector.connect(
    {
      alive: () => undefined,
      push: async (readings) => {
        const now = Date.now();
        if (counting) for (const { sourceTime } of readings) latencies.push(now - (sourceTime ?? now));
      },
    },
    signal,
  );
  const tags = Array.from({ length: assets * POINTS_PER_ASSET }, (_, index) => ({
    tag: `Objects/Line/${assetName(Math.floor(index / POINTS_PER_ASSET))}/${pointName(index % POINTS_PER_ASSET)}`,
  }));
  const [problem] = await connection.subscribe(tags, signal);
  if (problem !== undefined) throw new HubError("unreachable", `${problem.tag}: ${problem.error.message}`);
  await pause(FIRST_VALUES);
  counting = true;
  await server.change(order);
  await pause(seconds * 1_000);
  await server.stopChanging();
  await connection.close();
  return latencies;
}
