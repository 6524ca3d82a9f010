import { join } from "node:path";
import { startChild } from "../process/child.ts";
import { startHubProcess } from "../process/hub.ts";
import type { Figure } from "../report/figure.ts";
import { median } from "../report/quantile.ts";
import type { Section } from "../section.ts";
import type { LoadOrder, LoadReport } from "./load-client.ts";
import { type RequestKind, type RequestName, requestKinds } from "./requests.ts";

const CONNECTIONS = 16;
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
      for (const kind of ["shell", "post"] as const) await load(hub.url, kind, { count: twins - made, from: made });
      made = twins;
    };
    try {
      await grow(few);
      const before = new Map<RequestName, number>();
      for (const [name, ratio] of targets) {
        const measured = await beside(hub.url, name, few, quick, ids);
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
        const now = await alone(hub.url, name, many, quick, ids);
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
function order(name: RequestName, twins: number, ids: Ids): Omit<LoadOrder, "url" | "kind" | "connections"> {
  if (name !== "post") return { from: 0, twins: Math.min(twins, 20_000) };
  ids.fresh += 1_000_000;
  return { from: ids.fresh };
}

/** By turns, so that what else the machine does falls on both; the median of the ratios of the pairs. */
async function beside(url: string, name: RequestName, twins: number, quick: boolean, ids: Ids) {
  const kind: RequestKind = requestKinds[name];
  const sample = await sampleAnswer(url, kind, order(name, twins, ids).from);
  const app = await startChild<{ url: string }>("../aas/express-app.ts", [
    kind.method,
    String(kind.status),
    sample.type,
    sample.body,
  ]);
  const rounds = quick ? 1 : 5;
  const seconds = quick ? 1 : 3;
  const hub: number[] = [];
  const express: number[] = [];
  try {
    if (!quick) await load(url, name, { seconds: 2, ...order(name, twins, ids) });
    for (let round = 0; round < rounds; round += 1) {
      hub.push(await load(url, name, { seconds, ...order(name, twins, ids) }));
      express.push(await load(app.ready.url, name, { seconds, ...order(name, twins, ids), path: "/" }));
    }
  } finally {
    await app.stop();
  }
  const ratio = median(hub.map((one, round) => one / (express[round] ?? Number.NaN)));
  return { hub: median(hub), express: median(express), ratio, rounds, bytes: Buffer.byteLength(sample.body) };
}

async function alone(url: string, name: RequestName, twins: number, quick: boolean, ids: Ids): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round += 1) {
    rounds.push(await load(url, name, { seconds: quick ? 1 : 3, ...order(name, twins, ids) }));
  }
  return median(rounds);
}

async function sampleAnswer(url: string, kind: RequestKind, number: number) {
  const body = kind.body?.(number);
  const answer = await fetch(`${url}${kind.path(number)}`, {
    method: kind.method,
    ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }),
  });
  if (answer.status !== kind.status) throw new Error(`${kind.name} answered ${answer.status}: ${await answer.text()}`);
  return { type: answer.headers.get("content-type") ?? "", body: await answer.text() };
}

/** Answers a second. */
async function load(
  url: string,
  kind: RequestName,
  more: Omit<LoadOrder, "url" | "kind" | "connections">,
): Promise<number> {
  const whole: LoadOrder = { url, kind, connections: CONNECTIONS, ...more };
  const child = await startChild<LoadReport>("../aas/load-client.ts", [JSON.stringify(whole)]);
  await child.stop();
  return child.ready.answers / child.ready.seconds;
}

const rounded = (value: number): number => Math.round(value);
