import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { requireForeign } from "../support/foreign-server.ts";
import { testFolder } from "./store-test-kit.ts";

const CHILD = fileURLToPath(new URL("./blob-child.ts", import.meta.url));
const FILES = 6;

/** What is traced, in order: `f` a content synced, `r` put in place, `d` its folder synced, `w` the log written, `a` acknowledged. */
function stepsOf(trace: string): string {
  const waiting = new Map<string, string>();
  let steps = "";
  for (const line of trace.split("\n")) {
    const thread = line.slice(0, line.indexOf(" "));
    if (line.includes('"ack ')) steps += "a";
    else if (/ (?:pwrite64|write)\(\d+<[^>]*-wal>/.test(line)) steps += "w";
    else if (/ rename\w*\(.*incoming/.test(line)) steps += "r";
    const synced = / f(?:data)?sync\(\d+<([^>]*)>/.exec(line)?.[1];
    const step =
      synced === undefined ? "" : synced.includes("/incoming/") ? "f" : /\.blobs\/[0-9a-f]{2}$/.test(synced) ? "d" : "";
    if (line.endsWith("<unfinished ...>")) waiting.set(thread, step);
    else if (/<\.\.\. f(?:data)?sync resumed>\) += 0$/.test(line)) {
      steps += waiting.get(thread) ?? "";
      waiting.delete(thread);
    } else steps += step;
  }
  return steps;
}

describe("the sync of a file's content", () => {
  const folder = testFolder();

  it("comes before it is in its place, that of the folder before anything of it is in the log", function () {
    this.timeout(30_000);
    const strace = requireForeign(this, "strace");
    const out = join(folder, "blobs.trace");
    const watch = ["-f", "-y", "-e", "trace=fdatasync,fsync,write,pwrite64,rename,renameat,renameat2", "-o", out];
    const child = [process.execPath, CHILD, join(folder, "store.sqlite"), "1", String(FILES)];
    const run = spawnSync(strace, [...watch, ...child], { encoding: "utf8", timeout: 30_000 });
    expect(run.status, run.stderr).to.equal(0);
    const files = stepsOf(readFileSync(out, "utf8")).split("a").slice(0, FILES);
    expect(files).to.have.length(FILES);
    // The schema's own writes come before the first.
    for (const steps of files) expect(steps).to.match(/^w*frdw+$/);
  });
});
