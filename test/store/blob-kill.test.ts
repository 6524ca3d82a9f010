import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { openStore, testFolder } from "./store-test-kit.ts";

const CHILD = fileURLToPath(new URL("./blob-child.ts", import.meta.url));
const HOUR = 3_600_000;

/** The files that a child acknowledged before it was killed, in the middle of others. */
async function killedChild(file: string, afterAcks: number, delayMs: number): Promise<readonly number[]> {
  const child: ChildProcess = spawn(process.execPath, [CHILD, file, "6"], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  let killing = false;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (killing || output.split("\n").length <= afterAcks) return;
    killing = true;
    setTimeout(() => child.kill("SIGKILL"), delayMs);
  });
  await once(child, "close");
  return [...output.matchAll(/^ack (\d+)$/gm)].map(([, number]) => Number(number));
}

describe("contents of files whose process is killed", () => {
  const folder = testFolder();
  const contents = (file: string): readonly string[] =>
    readdirSync(`${file}.blobs`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();

  it("are there for every file that was acknowledged, and a sweep leaves no other", async function () {
    this.timeout(60_000);
    const file = join(folder, "store.sqlite");
    const acknowledged = new Set<number>();
    let garbage = 0;
    for (const [acks, delay] of [
      [3, 0],
      [20, 3],
      [9, 7],
      [40, 1],
      [15, 11],
    ] as const) {
      for (const number of await killedChild(file, acks, delay)) acknowledged.add(number);
      const left = contents(file).length;
      const store = await openStore(file);
      const digests = new Set<string>();
      const { items } = await store.documents.list("submodel", undefined, { limit: 1_000 });
      for (const { id } of items) {
        const [row] = await store.documents.files("submodel", id);
        const stored = await buffer(await store.blobs.read(row?.digest ?? ""));
        expect(createHash("sha256").update(stored).digest("hex"), id).to.equal(row?.digest);
        digests.add(row?.digest ?? "");
      }
      const ids = new Set(items.map(({ id }) => Number(id.slice(1))));
      expect(
        [...acknowledged].filter((number) => !ids.has(number)),
        "acknowledged and lost",
      ).to.deep.equal([]);
      // Shards are looked through some at a time, so that no sweep takes long.
      for (let sweeps = 0; sweeps < 8; sweeps++) await store.sweep(Date.now() + HOUR);
      expect(contents(file)).to.deep.equal([...digests].sort());
      garbage += left - digests.size;
      await store.close();
    }
    expect(acknowledged.size).to.be.greaterThan(80);
    expect(garbage, "something was left behind, so that the sweeps had work").to.be.greaterThan(0);
  });

  it("are for their own user alone", function () {
    if (process.platform === "win32") this.skip();
    const entries = readdirSync(join(folder, "store.sqlite.blobs"), { recursive: true }).map(String);
    const open = entries.filter((name) => (statSync(join(folder, "store.sqlite.blobs", name)).mode & 0o077) !== 0);
    expect([entries.length > 2, open]).to.deep.equal([true, []]);
  });
});
