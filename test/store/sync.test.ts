import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { requireForeign } from "../support/foreign-server.ts";

const CHILD = fileURLToPath(new URL("./store-child.ts", import.meta.url));
const COMMITS = 20;

/**
 * Acknowledgements in a trace before which the log was written and not synced. Killing a process cannot show a missing
 * sync, because the page cache survives; the order of the system calls can.
 */
function unsyncedAcks(trace: string): { readonly acks: number; readonly unsynced: number } {
  let acks = 0;
  let unsynced = 0;
  let dirty = false;
  let written = false;
  /** Threads whose sync of the log is traced in two lines; it is done at the second. */
  const syncing = new Set<string>();
  for (const line of trace.split("\n")) {
    const thread = line.slice(0, line.indexOf(" "));
    if (/ (?:pwrite64|write)\(\d+<[^>]*-wal>/.test(line)) {
      dirty = true;
      written = true;
    } else if (/ f(?:data)?sync\(\d+<[^>]*-wal>\) += 0$/.test(line)) dirty = false;
    else if (/ f(?:data)?sync\(\d+<[^>]*-wal> <unfinished/.test(line)) syncing.add(thread);
    else if (/<\.\.\. f(?:data)?sync resumed>\) += 0$/.test(line)) dirty = !syncing.delete(thread) && dirty;
    else if (line.includes('"ack ')) {
      acks += 1;
      if (dirty || !written) unsynced += 1;
      written = false;
    }
  }
  return { acks, unsynced };
}

describe("the sync of the log", () => {
  const directory = mkdtempSync(join(tmpdir(), "twinweave-sync-"));
  let strace = "";
  before(function () {
    strace = requireForeign(this, "strace");
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const trace = (synchronous: string): string => {
    const out = join(directory, `${synchronous}.trace`);
    const watch = ["-f", "-y", "-e", "trace=fdatasync,fsync,write,pwrite64", "-o", out];
    const child = [process.execPath, CHILD, join(directory, `${synchronous}.sqlite`), synchronous, `${COMMITS}`, "1"];
    const run = spawnSync(strace, [...watch, ...child], { encoding: "utf8", timeout: 30_000 });
    expect(run.status, run.stderr).to.equal(0);
    return readFileSync(out, "utf8");
  };

  it("comes before every acknowledgement", function () {
    this.timeout(30_000);
    expect(unsyncedAcks(trace("FULL"))).to.deep.equal({ acks: COMMITS, unsynced: 0 });
  });

  it("is missed by this very check when the store does not sync", function () {
    this.timeout(30_000);
    expect(unsyncedAcks(trace("OFF"))).to.deep.equal({ acks: COMMITS, unsynced: COMMITS });
  });
});
