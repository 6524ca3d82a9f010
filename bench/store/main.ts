import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "../../src/core/logger.ts";
import { systemClock } from "../../src/core/time.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import { runRaw } from "./raw-sqlite.ts";
import { runStore } from "./store-samples.ts";

/** Rows per second of the store and of plain node:sqlite, same rows and batch, in the same run. */
const SERIES = 10_000;
const BATCH = 500;
const BATCHES = 1_000;
const ROWS = BATCH * BATCHES;

/** Bytes that this process has sent to the disk; undefined where the system does not tell. */
function bytesWritten(): number | undefined {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

interface Run {
  readonly rowsPerSecond: number;
  readonly bytesPerRow: number | undefined;
}

async function measure(run: () => Promise<number>): Promise<Run> {
  const before = bytesWritten();
  const seconds = await run();
  const after = bytesWritten();
  const bytesPerRow = before === undefined || after === undefined ? undefined : (after - before) / ROWS;
  return { rowsPerSecond: ROWS / seconds, bytesPerRow };
}

async function measureStore(directory: string, callers: number): Promise<Run> {
  const options = { budget: 8 * 1024 ** 3, retention: 1e12, outboxBound: 1_000 };
  const stores = await openSqliteStores({ directory, options, clock: systemClock, log: silentLogger });
  const store = await stores.open("default");
  const run = await measure(() => runStore(store, SERIES, BATCH, BATCHES, callers));
  await stores.close();
  return run;
}

const root = mkdtempSync(join(tmpdir(), "twinweave-bench-"));
try {
  const raw = await measure(async () => runRaw(join(root, "raw.sqlite"), SERIES, BATCH, BATCHES));
  const table = [{ what: "raw node:sqlite", ...raw }];
  for (const callers of [1, 4, 16]) {
    const run = await measureStore(join(root, `callers-${callers}`), callers);
    table.push({ what: `store, ${callers} caller${callers === 1 ? "" : "s"}`, ...run });
  }
  console.log(`${ROWS} readings of ${SERIES} series, ${BATCH} a commit, synced: current value and history`);
  console.table(
    table.map(({ what, rowsPerSecond, bytesPerRow }) => ({
      what,
      "rows/s": Math.round(rowsPerSecond),
      "of raw": (rowsPerSecond / raw.rowsPerSecond).toFixed(2),
      "bytes written a row": bytesPerRow === undefined ? "?" : Math.round(bytesPerRow),
    })),
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}
