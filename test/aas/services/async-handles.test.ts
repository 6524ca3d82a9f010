import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type AsyncHandles, createAsyncHandles } from "../../../src/aas/services/async-handles.ts";
import { HubError } from "../../../src/core/errors.ts";
import type { SqliteStore } from "../../../src/store/sqlite/sqlite-store.ts";
import { openStore } from "../../store/store-test-kit.ts";

describe("asynchronous jobs and their handles", () => {
  const options = { bound: 3, keep: 1_000 };
  const time = { at: 1_000_000, now: () => time.at };
  let directory: string;
  let store: SqliteStore;
  let handles: AsyncHandles;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "twinweave-handles-"));
    store = await openStore(join(directory, "a.sqlite"));
    handles = open();
  });

  afterEach(async () => {
    await handles.close();
    await store.close();
    await rm(directory, { recursive: true });
  });

  const open = (): AsyncHandles => createAsyncHandles({ records: store.records("handle"), clock: time }, options);

  /** A job that ends when the test says so. */
  async function job(topic = "t"): Promise<{ id: string; end(how: Promise<unknown>): Promise<void> }> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const id = await handles.start(topic, () => promise);
    return {
      id,
      async end(how) {
        resolve(how);
        while ((await handles.job(topic, id)).state === "running") await new Promise(setImmediate);
      },
    };
  }

  const codeOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "none",
      (thrown) => HubError.from(thrown).code,
    );

  it("go from running to a result, found under their own topic alone", async () => {
    const { id, end } = await job();
    expect(await handles.job("t", id)).to.deep.equal({ state: "running" });
    expect(await codeOf(handles.job("other", id))).to.equal("not-found");
    await end(Promise.resolve({ speed: 3 }));
    expect(await handles.job("t", id)).to.deep.equal({ state: "completed", result: { speed: 3 } });
    expect(id).to.match(/^[0-9a-f-]{36}$/);
  });

  it("keep an error with its code and problems", async () => {
    const { id, end } = await job();
    const problems = [{ place: "/0", message: "no such thing" }];
    await end(Promise.reject(new HubError("device-refused", "BadUserAccessDenied", { problems })));
    const found = await handles.job("t", id);
    if (found.state !== "failed") throw new Error(`is ${found.state}`);
    expect(found.error).to.include({ code: "device-refused", message: "BadUserAccessDenied" });
    expect(found.error.problems).to.deep.equal(problems);
  });

  it("are gone some time after they finished, never while they run", async () => {
    const runs = await job();
    const done = await job();
    await done.end(Promise.resolve(1));
    time.at += 999;
    expect((await handles.job("t", done.id)).state).to.equal("completed");
    time.at += 1;
    expect(await codeOf(handles.job("t", done.id))).to.equal("not-found");
    await handles.sweep();
    expect((await store.records("handle").list({ limit: 10 })).items.map(({ id }) => id)).to.deep.equal([runs.id]);
    expect((await handles.job("t", runs.id)).state).to.equal("running");
  });

  it("are bounded: what finished first makes room, and where all run a new one is refused", async () => {
    const [a, b, c] = [await job(), await job(), await job()];
    expect(await codeOf(handles.start("t", async () => 1))).to.equal("overloaded");
    await b.end(Promise.resolve(1));
    time.at += 1;
    await a.end(Promise.resolve(1));
    const d = await job();
    expect(await codeOf(handles.job("t", b.id))).to.equal("not-found");
    for (const one of [a, c, d]) expect(await codeOf(handles.job("t", one.id))).to.equal("none");
    expect((await store.records("handle").list({ limit: 10 })).items).to.have.length(3);
  });

  it("outlive a restart: results are there, what ran has failed and says so", async () => {
    const done = await job();
    await done.end(Promise.resolve([1, 2]));
    const ran = await job();
    // A hub that was killed: nobody closed the handles.
    const later = open();
    expect(await later.job("t", done.id)).to.deep.equal({ state: "completed", result: [1, 2] });
    const found = await later.job("t", ran.id);
    if (found.state !== "failed") throw new Error(`is ${found.state}`);
    expect(found.error.message).to.contain("restarted");
    time.at += 1_000;
    expect(await codeOf(later.job("t", ran.id))).to.equal("not-found");
  });

  it("of a hub that stops are told, and end as failed", async () => {
    let told = false;
    const id = await handles.start("t", (abort) => {
      abort.addEventListener("abort", () => (told = true));
      return new Promise(() => undefined);
    });
    await handles.close();
    expect(told).to.equal(true);
    expect((await open().job("t", id)).state).to.equal("failed");
  });

  it("that the store cannot keep are answered all the same, and kept as soon as it can", async () => {
    let full = false;
    const records = store.records("handle");
    const put: typeof records.put = async (...args) => {
      if (full) throw new HubError("store-full", "no space");
      await records.put(...args);
    };
    handles = createAsyncHandles({ records: { ...records, put }, clock: time }, options);
    const { id, end } = await job();
    full = true;
    await end(Promise.resolve("ok"));
    expect(await handles.job("t", id)).to.deep.equal({ state: "completed", result: "ok" });
    full = false;
    await handles.sweep();
    expect(await open().job("t", id)).to.deep.equal({ state: "completed", result: "ok" });
  });
});
