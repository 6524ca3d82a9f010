import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "../../src/core/logger.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import { storeContract } from "../contract/store/store-contract.ts";

describe("SQLite", () => {
  const root = mkdtempSync(join(tmpdir(), "twinweave-store-"));
  after(() => rmSync(root, { recursive: true, force: true }));

  // History is brought together early, so that small tests reach its chunks.
  storeContract("SQLite", (options, clock) => {
    const directory = mkdtempSync(join(root, "hub-"));
    return openSqliteStores({ directory, options, clock, log: silentLogger, hotRows: 200 });
  });
});
