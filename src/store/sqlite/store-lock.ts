import { DatabaseSync } from "node:sqlite";
import { HubError } from "../../core/errors.ts";
import { sqliteFailure } from "./sqlite-failure.ts";

/**
 * One hub a data directory. The lock is SQLite's own exclusive lock on a database beside the data, which the operating
 * system takes back from a process that was killed: nothing stale can stay behind. `store-busy` where it is held.
 */
export class StoreLock {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      // In memory, so that no journal file is left by a kill.
      database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    } catch (error) {
      database.close();
      const failure = sqliteFailure(error);
      if (failure.code !== "store-busy") throw failure;
      throw new HubError("store-busy", `another hub runs on this data directory (it holds ${file})`, { cause: error });
    }
    this.#database = database;
  }

  release(): void {
    this.#database.close();
  }
}
