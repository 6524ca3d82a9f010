import { join } from "node:path";
import { startBenchHub } from "../ingest/bench-hub.ts";
import { entityId, submodelId } from "../ingest/bench-mapping.ts";
import { startBenchServer } from "../ingest/bench-server.ts";
import { startChild } from "../process/child.ts";
import type { Figure } from "../report/figure.ts";
import { median } from "../report/quantile.ts";
import type { Section } from "../section.ts";
import { requestsPerSecond } from "./load.ts";

const ASSETS = 20;
const targets = [
  { what: "one linked submodel", path: `/api/v3.1/submodels/${Buffer.from(submodelId(1)).toString("base64url")}` },
  { what: "one linked entity", path: `/ngsi-ld/v1/entities/${entityId(1)}` },
];

/** GETs of linked documents with ten live values each, beside a bare Express app that sends the same bytes. */
export const getSection: Section = {
  name: "get",
  async run({ quick, folder, say }) {
    const server = await startBenchServer(ASSETS);
    const hub = await startBenchHub(join(folder, "hub"), server.endpoint, ASSETS);
    const figures: Figure[] = [];
    try {
      for (const { what, path } of targets) {
        const measured = await beside(`${hub.url}${path}`, quick);
        say(`${what}: ${Math.round(measured.hub)}/s, Express ${Math.round(measured.express)}/s`);
        figures.push({
          section: "get",
          what: `GET of ${what}`,
          value: measured.hub,
          unit: "requests/s",
          baseline: { what: "bare Express 5, same bytes", value: measured.hub / measured.ratio },
          note: `${measured.bytes} bytes; median of ${measured.rounds} pairs`,
        });
      }
    } finally {
      await hub.stop();
      await server.stop();
    }
    return figures;
  },
};

/** Both by turns, so that what else the machine does falls on both; the median of the ratios of the pairs. */
async function beside(url: string, quick: boolean) {
  const answer = await fetch(url);
  const body = await answer.text();
  const app = await startChild<{ url: string }>("../get/express-app.ts", [
    answer.headers.get("content-type") ?? "",
    body,
  ]);
  const rounds = quick ? 1 : 5;
  const seconds = quick ? 1 : 4;
  const hub: number[] = [];
  const express: number[] = [];
  try {
    if (!quick) {
      await requestsPerSecond(url, 2);
      await requestsPerSecond(app.ready.url, 2);
    }
    for (let round = 0; round < rounds; round += 1) {
      hub.push(await requestsPerSecond(url, seconds));
      express.push(await requestsPerSecond(app.ready.url, seconds));
    }
  } finally {
    await app.stop();
  }
  const ratio = median(hub.map((one, round) => one / (express[round] ?? Number.NaN)));
  return { hub: median(hub), express: median(express), ratio, rounds, bytes: Buffer.byteLength(body) };
}
