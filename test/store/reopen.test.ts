import { join } from "node:path";
import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { commit, errorCode, sample } from "../contract/store/store-fixture.ts";
import { openStore, putEntity, testFolder } from "./store-test-kit.ts";

describe("a store that is opened again", () => {
  const directory = testFolder();

  it("goes on counting where it was", async () => {
    const file = join(directory, "counters.sqlite");
    const first = await openStore(file, { outboxBound: 2 });
    const [id = 0] = await first.series.ensure(["s"], 1);
    const deliveries = ["a", "b", "c"].map((body) => ({ target: "t", kind: "k", body }));
    const samples = [sample(id, 1), sample(id, 2)];
    const seqs = await commit(first, [{ mutations: [putEntity("a")] }, { samples, deliveries }]);
    await first.close();
    const second = await openStore(file, { outboxBound: 2 });
    expect(await commit(second, [{ samples: [sample(id, 3)], deliveries: deliveries.slice(0, 1) }])).to.deep.equal([3]);
    expect(seqs).to.deep.equal([1, 2]);
    expect(await second.series.ensure(["s"], 2)).to.deep.equal([id]);
    expect((await second.stats()).historyRows).to.equal(3);
    expect(await second.outbox.stats(1_000_000)).to.include({ pending: 2, dropped: 2 });
    const rows = await second.series.history(id, { limit: 9, order: "oldest-first" });
    expect(new Set(rows.map(({ instance }) => instance)).size).to.equal(3);
    await second.close();
  });

  it("goes on bringing history together where it was", async () => {
    const file = join(directory, "compaction.sqlite");
    const first = await openStore(file, { hotRows: 500 });
    const ids = await first.series.ensure(
      Array.from({ length: 200 }, (_, index) => `s${index}`),
      1,
    );
    for (let at = 0; at < 4; at++) await commit(first, [{ samples: ids.map((id) => sample(id, at, { at })) }]);
    const sweeping = errorCode(first.sweep(1_000_000));
    // Closed between two steps of the run.
    for (let step = 0; step < 12; step++) await commit(first, [{}]);
    await first.close();
    expect(await sweeping).to.equal("aborted");
    const second = await openStore(file, { hotRows: 500 });
    const all = async () => {
      const times: string[] = [];
      for (const id of ids) {
        const rows = await second.series.history(id, { limit: 9, order: "oldest-first" });
        times.push(rows.map(({ at }) => at).join());
      }
      return [...new Set(times)];
    };
    expect(await all()).to.deep.equal(["0,1,2,3"]);
    await second.sweep(1_000_000);
    expect(await all()).to.deep.equal(["0,1,2,3"]);
    await second.close();
  });
});

describe("a store that is asked for more than it can write", () => {
  const directory = testFolder();

  it("says overloaded, and does what it had accepted", async () => {
    const store = await openStore(join(directory, "flood.sqlite"));
    const commits = Array.from({ length: 21_000 }, () => store.commit([{}], 1));
    const outcomes = await Promise.allSettled(commits);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }) => reason as unknown);
    expect(refused.length).to.be.within(900, 1_001);
    expect(refused.every((reason) => reason instanceof HubError && reason.code === "overloaded")).to.equal(true);
    expect((await store.stats()).units).to.equal(21_000 - refused.length);
    await commit(store, [{}]);
    await store.close();
  });
});
