import { setTimeout as pause } from "node:timers/promises";
import type { HubFigures, HubProcess } from "../process/hub.ts";
import { poll } from "../process/poll.ts";
import type { BenchServer } from "./bench-server.ts";
import type { ChangeOrder, ChangeReport } from "./changer.ts";
import { startLatencyProbe } from "./latency-probe.ts";

export interface LoadRun {
  readonly server: ChangeReport;
  /** Signals that the hub committed of what the server changed. */
  readonly committed: number;
  /** Changes that were not committed when the last one was made. */
  readonly backlog: number;
  /** Of one core, 0 to 1 and more. */
  readonly hubCpu: number;
  readonly hubResident: number;
  readonly commits: number;
  readonly latencies: readonly number[];
}

export interface LoadOptions {
  readonly order: ChangeOrder;
  readonly seconds: number;
  readonly assets: number;
  /** Values whose way is timed; 0: none. */
  readonly sample: number;
}

const DRAIN = 30_000;

/** Lets the server change for a while, and says what became of it in the hub. */
export async function runLoad(hub: HubProcess, server: BenchServer, options: LoadOptions): Promise<LoadRun> {
  const before = await hub.metrics();
  const started = performance.now();
  await server.change(options.order);
  const probe = options.sample === 0 ? undefined : startLatencyProbe(hub.url, options.assets, options.sample);
  await pause(options.seconds * 1_000);
  const latencies = (await probe?.stop()) ?? [];
  const report = await server.stopChanging();
  const after = await hub.metrics();
  const seconds = (performance.now() - started) / 1_000;
  const committedBy = (now: HubFigures): number =>
    now("twinweave_signals_committed_total") - before("twinweave_signals_committed_total");
  const end = await settled(hub, committedBy, report.changes);
  const cpu = after("process_cpu_seconds_total") - before("process_cpu_seconds_total");
  return {
    server: report,
    committed: committedBy(end),
    backlog: report.changes - committedBy(after),
    hubCpu: cpu / seconds,
    hubResident: after("process_resident_memory_bytes"),
    commits: after("twinweave_store_commits_total") - before("twinweave_store_commits_total"),
    latencies,
  };
}

/** The figures once all has arrived, or once nothing more comes. */
async function settled(
  hub: HubProcess,
  committedBy: (now: HubFigures) => number,
  changes: number,
): Promise<HubFigures> {
  let last = -1;
  let still = 0;
  return await poll(
    "the hub's queue runs empty",
    DRAIN,
    () => hub.metrics(),
    (now) => {
      const committed = committedBy(now);
      still = committed === last ? still + 1 : 0;
      last = committed;
      return committed >= changes || still >= 40;
    },
  );
}
