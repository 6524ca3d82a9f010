import type { HubProcess } from "../process/hub.ts";
import type { Figure } from "../report/figure.ts";
import type { BenchServer } from "./bench-server.ts";
import { runLoad } from "./load-run.ts";

const SECONDS = 8;
const FIRST = 20_000;
const STEP = 1.25;
const MOST = 200_000;
/** What may be on its way when the last change is made: two publishing intervals and a commit, in seconds of the rate. */
const ON_ITS_WAY = 0.5;
/** A server that makes less than this part of its changes in time is what bounds the figure. */
const SERVER_KEEPS_UP = 0.97;

/** Raises the rate until the hub's queue grows, changes get lost, or the server itself falls behind. */
export async function highestRate(
  hub: HubProcess,
  server: BenchServer,
  assets: number,
  say: (line: string) => void,
): Promise<Figure> {
  let best = 0;
  let bound = "not reached";
  let note = "";
  for (let rate = FIRST; rate <= MOST && bound === "not reached"; rate = Math.round(rate * STEP)) {
    const run = await runLoad(hub, server, { order: { mode: "spread", rate }, seconds: SECONDS, assets, sample: 0 });
    const { changes, seconds, cpuSeconds } = run.server;
    const done = changes / seconds;
    const load = `hub ${Math.round(run.hubCpu * 100)} %, server ${Math.round((cpuSeconds / seconds) * 100)} % of a core`;
    say(
      `${Math.round(done)} of ${rate} changes/s, ${run.backlog} on their way, ${changes - run.committed} lost; ${load}`,
    );
    if (run.committed < changes) bound = "changes lost";
    else if (run.backlog > rate * ON_ITS_WAY) bound = "the queue grows";
    else {
      best = done;
      note = load;
      if (done < rate * SERVER_KEEPS_UP) bound = "the server is the bottleneck";
    }
  }
  return {
    section: "ingest",
    what: "highest sustained rate",
    value: best,
    unit: "changes/s",
    note: `bound: ${bound}; ${note}`,
  };
}
