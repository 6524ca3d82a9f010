import pg from "pg";
import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { Clock } from "../../core/time.ts";
import type { Store, StoreOptions, Stores } from "../contract.ts";
import { checkText } from "../form/text-check.ts";
import { clientOptions, Database } from "./database.ts";
import { InstanceLock } from "./instance-lock.ts";
import { migrate } from "./migrations/migrate.ts";
import { postgresFailure } from "./postgres-failure.ts";
import { PostgresStore } from "./postgres-store.ts";
import { Session } from "./session.ts";
import { TenantDatabase } from "./tenant-database.ts";

const DEFAULT_TENANT = "default";
const LONGEST_NAME = 200;
const HOT_ROWS = 400_000;
const CONNECTIONS = 10;

export interface PostgresStoresOptions {
  /** Connection string of the role that works with the tables. */
  readonly url: string;
  /** Connection string of the role that owns them, if that is another: it makes and changes them, and does nothing else. */
  readonly ownerUrl?: string;
  readonly schema?: string;
  readonly connections?: number;
  readonly options: StoreOptions;
  readonly clock: Clock;
  readonly log: Logger;
  /** Rows of history that wait before they are brought together; for tests. */
  readonly hotRows?: number;
}

/**
 * Opens the tenants' stores on one database, brought to the newest schema. `store-busy` while another hub runs on it;
 * `config` for a database that is newer, too old, or not in UTF-8.
 */
export async function openPostgresStores(options: PostgresStoresOptions): Promise<Stores> {
  const { url, schema = "twinweave", log, connections = CONNECTIONS } = options;
  const user = await connected({ url, schema }, (session) => checkServer(session, log));
  await connected({ url: options.ownerUrl ?? url, schema }, (session) => migrate(session, { schema, user }));
  const lock = await InstanceLock.take({ url, schema }, log);
  return new PostgresStores(options, new Database({ url, schema, connections }, log), lock);
}

async function connected<T>(
  options: { readonly url: string; readonly schema: string },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(clientOptions(options));
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw postgresFailure(error).error;
  }
  try {
    return await work(new Session(client));
  } finally {
    await client.end();
  }
}

const OLDEST = 150_000;

/** The role's name. */
async function checkServer(session: Session, log: Logger): Promise<string> {
  const [server] = await session.all<{ version: number; encoding: string; name: string; unwalled: boolean }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
       rolname::text AS name, rolsuper OR rolbypassrls AS unwalled FROM pg_roles WHERE rolname = current_user`,
  );
  if (server === undefined) throw new HubError("internal", "the database does not say who is connected");
  if (server.version < OLDEST) throw new HubError("config", "the store needs PostgreSQL 15 or newer");
  if (server.encoding !== "UTF8") {
    throw new HubError("config", `the database is encoded in ${server.encoding}: make it with ENCODING 'UTF8'`);
  }
  if (server.unwalled) {
    log.warn("the database's role passes row-level security; use one that is no superuser", { role: server.name });
  }
  return server.name;
}

class PostgresStores implements Stores {
  readonly #options: PostgresStoresOptions;
  readonly #database: Database;
  readonly #lock: InstanceLock;
  readonly #open = new Map<string, Promise<PostgresStore>>();
  #closing: Promise<void> | undefined;

  constructor(options: PostgresStoresOptions, database: Database, lock: InstanceLock) {
    this.#options = options;
    this.#database = database;
    this.#lock = lock;
  }

  async tenants(): Promise<readonly string[]> {
    const rows = await this.#database.with(0, (session) => session.all<{ name: string }>("SELECT name FROM tenant"));
    return [...new Set([DEFAULT_TENANT, ...rows.map(({ name }) => name)])].sort();
  }

  async open(tenant: string, { create = false }: { readonly create?: boolean } = {}): Promise<Store> {
    if (this.#closing !== undefined) throw new HubError("aborted", "the stores are closed");
    checkName(tenant);
    const known = this.#open.get(tenant);
    if (known !== undefined) return known;
    const opening = this.#start(tenant, create || tenant === DEFAULT_TENANT);
    this.#open.set(tenant, opening);
    // A store that did not open may be tried again.
    opening.catch(() => this.#open.delete(tenant));
    return opening;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #start(name: string, create: boolean): Promise<PostgresStore> {
    const { options, clock, hotRows = HOT_ROWS } = this.#options;
    const found = await this.#idOf(name);
    if (found === undefined && !create) {
      throw new HubError("unknown-tenant", `there is no tenant ${JSON.stringify(name)}`);
    }
    const id = found ?? (await this.#make(name));
    const database = new TenantDatabase(this.#database, id, () => this.#lock.check());
    return new PostgresStore(database, { ...options, hotRows }, clock);
  }

  async #idOf(name: string): Promise<number | undefined> {
    const text = "SELECT id FROM tenant WHERE name = ?";
    return (await this.#database.with(0, (session) => session.all<{ id: number }>(text, [name])))[0]?.id;
  }

  #make(name: string): Promise<number> {
    this.#lock.check();
    return this.#database.transaction(0, async (session) => {
      const [made] = await session.all<{ id: number }>(
        "INSERT INTO tenant (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id",
        [name],
      );
      const id = made?.id ?? 0;
      await session.all("SELECT set_config('twinweave.tenant', ?, true)", [String(id)]);
      await session.change("INSERT INTO counter (tenant) VALUES (?) ON CONFLICT DO NOTHING", [id]);
      await session.change("INSERT INTO upkeep (tenant) VALUES (?) ON CONFLICT DO NOTHING", [id]);
      return id;
    });
  }

  async #close(): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values());
    await Promise.allSettled(opened.map((store) => (store.status === "fulfilled" ? store.value.close() : undefined)));
    await this.#database.close();
    await this.#lock.release();
  }
}

function checkName(tenant: string): void {
  checkText(tenant, "tenant");
  if (tenant !== "" && Buffer.byteLength(tenant) <= LONGEST_NAME) return;
  throw new HubError(
    "invalid",
    `a tenant's name has 1 to ${LONGEST_NAME} octets: ${JSON.stringify(tenant.slice(0, 60))}`,
  );
}
