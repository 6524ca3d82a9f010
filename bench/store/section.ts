import { readFileSync } from "node:fs";
import { join } from "node:path";
import { silentLogger } from "../../src/core/logger.ts";
import { systemClock } from "../../src/core/time.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import type { Figure } from "../report/figure.ts";
import type { Section } from "../section.ts";
import { runRaw } from "./raw-sqlite.ts";
import { runStore } from "./store-samples.ts";

const SERIES = 10_000;
const BATCH = 500;

interface Run {
  readonly rowsPerSecond: number;
  readonly bytesPerRow: number | undefined;
}

/** Rows per second of the store and of plain node:sqlite: same rows, same batch, synced, one after the other. */
export const storeSection: Section = {
  name: "store",
  async run({ quick, folder }) {
    const batches = quick ? 20 : 600;
    const raw = await measure(batches, async () => runRaw(join(folder, "raw.sqlite"), SERIES, BATCH, batches));
    const figures: Figure[] = [];
    for (const callers of quick ? [4] : [1, 4, 16]) {
      const run = await measureStore(join(folder, `callers-${callers}`), callers, batches);
      figures.push({
        section: "store",
        what: `rows committed, ${callers} caller${callers === 1 ? "" : "s"} of ${BATCH} rows`,
        value: run.rowsPerSecond,
        unit: "rows/s",
        baseline: { what: "raw node:sqlite", value: raw.rowsPerSecond },
        ...writtenNote(run, raw),
      });
    }
    return figures;
  },
};

function writtenNote(run: Run, raw: Run): { note?: string } {
  if (run.bytesPerRow === undefined || raw.bytesPerRow === undefined) return {};
  return { note: `${Math.round(run.bytesPerRow)} bytes written a row; raw ${Math.round(raw.bytesPerRow)}` };
}

async function measureStore(directory: string, callers: number, batches: number): Promise<Run> {
  const options = { budget: 8 * 1024 ** 3, retention: 1e12, outboxBound: 1_000 };
  const stores = await openSqliteStores({ directory, options, clock: systemClock, log: silentLogger });
  try {
    const store = await stores.open("default");
    return await measure(batches, () => runStore(store, SERIES, BATCH, batches, callers));
  } finally {
    await stores.close();
  }
}

async function measure(batches: number, run: () => Promise<number>): Promise<Run> {
  const rows = batches * BATCH;
  const before = bytesWritten();
  const seconds = await run();
  const after = bytesWritten();
  const bytesPerRow = before === undefined || after === undefined ? undefined : (after - before) / rows;
  return { rowsPerSecond: rows / seconds, bytesPerRow };
}

/** Bytes that this process has sent to the disk; undefined where the system does not tell. */
function bytesWritten(): number | undefined {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
