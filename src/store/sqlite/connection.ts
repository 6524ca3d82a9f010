import { DatabaseSync } from "node:sqlite";

export type Synchronous = "FULL" | "OFF";

const BUSY_MS = 5_000;
/** Pages of the log before it is copied into the file: 16 MB. */
const CHECKPOINT_PAGES = 4_096;
const LOG_LIMIT_BYTES = 64 * 1024 * 1024;

/** The one connection that writes. WAL with a sync of the log at every commit, as `synchronous=FULL` says. */
export function openForWriting(file: string, synchronous: Synchronous): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${synchronous};
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES};
    PRAGMA cache_size = -32768;
    PRAGMA temp_store = MEMORY;
  `);
  return database;
}

export function openForReading(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_MS, readOnly: true });
  database.exec("PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;");
  return database;
}
