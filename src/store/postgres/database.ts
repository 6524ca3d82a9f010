import pg from "pg";
import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { postgresFailure } from "./postgres-failure.ts";
import { Session, StatementNames } from "./session.ts";

/** How long a caller waits for a connection, in ms, before it is told to come back. */
const LONGEST_WAIT_MS = 5_000;
const MOST_WAITING = 5_000;
/** One statement: a list gives up by itself before that. */
const LONGEST_STATEMENT_MS = 30_000;
const INT8 = 20;

export interface DatabaseOptions {
  /** A connection string. */
  readonly url: string;
  readonly schema: string;
  readonly connections: number;
  /** How long a caller waits for a connection, in ms. */
  readonly patience?: number;
}

interface Waiting {
  readonly grant: () => void;
  readonly timer: NodeJS.Timeout;
}

/** Numbers of 64 bits stay below 2^53 here. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === INT8 && format !== "binary" ? Number : pg.types.getTypeParser(oid, format as "text")) as never,
};

export const clientOptions = ({ url, schema }: Pick<DatabaseOptions, "url" | "schema">): pg.ClientConfig => ({
  connectionString: url,
  application_name: "twinweave",
  options: `-c search_path=${schema} -c client_encoding=UTF8 -c extra_float_digits=1`,
  connectionTimeoutMillis: LONGEST_WAIT_MS,
  keepAlive: true,
  types,
});

/** The connections to the database: a bounded number, for which callers wait a bounded time. */
export class Database {
  readonly #pool: pg.Pool;
  readonly #names = new StatementNames();
  readonly #tenants = new WeakMap<pg.ClientBase, number>();
  readonly #waiting: Waiting[] = [];
  readonly #patience: number;
  #free: number;
  #isClosed = false;

  constructor(options: DatabaseOptions, log: Logger) {
    this.#free = options.connections;
    this.#patience = options.patience ?? LONGEST_WAIT_MS;
    this.#pool = new pg.Pool({
      ...clientOptions(options),
      max: options.connections,
      statement_timeout: LONGEST_STATEMENT_MS,
      idleTimeoutMillis: 60_000,
      allowExitOnIdle: true,
    });
    this.#pool.on("error", (error) => log.warn("an idle connection to the database ended", { reason: error.message }));
  }

  /** A connection that sees one tenant's rows alone, for as long as the work takes. */
  async with<T>(tenant: number, work: (session: Session) => Promise<T>): Promise<T> {
    await this.#admit();
    try {
      const client = await this.#connect();
      const session = new Session(client, this.#names);
      try {
        if (this.#tenants.get(client) !== tenant) {
          this.#tenants.delete(client);
          await session.all("SELECT set_config('twinweave.tenant', ?, false)", [String(tenant)]);
          this.#tenants.set(client, tenant);
        }
        return await work(session);
      } finally {
        client.release(session.isLost);
      }
    } finally {
      this.#leave();
    }
  }

  /** All or nothing. */
  transaction<T>(
    tenant: number,
    work: (session: Session) => Promise<T>,
    begin: "BEGIN" | "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" = "BEGIN",
  ): Promise<T> {
    return this.with(tenant, async (session) => {
      await session.run(begin);
      try {
        const result = await work(session);
        await session.run("COMMIT");
        return result;
      } catch (error) {
        await session.rollback();
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { grant } of this.#waiting.splice(0)) grant();
    await this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#isClosed) throw new HubError("aborted", "the store is closed");
    try {
      const client = await this.#pool.connect();
      // A connection that ends in somebody's hands is told of by the statement that it fails.
      if (client.listenerCount("error") === 0) client.on("error", () => undefined);
      return client;
    } catch (error) {
      throw postgresFailure(error).error;
    }
  }

  async #admit(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const refusal = () =>
      new HubError("overloaded", "no connection to the database is free; try again in a second", { retryAfter: 1 });
    if (this.#waiting.length >= MOST_WAITING) throw refusal();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(refusal());
      }, this.#patience);
      const waiting = {
        timer,
        grant: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.#waiting.push(waiting);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next.grant();
  }
}
