import { join } from "node:path";
import type { HubProcess } from "../process/hub.ts";
import type { Figure } from "../report/figure.ts";
import { quantile } from "../report/quantile.ts";
import type { Section, SectionOptions } from "../section.ts";
import { PUBLISHING_INTERVAL, startBenchHub } from "./bench-hub.ts";
import { POINTS_PER_ASSET } from "./bench-mapping.ts";
import { type BenchServer, startBenchServer } from "./bench-server.ts";
import type { ChangeMode } from "./changer.ts";
import { highestRate } from "./highest-rate.ts";
import { type LoadRun, runLoad } from "./load-run.ts";
import { plainClientLatencies } from "./plain-client.ts";

const MIB = 1024 ** 2;
/** p95 beyond the server's own publishing interval, ms. */
const LATENCY_TARGET = 100;

/** OPC UA variables of a server in its own process, through the whole hub to both APIs, durable and with history. */
export const ingestSection: Section = {
  name: "ingest",
  async run(options) {
    const assets = options.quick ? 20 : 1_000;
    const server = await startBenchServer(assets);
    try {
      const plain = options.quick ? [] : await plainClient(server, assets, options.folder);
      const started = performance.now();
      const hub = await startBenchHub(join(options.folder, "hub"), server.endpoint, assets);
      options.say(`${assets * POINTS_PER_ASSET} points linked after ${Math.round(performance.now() - started)} ms`);
      try {
        return [...plain, ...(await measure(hub, server, assets, options))];
      } finally {
        await hub.stop();
      }
    } finally {
      await server.stop();
    }
  },
};

/** What is to be taken off the hub's own figures: the server's part, in the harder of the two modes. */
async function plainClient(server: BenchServer, assets: number, folder: string): Promise<Figure[]> {
  const rate = assets * POINTS_PER_ASSET;
  const options = {
    folder: join(folder, "plain-client"),
    assets,
    order: { mode: "tick", rate } as const,
    seconds: 12.5,
  };
  const latencies = await plainClientLatencies(server, options);
  return [
    {
      section: "ingest",
      what: `${rate} variables, all in one tick: p95 from source time to a plain client without the hub, beyond the publishing interval`,
      value: quantile(latencies, 0.95) - PUBLISHING_INTERVAL,
      unit: "ms",
      note: `p50 ${Math.round(quantile(latencies, 0.5))} ms, p95 ${Math.round(quantile(latencies, 0.95))} ms, interval included`,
    },
  ];
}

async function measure(hub: HubProcess, server: BenchServer, assets: number, options: SectionOptions) {
  const rate = assets * POINTS_PER_ASSET;
  const seconds = options.quick ? 2.5 : 30;
  const figures: Figure[] = [];
  for (const mode of ["spread", "tick"] as const) {
    // All values of a tick are looked for at the same moment: fewer of them, else the looking is what is measured.
    const sample = options.quick ? 4 : mode === "tick" ? 10 : 40;
    const run = await runLoad(hub, server, { order: { mode, rate }, seconds, assets, sample });
    options.say(`${mode}: ${run.committed} of ${run.server.changes}, server late ${Math.round(run.server.late)} ms`);
    figures.push(...figuresOf(mode, run, assets));
  }
  if (!options.quick) figures.push(await highestRate(hub, server, assets, options.say));
  return figures;
}

function figuresOf(mode: ChangeMode, run: LoadRun, assets: number): Figure[] {
  const { server, committed, latencies } = run;
  const where = `${assets * POINTS_PER_ASSET} variables, ${mode === "spread" ? "spread over the second" : "all in one tick"}`;
  const figure = { section: "ingest" };
  const beyond = (part: number): number => quantile(latencies, part) - PUBLISHING_INTERVAL;
  const late = `server at ${percent(server.cpuSeconds / server.seconds)} % of a core, at most ${Math.round(server.late)} ms late`;
  return [
    {
      ...figure,
      what: `${where}: committed of what the server changed`,
      value: committed,
      unit: "",
      baseline: { what: "changes at the server", value: server.changes },
      target: { of: "ratio", atLeast: 1 },
      note: `${Math.round(server.changes / server.seconds)} changes/s, ${run.commits} synced commits; ${late}`,
    },
    { ...figure, what: `${where}: hub CPU`, value: percent(run.hubCpu), unit: "% of a core" },
    { ...figure, what: `${where}: hub resident memory`, value: run.hubResident / MIB, unit: "MiB" },
    ...[0.5, 0.95, 0.99].map(
      (part): Figure => ({
        ...figure,
        what: `${where}: p${part * 100} from source time to HTTP, beyond the publishing interval`,
        value: beyond(part),
        unit: "ms",
        ...(part === 0.95 ? { target: { of: "value", atMost: LATENCY_TARGET } as const } : {}),
        note: `${Math.round(quantile(latencies, part))} ms − ${PUBLISHING_INTERVAL} ms, ${latencies.length} values`,
      }),
    ),
  ];
}

const percent = (part: number): number => Math.round(part * 100);
