import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { Intake, type IntakeSettings } from "../../../src/southbound/intake.ts";
import { reading } from "./fake-source.ts";
import { FakeTime, settle } from "./fake-time.ts";

const settings: IntakeSettings = { batch: 5, wait: 10, capacity: 20, inFlight: 2 };

function intake(overrides: Partial<IntakeSettings> = {}) {
  const time = new FakeTime();
  const batches: number[][] = [];
  const commits: PromiseWithResolvers<void>[] = [];
  const subject = new Intake({ ...settings, ...overrides }, time, (readings) => {
    batches.push(readings.map(({ value }) => Number(value)));
    const commit = Promise.withResolvers<void>();
    commits.push(commit);
    return commit.promise;
  });
  return { time, batches, commits, subject };
}

function values(from: number, to: number): Reading[] {
  return Array.from({ length: to - from + 1 }, (_, index) => reading("a", from + index));
}

function watch(push: Promise<void>): { state: string } {
  const seen = { state: "open" };
  push.then(
    () => {
      seen.state = "committed";
    },
    (thrown: unknown) => {
      seen.state = HubError.from(thrown).code;
    },
  );
  return seen;
}

describe("southbound intake", () => {
  it("hands on a full batch at once and a part of one after the wait", async () => {
    const { time, batches, subject } = intake();
    void subject.push(values(1, 7));
    expect(batches).to.deep.equal([[1, 2, 3, 4, 5]]);
    await time.pass(9);
    expect(batches).to.have.length(1);
    await time.pass(1);
    expect(batches[1]).to.deep.equal([6, 7]);
  });

  it("cuts batches across pushes and resolves a push when all of it is committed", async () => {
    const { batches, commits, subject, time } = intake();
    const first = watch(subject.push(values(1, 3)));
    const second = watch(subject.push(values(4, 8)));
    await time.pass(10);
    expect(batches).to.deep.equal([
      [1, 2, 3, 4, 5],
      [6, 7, 8],
    ]);
    commits[0]?.resolve();
    await settle();
    expect([first.state, second.state]).to.deep.equal(["committed", "open"]);
    commits[1]?.resolve();
    await settle();
    expect(second.state).to.equal("committed");
    expect(subject.depth).to.equal(0);
  });

  it("holds back while batches are on their way, then goes on in order", async () => {
    const { batches, commits, subject, time } = intake({ inFlight: 1 });
    void subject.push(values(1, 5));
    const held = watch(subject.push(values(6, 8)));
    await time.pass(1_000);
    expect(batches).to.deep.equal([[1, 2, 3, 4, 5]]);
    expect(held.state).to.equal("open");
    commits[0]?.resolve();
    await settle();
    expect(batches[1]).to.deep.equal([6, 7, 8]);
  });

  it("refuses a connector that goes on pushing past the capacity, and counts it", async () => {
    const { commits, subject } = intake({ inFlight: 1, capacity: 6 });
    void subject.push(values(1, 5));
    void subject.push(values(6, 11));
    const over = watch(subject.push(values(12, 12)));
    await settle();
    expect(over.state).to.equal("overloaded");
    expect(subject.refused).to.equal(1);
    commits[0]?.resolve();
    await settle();
    void subject.push(values(12, 12));
    expect(subject.refused, "there is room again").to.equal(1);
  });

  it("rejects exactly the pushes of a batch that was refused", async () => {
    const { commits, subject } = intake();
    const bad = watch(subject.push(values(1, 5)));
    const good = watch(subject.push(values(6, 10)));
    commits[1]?.resolve();
    commits[0]?.reject(new HubError("store-full", "full"));
    await settle();
    expect([bad.state, good.state]).to.deep.equal(["store-full", "committed"]);
    expect(subject.failed).to.equal(5);
  });

  it("flushes everything, and drops what waits when told to", async () => {
    const { batches, commits, subject } = intake({ inFlight: 1 });
    void subject.push(values(1, 2));
    const flushed = watch(subject.flush());
    expect(batches).to.deep.equal([[1, 2]]);
    const waiting = watch(subject.push(values(3, 4)));
    subject.drop(new HubError("aborted", "the hub stops"));
    await settle();
    expect(waiting.state).to.equal("aborted");
    expect(flushed.state).to.equal("open");
    commits[0]?.resolve();
    await settle();
    expect(flushed.state).to.equal("committed");
  });

  it("costs less than 5 µs a reading", async () => {
    const subject = new Intake({ ...settings, batch: 500, capacity: 20_000 }, new FakeTime(), async () => undefined);
    const readings = values(1, 10_000);
    await subject.push(readings);
    const rounds = 10;
    const start = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) await subject.push(readings);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / (rounds * readings.length)).to.be.below(5);
  });
});
