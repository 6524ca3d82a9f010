import { expect } from "chai";
import { silentLogger } from "../../src/core/logger.ts";
import type { Channel, Outcome, SendResult } from "../../src/deliver/delivery-contract.ts";
import { DeliveryWorker } from "../../src/deliver/delivery-worker.ts";
import { retryDelay } from "../../src/deliver/retry-policy.ts";
import type { Delivery, NewDelivery, OutboxPort } from "../../src/store/contract.ts";

/** An outbox in memory with the contract's order and marks. */
class MemoryOutbox implements OutboxPort {
  readonly rows: (Delivery & { due: number; attempts: number })[] = [];
  readonly buried: number[] = [];
  #next = 1;

  add(delivery: NewDelivery): void {
    this.rows.push({ ...delivery, id: this.#next++, createdAt: 0, attempts: 0, due: 0 });
  }
  async claim(limit: number, now: number, busy: readonly string[]): Promise<readonly Delivery[]> {
    const first = new Map<string, (typeof this.rows)[number]>();
    for (const row of this.rows) if (!first.has(row.target)) first.set(row.target, row);
    return [...first.values()].filter((row) => row.due <= now && !busy.includes(row.target)).slice(0, limit);
  }
  async behind(): Promise<readonly Delivery[]> {
    return [];
  }
  async delivered(ids: readonly number[]): Promise<void> {
    for (const id of ids) this.#remove(id);
  }
  async retry(id: number, next: number): Promise<void> {
    const row = this.rows.find((one) => one.id === id);
    if (row !== undefined) Object.assign(row, { due: next, attempts: row.attempts + 1 });
  }
  async bury(id: number): Promise<void> {
    this.buried.push(id);
    this.#remove(id);
  }
  async drop(): Promise<number> {
    return 0;
  }
  async stats() {
    return { pending: this.rows.length, oldestAge: 0, dropped: 0, bound: 100 };
  }
  #remove(id: number): void {
    this.rows.splice(
      this.rows.findIndex((row) => row.id === id),
      1,
    );
  }
}

describe("The delivery worker", () => {
  const clock = { ms: 0, now: () => clock.ms };
  const workers: DeliveryWorker[] = [];
  afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.stop())));

  /** A worker whose channel answers what `answer` says; `settled` resolves with the nth outcome. */
  function start(
    outbox: MemoryOutbox,
    answer: (url: string) => SendResult | Promise<SendResult>,
    tries = 3,
    concurrency = 8,
  ) {
    const sent: string[] = [];
    const outcomes: Outcome[] = [];
    const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
    const channel: Channel = {
      schemes: ["test:"],
      async send({ url, body }) {
        sent.push(body);
        return answer(url);
      },
    };
    const renderer = {
      async render({ target, body }: Delivery) {
        return body === "nothing" ? undefined : { url: `test:${target}`, headers: {}, body };
      },
      settled(_delivery: Delivery, outcome: Outcome) {
        outcomes.push(outcome);
        for (const one of waiting) if (outcomes.length >= one.count) one.resolve();
      },
    };
    const retry = { first: 10, longest: 100, tries };
    const worker = new DeliveryWorker({
      outbox,
      renderers: { kind: renderer },
      channels: [channel],
      clock,
      log: silentLogger,
      retry,
      concurrency,
      random: () => 1,
    });
    workers.push(worker);
    const settled = (count: number): Promise<void> =>
      outcomes.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve }));
    return { worker, sent, outcomes, settled };
  }

  it("keeps the order of a target, and a stuck target holds up no other", async () => {
    const outbox = new MemoryOutbox();
    for (const body of ["a1", "a2", "a3"]) outbox.add({ target: "a", kind: "kind", body });
    for (const body of ["b1", "b2"]) outbox.add({ target: "b", kind: "kind", body });
    const stuck = Promise.withResolvers<SendResult>();
    const { worker, sent, settled } = start(outbox, (url) => (url === "test:b" ? stuck.promise : { ok: true }));
    worker.wake();
    await settled(3);
    expect(sent.filter((body) => body.startsWith("a"))).to.deep.equal(["a1", "a2", "a3"]);
    expect(sent.filter((body) => body.startsWith("b"))).to.deep.equal(["b1"]);
    stuck.resolve({ ok: true });
    await settled(5);
    expect(outbox.rows).to.deep.equal([]);
  });

  it("tries again after a growing pause, and buries at the bound", async () => {
    const outbox = new MemoryOutbox();
    outbox.add({ target: "a", kind: "kind", body: "x" });
    const { worker, outcomes, settled } = start(outbox, () => ({
      ok: false,
      reason: "503",
      lasting: false,
      gone: false,
    }));
    for (const [count, due] of [
      [1, 10],
      [2, 20],
    ] as const) {
      worker.wake();
      await settled(count);
      expect(outbox.rows[0]?.due).to.equal(clock.ms + due);
      clock.ms += due;
    }
    worker.wake();
    await settled(3);
    expect(outbox.buried).to.deep.equal([1]);
    expect(outcomes.map((outcome) => outcome.kind === "failed" && outcome.final)).to.deep.equal([false, false, true]);
    expect(await worker.counters()).to.include({ failed: 3, buried: 1, delivered: 0 });
  });

  it("does not try again what will never work, and drops what nobody wants any more", async () => {
    const outbox = new MemoryOutbox();
    outbox.add({ target: "a", kind: "kind", body: "nothing" });
    outbox.add({ target: "a", kind: "kind", body: "x" });
    const { worker, settled, sent } = start(outbox, () => ({ ok: false, reason: "410", lasting: true, gone: true }));
    worker.wake();
    await settled(1);
    expect(sent).to.deep.equal(["x"]);
    expect(outbox.buried).to.deep.equal([2]);
  });

  it("keeps to its concurrency", async () => {
    const outbox = new MemoryOutbox();
    for (let n = 0; n < 6; n += 1) outbox.add({ target: `t${n}`, kind: "kind", body: "x" });
    const gates: PromiseWithResolvers<SendResult>[] = [];
    let most = 0;
    const { worker, settled } = start(
      outbox,
      () => {
        const gate = Promise.withResolvers<SendResult>();
        gates.push(gate);
        most = Math.max(most, gates.length);
        queueMicrotask(() => {
          gates.splice(gates.indexOf(gate), 1);
          gate.resolve({ ok: true });
        });
        return gate.promise;
      },
      3,
      2,
    );
    worker.wake();
    await settled(6);
    expect(most).to.be.within(1, 2);
  });

  it("waits longer each time, up to a bound, with jitter", () => {
    const policy = { first: 100, longest: 1000, tries: 9 };
    expect([1, 2, 3, 9].map((attempts) => retryDelay(policy, attempts, () => 1))).to.deep.equal([100, 200, 400, 1000]);
    expect(retryDelay(policy, 1, () => 0)).to.equal(50);
  });
});
