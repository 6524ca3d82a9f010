import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { Clock } from "../../core/time.ts";
import type { Store, StoreOptions, Stores } from "../contract.ts";
import { makeSyncedFolder } from "./make-synced-folder.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { StoreLock } from "./store-lock.ts";
import { tenantFile, tenantOf } from "./tenant-file.ts";

export const DEFAULT_TENANT = "default";
/** Rows of history that wait to be brought together by series: few enough to be looked through by every read. */
const HOT_ROWS = 400_000;

export interface SqliteStoresOptions {
  /** The hub's data directory, made where it is missing; `tenants/<name>.sqlite` in it are the stores. */
  readonly directory: string;
  readonly options: StoreOptions;
  readonly clock: Clock;
  readonly log: Logger;
  /** Rows of history that wait before they are brought together; for tests. */
  readonly hotRows?: number;
}

/** Opens the tenants' stores of one hub. `store-busy` while another hub runs on the directory. */
export async function openSqliteStores(options: SqliteStoresOptions): Promise<Stores> {
  await makeSyncedFolder(resolve(options.directory, "tenants"));
  return new SqliteStores(options, new StoreLock(join(options.directory, "hub.lock")));
}

class SqliteStores implements Stores {
  readonly #options: SqliteStoresOptions;
  readonly #lock: StoreLock;
  readonly #folder: string;
  readonly #open = new Map<string, Promise<SqliteStore>>();
  #closing: Promise<void> | undefined;

  constructor(options: SqliteStoresOptions, lock: StoreLock) {
    this.#options = options;
    this.#lock = lock;
    this.#folder = join(options.directory, "tenants");
  }

  async tenants(): Promise<readonly string[]> {
    const files = await readdir(this.#folder);
    const found = files.map(tenantOf).filter((tenant) => tenant !== undefined);
    return [...new Set([DEFAULT_TENANT, ...found])].sort();
  }

  async open(tenant: string, options: { readonly create?: boolean } = {}): Promise<Store> {
    if (this.#closing !== undefined) throw new HubError("aborted", "the stores are closed");
    const known = this.#open.get(tenant);
    if (known !== undefined) return known;
    if (options.create !== true && !(await this.tenants()).includes(tenant)) {
      throw new HubError("unknown-tenant", `there is no tenant ${JSON.stringify(tenant)}`);
    }
    return this.#open.get(tenant) ?? this.#start(tenant);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #start(tenant: string): Promise<SqliteStore> {
    const { options, clock, log, hotRows = HOT_ROWS } = this.#options;
    const file = join(this.#folder, tenantFile(tenant));
    const opening = SqliteStore.open({ ...options, file, hotRows, synchronous: "FULL" }, clock);
    this.#open.set(tenant, opening);
    // A store that did not open may be tried again, e.g. when there is space.
    opening.catch((error: unknown) => {
      this.#open.delete(tenant);
      log.error("a tenant's store did not open", { tenant, error: HubError.from(error).message });
    });
    return opening;
  }

  async #close(): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values());
    const closed = await Promise.allSettled(
      opened.map((store) => (store.status === "fulfilled" ? store.value.close() : undefined)),
    );
    this.#lock.release();
    const failed = closed.find((store) => store.status === "rejected");
    if (failed !== undefined) throw HubError.from(failed.reason);
  }
}
