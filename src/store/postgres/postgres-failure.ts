import { HubError, type HubErrorCode } from "../../core/errors.ts";

/** By SQLSTATE or its class, the first two characters (PostgreSQL manual, appendix A). */
const meanings: Readonly<Record<string, readonly [HubErrorCode, string]>> = {
  "08": ["overloaded", "the connection to the database was lost; what was not acknowledged is to be tried again"],
  "57": ["overloaded", "the database ended the work, or is starting or stopping; try again"],
  "40": ["overloaded", "another transaction of the database was in the way; try again"],
  "55": ["overloaded", "something in the database is locked; try again"],
  "53": ["overloaded", "the database has no more of a resource; try again"],
  "53100": ["store-full", "the database's disk is full; nothing of this write was kept"],
  "54": ["too-large", "a text is too large for the database to keep or to index"],
  "22021": ["invalid", "a text holds a character that the database cannot keep"],
  "22P05": ["invalid", "a text holds a character that the database cannot keep"],
  "25006": ["overloaded", "the database is read-only for now"],
  "28": ["config", "the database refuses this user or password"],
  "3D": ["config", "there is no such database"],
  "42501": ["config", "the database's role lacks a right"],
  XX001: ["store-corrupt", "the database says that its data are damaged; restore it from a backup"],
  XX002: ["store-corrupt", "the database says that an index is damaged; rebuild it"],
};
const endings: ReadonlySet<string> = new Set(["08", "57"]);

/** Whatever a statement threw, as a HubError told apart by its code, and whether the connection is of no more use. */
export function postgresFailure(thrown: unknown): { readonly error: HubError; readonly isLost: boolean } {
  if (thrown instanceof HubError) return { error: thrown, isLost: false };
  const code = codeOf(thrown);
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || !isOfServer(thrown)) {
    // Not from the server: the socket, or the driver about the socket.
    return { error: failure("08", thrown, code), isLost: true };
  }
  const key = [code, code.slice(0, 2)].find((one) => Object.hasOwn(meanings, one));
  const error = key === undefined ? HubError.from(thrown) : failure(key, thrown, code);
  return { error, isLost: endings.has(code.slice(0, 2)) };
}

function failure(key: string, cause: unknown, code: string | undefined): HubError {
  const [of, message] = meanings[key] ?? ["internal", "the database failed"];
  const more = of === "overloaded" ? { cause, retryAfter: 1 } : { cause };
  return new HubError(of, code === undefined ? message : `${message} (${code})`, more);
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}

const isOfServer = (thrown: unknown): boolean => thrown instanceof Error && "severity" in thrown;
