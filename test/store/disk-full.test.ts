import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import type { Store } from "../../src/store/contract.ts";
import { commit, errorCode, sample } from "../contract/store/store-fixture.ts";
import { openStore, putEntity, testFolder } from "./store-test-kit.ts";

const MEGABYTE = 1024 * 1024;

/** Commits documents until the store refuses; gives how many it took, and the code it refused with. */
async function fill(store: Store, from: number, characters: number): Promise<readonly [number, unknown]> {
  for (let number = from; number < from + 5_000; number++) {
    try {
      await commit(store, [{ mutations: [putEntity(`d${number}`, characters)] }]);
    } catch (error) {
      return [number, error instanceof Error && "code" in error ? error.code : error];
    }
  }
  throw new Error("the store was never full");
}

function expectSound(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  expect(database.prepare("PRAGMA integrity_check").all()).to.deep.equal([{ integrity_check: "ok" }]);
  database.close();
}

describe("a store at its budget", () => {
  const directory = testFolder();

  it("gives up the oldest history first, counted, and keeps the newest", async () => {
    const store = await openStore(join(directory, "history.sqlite"), { budget: MEGABYTE });
    const [id = 0] = await store.series.ensure(["s"], 1);
    const rows = 2_000;
    let at = 0;
    while ((await store.stats()).historyDropped === 0) {
      // Texts that do not compress, so that the budget is reached soon.
      const samples = Array.from({ length: rows }, () => sample(id, `${Math.sin(++at)}`, { at }));
      await commit(store, [{ samples }]);
      await store.sweep(1_000_000);
      expect(at).to.be.below(500_000);
    }
    const { historyRows, historyDropped } = await store.stats();
    expect(historyRows + historyDropped).to.equal(at);
    const kept = await store.series.history(id, { limit: 1e6, order: "oldest-first" });
    expect(kept.length).to.equal(historyRows);
    expect(kept.at(-1)?.at).to.equal(at);
    expect(kept[0]?.at).to.be.greaterThan(1);
    await store.close();
  });

  it("refuses what grows with store-full, takes deletes, and goes on", async () => {
    const file = join(directory, "documents.sqlite");
    const store = await openStore(file, { budget: MEGABYTE });
    const [number, code] = await fill(store, 0, 20_000);
    expect([code, number > 20]).to.deep.equal(["store-full", true]);
    expect(await errorCode(store.records("context").put("c", "{}", 1))).to.equal("store-full");
    for (let id = 0; id < 10; id++) {
      await commit(store, [{ mutations: [{ kind: "document.delete", collection: "entity", id: `d${id}` }] }]);
    }
    const [, again] = await fill(store, number, 20_000);
    expect(again).to.equal("store-full");
    expect(await store.documents.get("entity", `d${number}`), "written after space was made").to.be.an("object");
    await store.close();
    expectSound(file);
  });

  it("one commit far beyond the budget is refused whole", async () => {
    const file = join(directory, "huge.sqlite");
    const store = await openStore(file, { budget: MEGABYTE });
    const huge = Array.from({ length: 10 }, (_, index) => putEntity(`h${index}`, MEGABYTE));
    expect(await errorCode(store.commit([{ mutations: huge }], 1))).to.equal("store-full");
    expect((await store.documents.list("entity", undefined, { limit: 10 })).items).to.deep.equal([]);
    await commit(store, [{ mutations: [putEntity("small")] }]);
    await store.close();
    expectSound(file);
  });
});

describe("a store on a full disk", () => {
  const directory = mkdtempSync(join(tmpdir(), "twinweave-small-disk-"));

  before(function () {
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", directory]);
    if (mounted.status === 0) return;
    console.error("  SKIPPED a store on a full disk: mounting a small tmpfs needs root");
    this.skip();
  });
  after(() => {
    spawnSync("umount", [directory]);
    rmSync(directory, { recursive: true });
  });

  it("says store-full, breaks nothing, and goes on when there is space", async () => {
    const file = join(directory, "store.sqlite");
    const ballast = join(directory, "ballast");
    const store = await openStore(file);
    await commit(store, [{ mutations: [putEntity("first")] }]);
    writeFileSync(ballast, Buffer.alloc(2 * MEGABYTE));
    const [number, code] = await fill(store, 0, 20_000);
    expect(code).to.equal("store-full");
    expect(await store.documents.get("entity", "first")).to.be.an("object");
    expect(await store.documents.get("entity", `d${number}`)).to.equal(undefined);
    rmSync(ballast);
    await commit(store, [{ mutations: [putEntity("later", 20_000)] }]);
    const { total } = await store.documents.list("entity", undefined, { limit: 1, count: true });
    expect(total).to.equal(number + 2);
    await store.close();
    expectSound(file);
  });
});
