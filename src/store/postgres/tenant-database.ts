import { HubError } from "../../core/errors.ts";
import type { Database } from "./database.ts";
import type { Parameter } from "./parameters.ts";
import type { Session } from "./session.ts";

/** The database as one tenant sees it, until its store is closed. */
export class TenantDatabase {
  readonly tenant: number;
  readonly #database: Database;
  /** Throws while this hub may not write, e.g. since it lost its lock. */
  readonly #mayWrite: () => void;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  constructor(database: Database, tenant: number, mayWrite: () => void) {
    this.#database = database;
    this.tenant = tenant;
    this.#mayWrite = mayWrite;
  }

  all<Row>(text: string, parameters: readonly Parameter[] = []): Promise<readonly Row[]> {
    return this.with((session) => session.all<Row>(text, parameters));
  }

  with<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#admitted(() => this.#database.with(this.tenant, work));
  }

  /** Reads that see the database as it was at one moment. */
  snapshot<T>(read: (session: Session) => Promise<T>): Promise<T> {
    const begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    return this.#admitted(() => this.#database.transaction(this.tenant, read, begin));
  }

  write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#admitted(() => {
      this.#mayWrite();
      return this.#database.transaction(this.tenant, work);
    });
  }

  /** What is under way comes to its end. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
  }

  async #admitted<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new HubError("aborted", "the store is closed");
    const working = work();
    this.#underWay.add(working);
    try {
      return await working;
    } finally {
      this.#underWay.delete(working);
    }
  }
}
