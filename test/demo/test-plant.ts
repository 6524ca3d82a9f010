import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DemoOptions } from "../../src/demo/demo-options.ts";
import { type DemoPlant, startDemoPlant } from "../../src/demo/demo-plant.ts";

/** A plant of one suite, with a folder that goes away with it. */
export interface TestPlant {
  readonly plant: DemoPlant;
  readonly folder: string;
  close(): Promise<void>;
}

/** Starts a plant on free ports, ticking fast enough for a test. */
export async function startTestPlant(options: Partial<DemoOptions> = {}): Promise<TestPlant> {
  const folder = await mkdtemp(join(tmpdir(), "twinweave-demo-"));
  const plant = await startDemoPlant({ tickMs: 50, ...options, dataDir: folder });
  return {
    plant,
    folder,
    async close() {
      await plant.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
