import pg from "pg";
import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { clientOptions, type DatabaseOptions } from "./database.ts";
import { postgresFailure } from "./postgres-failure.ts";
import { Session } from "./session.ts";

const AGAIN_MS = 500;

/**
 * One hub a database, for now: a lock that the server takes back when its connection ends. While the connection is away
 * nothing may be written, since another hub might have come meanwhile; it is made anew until the hub is closed.
 */
export class InstanceLock {
  readonly #options: Pick<DatabaseOptions, "url" | "schema">;
  readonly #log: Logger;
  #client: pg.Client | undefined;
  #refusal: HubError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(options: Pick<DatabaseOptions, "url" | "schema">, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  /** `store-busy` while another hub holds it. */
  static async take(options: Pick<DatabaseOptions, "url" | "schema">, log: Logger): Promise<InstanceLock> {
    const lock = new InstanceLock(options, log);
    await lock.#take();
    return lock;
  }

  /** Throws while the lock is not held. */
  check(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  async release(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#client?.end();
  }

  async #take(): Promise<void> {
    const client = new pg.Client(clientOptions(this.#options));
    try {
      client.on("error", () => undefined);
      await client.connect();
      const [row] = await new Session(client).all<{ held: boolean }>(
        "SELECT pg_try_advisory_lock(hashtext('twinweave.instance'), hashtext(?)) AS held",
        [this.#options.schema],
      );
      if (row?.held !== true) throw new HubError("store-busy", "another hub runs on this database");
    } catch (error) {
      await client.end().catch(() => undefined);
      throw postgresFailure(error).error;
    }
    client.on("end", () => this.#lost(client));
    this.#client = client;
    this.#refusal = undefined;
  }

  #lost(client: pg.Client): void {
    if (this.#isClosed || client !== this.#client) return;
    this.#client = undefined;
    this.#refusal = new HubError("overloaded", "the connection to the database was lost", { retryAfter: 1 });
    this.#log.warn("the connection to the database was lost; it is made anew");
    this.#retry();
  }

  #retry(): void {
    this.#timer = setTimeout(() => {
      this.#take().then(
        () => this.#log.info("the database is there again"),
        (error: unknown) => {
          if (this.#isClosed) return;
          this.#refusal = HubError.from(error);
          this.#retry();
        },
      );
    }, AGAIN_MS);
  }
}
