import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startHubProcess } from "../process/hub.ts";
import { median } from "../report/quantile.ts";
import type { Section } from "../section.ts";

const MIB = 1024 ** 2;
/** How long an empty hub is left alone before its memory is read, ms. */
const SETTLE = 2_000;

/** An empty hub: how soon it is ready, and what it holds when nothing happens. */
export const startUpSection: Section = {
  name: "start-up",
  async run({ quick, folder }) {
    const ready: number[] = [];
    const resident: number[] = [];
    for (let round = 0; round < (quick ? 1 : 5); round += 1) {
      const hub = await startHubProcess(join(folder, String(round)), { "twinweave.yaml": "{}\n" });
      ready.push(hub.readyAfter);
      await pause(quick ? 0 : SETTLE);
      resident.push((await hub.metrics())("process_resident_memory_bytes") / MIB);
      await hub.stop();
    }
    return [
      {
        section: "start-up",
        what: "empty hub, process start to ready",
        value: median(ready),
        unit: "ms",
        target: { of: "value", atMost: 2_000 },
        note: `median of ${ready.length}`,
      },
      { section: "start-up", what: "empty hub, resident memory when idle", value: median(resident), unit: "MiB" },
    ];
  },
};
