import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { systemClock } from "../../src/core/time.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";

const CHILD = fileURLToPath(new URL("./store-child.ts", import.meta.url));
const ROUNDS = 12;
const SEED = 20_261_122;

/** The numbers of the units that a child acknowledged before it was killed, some commits in. */
async function killedChild(file: string, afterAcks: number, delayMs: number): Promise<readonly number[]> {
  const child: ChildProcess = spawn(process.execPath, [CHILD, file, "FULL", "1000000", "8"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
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

describe("a store whose process is killed", () => {
  const directory = mkdtempSync(join(tmpdir(), "twinweave-kill-"));
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("has all that was acknowledged, each unit whole or not at all, and is sound", async function () {
    this.timeout(60_000);
    const file = join(directory, "store.sqlite");
    const acknowledged = new Set<number>();
    let random = SEED;
    const draw = (below: number): number => {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((random / 2 ** 32) * below);
    };
    for (let round = 0; round < ROUNDS; round++) {
      for (const number of await killedChild(file, 1 + draw(400), draw(12))) acknowledged.add(number);
      await inspect(file, acknowledged);
    }
    expect(acknowledged.size).to.be.greaterThan(ROUNDS);
  });
});

async function inspect(file: string, acknowledged: ReadonlySet<number>): Promise<void> {
  const options = {
    file,
    budget: 1024 ** 3,
    retention: 1e12,
    outboxBound: 1e6,
    hotRows: 500,
    synchronous: "FULL",
  } as const;
  const store = await SqliteStore.open(options, systemClock);
  try {
    const [series = 0] = await store.series.ensure(["s"], 1);
    const rows = await store.series.history(series, { limit: 1e6, order: "oldest-first" });
    const [signal] = await store.series.signals([series]);
    const { pending } = await store.outbox.stats(0);
    const kept = rows.map(({ at }) => at);
    expect(new Set(kept).size, "no reading twice").to.equal(kept.length);
    const present = new Set(kept);
    expect(
      [...acknowledged].filter((number) => !present.has(number)),
      "acknowledged and lost",
    ).to.deep.equal([]);
    const documents = (await documentIds(store)).map((id) => Number(id.slice(1)));
    expect(
      documents.toSorted((a, b) => a - b),
      "document and sample of a unit",
    ).to.deep.equal(kept);
    const parts = await store.documents.partsOf(
      "entity",
      documents.map((number) => `d${number}`),
    );
    expect(parts.size, "document and part of a unit").to.equal(kept.length);
    expect(pending, "deliveries").to.equal(kept.length);
    if (kept.length > 0) expect(present.has(signal?.at ?? -1)).to.equal(true);
  } finally {
    await store.close();
  }
  const database = new DatabaseSync(file, { readOnly: true });
  expect(database.prepare("PRAGMA integrity_check").all()).to.deep.equal([{ integrity_check: "ok" }]);
  database.close();
}

async function documentIds(store: SqliteStore): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page: Awaited<ReturnType<SqliteStore["documents"]["list"]>> = await store.documents.list(
      "entity",
      undefined,
      {
        limit: 1_000,
        after,
      },
    );
    ids.push(...page.items.map(({ id }) => id));
    after = page.next;
  }
  return ids;
}
