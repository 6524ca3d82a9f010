import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mutation } from "../../src/core/mutation.ts";
import { systemClock } from "../../src/core/time.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { WriterOptions } from "../../src/store/sqlite/writer.ts";

export function openStore(file: string, options: Partial<WriterOptions> = {}): Promise<SqliteStore> {
  const usual = {
    budget: 1024 ** 3,
    retention: 1e12,
    outboxBound: 1_000,
    hotRows: 1_000,
    synchronous: "FULL",
  } as const;
  return SqliteStore.open({ ...usual, file, ...options }, systemClock);
}

export function putEntity(id: string, characters = 2): Mutation {
  const document = { id, body: "x".repeat(characters), keys: { type: ["T"] } };
  return { kind: "document.put", collection: "entity", document, parts: [] };
}

/** A folder for the tests of one suite; call it inside `describe`. */
export function testFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), "twinweave-store-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
