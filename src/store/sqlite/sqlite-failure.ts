import { HubError, type HubErrorCode } from "../../core/errors.ts";

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html); the extended ones hold them in the low byte. */
const sqlite = {
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  notADatabase: 26,
} as const;
const ofTheStore: ReadonlySet<number> = new Set(Object.values(sqlite));
/** SQLITE_IOERR_SHMSIZE: the index of the log cannot grow, which nothing but a full disk causes. */
const shmSize = 4_874;
const meanings: Readonly<Record<number, readonly [HubErrorCode, string]>> = {
  [sqlite.busy]: ["store-busy", "the store is held by another process"],
  [sqlite.locked]: ["store-busy", "the store is held by another connection"],
  [sqlite.corrupt]: ["store-corrupt", "the store's file is damaged; restore it from a backup"],
  [sqlite.notADatabase]: ["store-corrupt", "the store's file is not a SQLite database; restore it from a backup"],
  [sqlite.full]: ["store-full", "the store's disk or its budget is full; nothing of this write was kept"],
  [sqlite.ioError]: ["internal", "the store's disk failed to read or write"],
};

/** Whatever a statement threw, as a HubError, told apart by SQLite's number and never by its message. */
export function sqliteFailure(thrown: unknown): HubError {
  if (thrown instanceof HubError) return thrown;
  const number = sqliteNumber(thrown);
  const meaning = number === undefined ? undefined : meanings[number === shmSize ? sqlite.full : number & 0xff];
  if (meaning === undefined) return HubError.from(thrown);
  return new HubError(meaning[0], `${meaning[1]} (SQLite ${number})`, { cause: thrown });
}

/** Whether file, disk or machine are at fault, so that any other statement would fail likewise. */
export function failsTheStore(thrown: unknown): boolean {
  if (thrown instanceof HubError) return true;
  const number = sqliteNumber(thrown);
  return number !== undefined && ofTheStore.has(number & 0xff);
}

/** The extended result code of an error of node:sqlite. */
function sqliteNumber(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !("errcode" in thrown)) return undefined;
  return typeof thrown.errcode === "number" ? thrown.errcode : undefined;
}
