import { silentLogger } from "../../../src/core/logger.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { createSouthbound, type Southbound } from "../../../src/southbound/runtime.ts";
import type { RuntimeSettings } from "../../../src/southbound/runtime-settings.ts";
import type { SourceEvent } from "../../../src/southbound/supervised-source.ts";
import { FakeSource } from "./fake-source.ts";
import { FakeTime } from "./fake-time.ts";

/** A runtime over one fake source, with all that the hub was told. */
export interface TestHub {
  readonly time: FakeTime;
  readonly source: FakeSource;
  readonly southbound: Southbound;
  readonly batches: Reading[][];
  readonly told: string[];
  readonly events: SourceEvent[];
  /** Decides on each batch; commits at once if it is not set. */
  commit: (batch: readonly Reading[]) => Promise<void>;
}

export function testHub(settings: Partial<RuntimeSettings> = {}, source = new FakeSource()): TestHub {
  const time = new FakeTime();
  const batches: Reading[][] = [];
  const told: string[] = [];
  const events: SourceEvent[] = [];
  const southbound = createSouthbound({
    sources: [{ name: "fake", type: source.type(), config: {} }],
    sinkFor: () => ({
      ingest: (readings) => {
        batches.push([...readings]);
        return hub.commit(readings);
      },
      alive: () => void told.push("alive"),
      lost: () => void told.push("lost"),
    }),
    clock: time,
    timers: time,
    // The whole of each pause: what jitter takes away is tested with the back-off.
    random: () => 1,
    log: silentLogger,
    dataDir: "unused",
    settings,
  });
  southbound.onState((event) => events.push(event));
  const hub: TestHub = { time, source, southbound, batches, told, events, commit: async () => undefined };
  return hub;
}
