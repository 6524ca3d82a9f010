import { join } from "node:path";
import { LoadBench, type LoadRange } from "../load/load-bench.ts";
import { type HubProcess, startHubProcess } from "../process/hub.ts";
import type { Figure } from "../report/figure.ts";
import type { Section } from "../section.ts";
import { fillStore } from "./fill-store.ts";
import { notificationFigure } from "./notification-delay.ts";
import { type RequestName, requestKinds, UPSERT } from "./requests.ts";

const load = new LoadBench("../ngsi-ld/requests.ts", requestKinds);
const SECTION = "ngsi-ld";
/** What is asked for, as parts of the baseline; the upsert's in entities a request of the baseline. */
const targets: readonly (readonly [kind: RequestName, ratio: number])[] = [
  ["get", 0.5],
  ["patch", 0.3],
  ["create", 0.2],
  ["q", 0.12],
  ["geo", 0.08],
  ["upsert", 0.5],
];
/** What must not be slower than by half over a hundred times the entities. */
const flat: readonly RequestName[] = ["get", "type", "q", "geo", "wide"];
const FLAT = 1 / 1.5;

/** The NGSI-LD API over a durable store, beside a bare Express app that sends the same bytes; and again over many entities. */
export const ngsiLdSection: Section = {
  name: SECTION,
  async run({ quick, folder, say }) {
    const few = quick ? 2_000 : 10_000;
    const many = quick ? 10_000 : 1_000_000;
    const figures: Figure[] = [];
    const before = new Map<RequestName, number>();
    const files = { "twinweave.yaml": "egress: { allowPrivate: true }" };
    const fresh = { first: 100_000_000 };
    const place = join(folder, "hub");
    await fillStore(place, 0, few);
    await withHub(place, files, async (hub) => {
      for (const name of flat)
        before.set(name, await load.alone(hub.url, name, () => rangeOf(name, few, fresh), quick));
      for (const [name, ratio] of targets) {
        const figure = besideFigure(
          name,
          ratio,
          few,
          await load.beside(hub.url, name, () => rangeOf(name, few, fresh), quick),
        );
        say(`${figure.what}: ${Math.round(figure.value)}/s, ${((figure.baseline?.value ?? 0) / 1000).toFixed(1)} k/s`);
        figures.push(figure);
      }
      const others = { made: 0, wanted: 0 };
      for (const wanted of quick ? [0, 999] : [0, 999, 9_999]) {
        others.wanted = wanted;
        const figure = await notificationFigure(hub.url, quick ? 50 : 500, others);
        say(`${figure.what}: ${figure.value.toFixed(1)} ms, ${figure.baseline?.value.toFixed(1)} ms`);
        figures.push(figure);
      }
    });
    say(`making ${many} entities …`);
    await fillStore(place, few, many);
    await withHub(place, files, async (hub) => {
      for (const name of flat) {
        const value = await load.alone(hub.url, name, () => rangeOf(name, many, fresh), quick);
        say(`${requestKinds[name].name} over ${many}: ${Math.round(value)}/s`);
        const baseline = { what: `over ${few}`, value: before.get(name) ?? Number.NaN };
        const what = `${requestKinds[name].name}, ${many} entities`;
        figures.push({
          section: SECTION,
          what,
          value,
          unit: "requests/s",
          baseline,
          target: { of: "ratio", atLeast: FLAT },
        });
      }
    });
    return figures;
  },
};

async function withHub(
  folder: string,
  files: Readonly<Record<string, string>>,
  work: (hub: HubProcess) => Promise<void>,
): Promise<void> {
  const hub = await startHubProcess(folder, files);
  try {
    await work(hub);
  } finally {
    await hub.stop();
  }
}

function besideFigure(
  name: RequestName,
  ratio: number,
  entities: number,
  measured: Awaited<ReturnType<typeof load.beside>>,
): Figure {
  const each = name === "upsert" ? UPSERT : 1;
  return {
    section: SECTION,
    what: `${requestKinds[name].name}, ${entities} entities`,
    value: measured.hub * each,
    unit: name === "upsert" ? "entities/s" : "requests/s",
    baseline: { what: "bare Express 5, same bytes", value: measured.hub / measured.ratio },
    target: { of: "ratio", atLeast: ratio },
    note: `${measured.bytes} bytes; median of ${measured.rounds} pairs`,
  };
}

/** What is asked of so many entities; no entity is made twice. */
function rangeOf(name: RequestName, entities: number, fresh: { first: number }): LoadRange {
  if (name === "upsert") return { from: 0, twins: Math.floor(entities / UPSERT) };
  if (name !== "create") return { from: 0, twins: Math.min(entities, 20_000) };
  fresh.first += 1_000_000;
  return { from: fresh.first };
}
