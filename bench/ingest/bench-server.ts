import { startChild } from "../process/child.ts";
import type { ChangeOrder, ChangeReport } from "./changer.ts";
import type { ServerQuestion } from "./opcua-server.ts";

/** The OPC UA server in its own process. */
export interface BenchServer {
  readonly endpoint: string;
  change(order: ChangeOrder): Promise<void>;
  stopChanging(): Promise<ChangeReport>;
  stop(): Promise<void>;
}

export async function startBenchServer(assets: number): Promise<BenchServer> {
  const child = await startChild<{ endpoint: string }>("../ingest/opcua-server.ts", [String(assets)]);
  return {
    endpoint: child.ready.endpoint,
    change: async (order) => void (await child.ask({ ask: "change", order } satisfies ServerQuestion)),
    stopChanging: async () => (await child.ask({ ask: "stop" } satisfies ServerQuestion)) as ChangeReport,
    stop: () => child.stop(),
  };
}
