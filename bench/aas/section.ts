import { join } from "node:path";
import { LoadBench, type LoadRange } from "../load/load-bench.ts";
import { startHubProcess } from "../process/hub.ts";
import type { Figure } from "../report/figure.ts";
import type { Section } from "../section.ts";
import { type RequestName, requestKinds } from "./requests.ts";

const load = new LoadBench("../aas/requests.ts", requestKinds);
/** What the issue asks for, as parts of the baseline. */
const targets: readonly (readonly [kind: RequestName, ratio: number])[] = [
  ["value", 0.5],
  ["patch", 0.3],
  ["submodel", 0.35],
  ["post", 0.1],
  ["shells", 0.15],
];
/** How much slower anything may be over a hundred times the submodels. */
const FLAT = 1 / 1.5;

interface Ids {
  fresh: number;
}

/** The AAS API over a durable store, beside a bare Express app that sends the same bytes; and again over many twins. */
export const aasSection: Section = {
  name: "aas",
  async run({ quick, folder, say }) {
    const few = quick ? 200 : 1_000;
    const many = quick ? 400 : 100_000;
    const hub = await startHubProcess(join(folder, "hub"), { "twinweave.yaml": "{}" });
    const figures: Figure[] = [];
    let made = 0;
    const ids: Ids = { fresh: 10_000_000 };
    const grow = async (twins: number): Promise<void> => {
      for (const kind of ["shell", "post"] as const) await load.run(hub.url, kind, { count: twins - made, from: made });
      made = twins;
    };
    try {
      await grow(few);
      const before = new Map<RequestName, number>();
      for (const [name, ratio] of targets) {
        const measured = await load.beside(hub.url, name, () => order(name, few, ids), quick);
        before.set(name, measured.hub);
        say(`${requestKinds[name].name}: ${rounded(measured.hub)}/s, Express ${rounded(measured.express)}/s`);
        figures.push({
          section: "aas",
          what: `${requestKinds[name].name}, ${few} shells and submodels`,
          value: measured.hub,
          unit: "requests/s",
          baseline: { what: "bare Express 5, same bytes", value: measured.hub / measured.ratio },
          target: { of: "ratio", atLeast: ratio },
          note: `${measured.bytes} bytes; median of ${measured.rounds} pairs`,
        });
      }
      say(`making ${many} submodels …`);
      await grow(many);
      for (const [name] of targets) {
        const now = await load.alone(hub.url, name, () => order(name, many, ids), quick);
        say(`${requestKinds[name].name} over ${many}: ${rounded(now)}/s`);
        figures.push({
          section: "aas",
          what: `${requestKinds[name].name}, ${many} shells and submodels`,
          value: now,
          unit: "requests/s",
          baseline: { what: `over ${few}`, value: before.get(name) ?? Number.NaN },
          target: { of: "ratio", atLeast: FLAT },
        });
      }
    } finally {
      await hub.stop();
    }
    return figures;
  },
};

/** What is asked of `twins`; `ids` has those of the submodels that POST makes: none is made twice. */
function order(name: RequestName, twins: number, ids: Ids): LoadRange {
  if (name !== "post") return { from: 0, twins: Math.min(twins, 20_000) };
  ids.fresh += 1_000_000;
  return { from: ids.fresh };
}

const rounded = (value: number): number => Math.round(value);
