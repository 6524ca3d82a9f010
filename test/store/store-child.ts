import { writeSync } from "node:fs";
import { systemClock } from "../../src/core/time.ts";
import type { CommitUnit } from "../../src/store/contract.ts";
import type { Synchronous } from "../../src/store/sqlite/connection.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";

/**
 * A process for tests to watch and to kill: `store-child.ts <file> <synchronous> <commits> <callers>`. Commits units of
 * one document, one series and one delivery each, and writes `ack <number>` when a unit is acknowledged.
 */
const [file = "", synchronous = "FULL", commits = "0", callers = "1"] = process.argv.slice(2);
const options = { file, budget: 1024 ** 3, retention: 1e12, outboxBound: 1e6, hotRows: 500 };
const store = await SqliteStore.open({ ...options, synchronous: synchronous as Synchronous }, systemClock);
const [series = 0] = await store.series.ensure(["s"], 1);
const { total = 0 } = await store.documents.list("entity", undefined, { limit: 0, count: true });
let next = total + 1;

function unit(number: number): CommitUnit {
  const value = { value: number, quality: "good", at: number, receivedAt: number, live: true, record: true } as const;
  const id = `d${number}`;
  const document = { id, body: "x".repeat(number % 900), keys: { type: ["T"] } };
  return {
    mutations: [
      { kind: "document.put", collection: "entity", document, parts: [] },
      { kind: "part.put", collection: "entity", id, part: { key: "p", name: "p", kind: "Property", body: "1" } },
    ],
    samples: [{ series, ...value }],
    deliveries: [{ target: "t", kind: "k", body: id }],
  };
}

async function caller(): Promise<void> {
  while (next <= Number(commits)) {
    const number = next++;
    const [result] = await store.commit([unit(number)], number);
    // Synchronous, so that what is printed is what was acknowledged when the process dies.
    if (result?.ok === true) writeSync(1, `ack ${number}\n`);
    if (number % 200 === 0) await store.sweep(number);
  }
}

writeSync(1, "ready\n");
await Promise.all(Array.from({ length: Number(callers) }, caller));
await store.close();
