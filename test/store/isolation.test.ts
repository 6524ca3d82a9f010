import { join } from "node:path";
import { expect } from "chai";
import type { Mutation } from "../../src/core/mutation.ts";
import type { Sample } from "../../src/store/series-contract.ts";
import { openStore, putEntity, testFolder } from "./store-test-kit.ts";

const sample = (series: number, value: string, at: number): Sample => ({
  series,
  value,
  quality: "good",
  code: `Code${value}`,
  at,
  receivedAt: at,
  live: true,
  record: true,
});

/** What passes all checks and SQLite refuses: a structure where the table has numbers. */
function poison(id: string): Mutation {
  const part = { key: "a", name: "a", kind: "Property", body: "{}", num: {} as unknown as number };
  return { kind: "document.put", collection: "entity", document: { id, body: "{}", keys: {} }, parts: [part] };
}

describe("sqlite: a call that SQLite refuses fails alone", () => {
  const folder = testFolder();

  it("and costs none of those that share its transaction anything", async () => {
    const store = await openStore(join(folder, "poison.sqlite"));
    const [first = 0, second = 0] = await store.series.ensure(["first", "second"], 1);
    const outcomes = await Promise.allSettled([
      store.commit([{ samples: [sample(first, "one", 10)] }], 10),
      store.commit([{ mutations: [putEntity("urn:before")] }, { samples: [sample(first, "then", 11)] }], 11),
      store.commit([{ mutations: [poison("urn:poison")], samples: [sample(second, "never", 12)] }], 12),
      store.commit([{ samples: [sample(second, "two", 13)] }, { mutations: [putEntity("urn:after")] }], 13),
      store.records("discovery").put("a", "{}", 14),
    ]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    const refused = outcomes[2];
    expect(refused?.status === "rejected" && refused.reason).to.have.property("code", "internal");
    const signals = await store.series.signals([first, second]);
    expect(signals.map(({ value, code }) => [value, code])).to.deep.equal([
      ["then", "Codethen"],
      ["two", "Codetwo"],
    ]);
    const history = await store.series.history(second, { limit: 10, order: "oldest-first" });
    expect(history.map(({ value }) => value)).to.deep.equal(["two"]);
    expect(await store.documents.get("entity", "urn:poison")).to.equal(undefined);
    expect(await store.documents.get("entity", "urn:before")).not.to.equal(undefined);
    expect(await store.documents.get("entity", "urn:after")).not.to.equal(undefined);
    expect(await store.records("discovery").get("a")).not.to.equal(undefined);
    await store.close();
  });
});
