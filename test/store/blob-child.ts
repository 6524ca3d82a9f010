import { writeSync } from "node:fs";
import { Readable } from "node:stream";
import { systemClock } from "../../src/core/time.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";

/**
 * A process for tests to watch and to kill: `blob-child.ts <file> <callers> [<files>]`. Writes contents of all sizes, gives each as a file to a
 * document of its own, sweeps now and then, and writes `ack <number>` when a file is acknowledged.
 */
const [file = "", callers = "1", files = "Infinity"] = process.argv.slice(2);
const options = {
  file,
  budget: 1024 ** 3,
  retention: 1e12,
  outboxBound: 1e6,
  hotRows: 500,
  synchronous: "FULL",
} as const;
const store = await SqliteStore.open(options, systemClock);
const { total = 0 } = await store.documents.list("submodel", undefined, { limit: 0, count: true });
const never = new AbortController().signal;
let next = total + 1;

function contentOf(number: number): Readable {
  const pieces = Array.from({ length: 1 + (number % 5) }, () => Buffer.alloc(30_000, String(number)));
  return Readable.from(pieces);
}

async function caller(): Promise<void> {
  while (next <= Number(files)) {
    const number = next++;
    const id = `d${number}`;
    const ref = await store.blobs.write(contentOf(number), 1e6, never);
    const document = { id, body: JSON.stringify(ref), keys: {} };
    const [result] = await store.commit(
      [
        {
          mutations: [
            { kind: "document.put", collection: "submodel", document, parts: [] },
            { kind: "file.put", collection: "submodel", id, file: { name: "f", contentType: "text/plain", ...ref } },
          ],
        },
      ],
      number,
    );
    if (result?.ok === true) writeSync(1, `ack ${number}\n`);
    // An hour later, by a clock that runs fast: what is given up is swept while others write.
    if (number % 7 === 0) await store.sweep(systemClock.now() + 3_600_000);
  }
}

writeSync(1, "ready\n");
await Promise.all(Array.from({ length: Number(callers) }, caller));
await store.close();
