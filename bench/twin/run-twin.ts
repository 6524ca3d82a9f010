import { HubError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { Reading } from "../../src/core/reading.ts";
import { systemClock } from "../../src/core/time.ts";
import { defaultQualityNames } from "../../src/ngsi-ld/entity/live-attribute.ts";
import { SubscriptionIndex } from "../../src/ngsi-ld/subscription/subscription-index.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import type { DevicePort } from "../../src/twin/contract.ts";
import { createTwin } from "../../src/twin/twin.ts";

export interface TwinLoad {
  readonly batch: number;
  readonly batches: number;
  /** Batches that are handed on before the first of them is committed. */
  readonly inFlight: number;
}

/** The readings through a twin of its own, in batches as the southbound intake makes them. Gives seconds. */
export async function runTwin(directory: string, plan: Plan, load: TwinLoad): Promise<number> {
  const options = { budget: 8 * 1024 ** 3, retention: 1e12, outboxBound: 1_000 };
  const stores = await openSqliteStores({ directory, options, clock: systemClock, log: silentLogger });
  const store = await stores.open("default");
  const matcher = new SubscriptionIndex({ names: defaultQualityNames, learn: async () => undefined });
  const twin = createTwin({
    tenant: "default",
    store,
    devices: noDevice,
    matcher,
    clock: systemClock,
    log: silentLogger,
  });
  await twin.apply(plan);
  // As a session does: without a sign of life the start's doubt of every signal would be committed beside the readings.
  twin.alive("line", systemClock.now());
  const tags = plan.links.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
  const started = performance.now();
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < load.batches) await twin.ingest(readings(tags, load.batch, next++));
  };
  await Promise.all(Array.from({ length: load.inFlight }, caller));
  const seconds = (performance.now() - started) / 1_000;
  const { committed } = twin.stats;
  await twin.close();
  await stores.close();
  const rows = load.batch * load.batches;
  if (committed < rows) throw new Error(`${committed} of ${rows} readings were committed`);
  return seconds;
}

function readings(tags: readonly { source: string; tag: string }[], batch: number, number: number): Reading[] {
  const now = systemClock.now();
  return Array.from({ length: batch }, (_, index): Reading => {
    const row = number * batch + index;
    const { source, tag } = tags[row % tags.length] ?? { source: "", tag: "" };
    return { source, tag, value: row * 0.1, quality: "good", sourceTime: now, receivedTime: now };
  });
}

const refuse = () => Promise.reject(new HubError("unsupported", "the benchmark has no device"));
const noDevice: DevicePort = { write: refuse, read: refuse, call: refuse };
