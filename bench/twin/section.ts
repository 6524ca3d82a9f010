import { join } from "node:path";
import { defaultIntakeSettings } from "../../src/southbound/intake.ts";
import { POINTS_PER_ASSET } from "../ingest/bench-mapping.ts";
import type { Figure } from "../report/figure.ts";
import { median } from "../report/quantile.ts";
import type { Section } from "../section.ts";
import { runRaw } from "../store/raw-sqlite.ts";
import { compilePlan } from "./compile-plan.ts";
import { runTwin } from "./run-twin.ts";

const ASSETS = 1_000;
/** As the southbound intake hands readings on. */
const { batch: BATCH, inFlight: IN_FLIGHT } = defaultIntakeSettings;

/** Readings through mapping, links and commit without a protocol, beside plain node:sqlite for the same rows. */
export const twinSection: Section = {
  name: "twin",
  async run({ quick, folder, say }) {
    const batches = quick ? 32 : 640;
    const rounds = quick ? 1 : 3;
    const assets = quick ? 20 : ASSETS;
    const points = assets * POINTS_PER_ASSET;
    const plan = await compilePlan(assets);
    const twin: number[] = [];
    const raw: number[] = [];
    const large: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const rows = batches * BATCH;
      const path = (name: string): string => join(folder, `${name}-${round}`);
      raw.push(rows / runRaw(path("raw.sqlite"), points, BATCH, batches));
      twin.push(rows / (await runTwin(path("twin"), plan, { batch: BATCH, batches, inFlight: IN_FLIGHT })));
      const shared = BATCH * IN_FLIGHT;
      large.push(rows / runRaw(path("large.sqlite"), points, shared, Math.ceil(rows / shared)));
      say(`round ${round + 1}: twin ${Math.round(twin.at(-1) ?? 0)}/s, raw ${Math.round(raw.at(-1) ?? 0)}/s`);
    }
    const figure = { section: "twin", value: median(twin), unit: "readings/s" };
    return [
      {
        ...figure,
        what: "readings through mapping, links and commit",
        baseline: { what: `raw node:sqlite, ${BATCH} rows a commit`, value: median(raw) },
        target: { of: "ratio", atLeast: 0.5 },
        note: `median of ${rounds}; batches of ${BATCH}, ${IN_FLIGHT} under way`,
      },
      {
        ...figure,
        what: "the same, beside the largest commit that the twin may make of it",
        baseline: { what: `raw node:sqlite, ${BATCH * IN_FLIGHT} rows a commit`, value: median(large) },
      },
    ] satisfies Figure[];
  },
};
