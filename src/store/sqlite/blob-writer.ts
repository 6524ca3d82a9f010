import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HubError } from "../../core/errors.ts";
import type { BlobRef } from "../contract.ts";
import type { Counters } from "./counters.ts";
import type { DiskBudget } from "./disk-budget.ts";
import type { WriteArgs } from "./write-calls.ts";

/** What a new content has to be referred to, and what was given up may be read: an hour. */
const GRACE_MS = 3_600_000;

/** Which contents there are and whether a file refers to them; their octets lie beside the database. */
export class BlobWriter {
  readonly #counters: Counters;
  readonly #size: StatementSync;
  readonly #add: StatementSync;
  readonly #renew: StatementSync;
  readonly #hold: StatementSync;
  readonly #release: StatementSync;
  readonly #drop: StatementSync;

  constructor(database: DatabaseSync, counters: Counters) {
    this.#counters = counters;
    this.#size = database.prepare("SELECT size FROM blob WHERE digest = ?");
    this.#add = database.prepare("INSERT INTO blob (digest, size, idle_since) VALUES (?, ?, ?)");
    this.#renew = database.prepare("UPDATE blob SET idle_since = ? WHERE digest = ? AND idle_since IS NOT NULL");
    this.#hold = database.prepare("UPDATE blob SET idle_since = NULL WHERE digest = ? AND idle_since IS NOT NULL");
    this.#release = database.prepare(`
      UPDATE blob SET idle_since = ?1 WHERE digest = ?2
        AND NOT EXISTS (SELECT 1 FROM document_file WHERE digest = ?2)`);
    this.#drop = database.prepare(`
      DELETE FROM blob WHERE digest IN (SELECT digest FROM blob WHERE idle_since <= ? LIMIT ?) RETURNING digest, size`);
  }

  /** A content that lies synced beside the database. `store-full` where there is no room for it. */
  put({ digest, size, at }: WriteArgs<"putBlob">, budget: DiskBudget): undefined {
    if (this.#renew.run(at, digest).changes > 0 || this.has({ digest })) return;
    budget.reserve(size);
    this.#add.run(digest, size, at);
    this.#counters.now.blobBytes += size;
  }

  has({ digest }: Pick<BlobRef, "digest">): boolean {
    return this.#size.get(digest) !== undefined;
  }

  /** `not-found` for a content that was never written or is swept. */
  check({ digest, size }: BlobRef): void {
    if (Number(this.#size.get(digest)?.size) === size) return;
    throw new HubError("not-found", `the store has no content ${digest} of ${size} bytes`);
  }

  /** A file refers to a content that was checked. */
  hold(digest: string): void {
    this.#hold.run(digest);
  }

  /** One does no longer; if no other does, its hour begins. */
  release(digest: string, at: number): void {
    this.#release.run(at, digest);
  }

  /** Forgets contents whose hour is over; their files are the caller's to remove. */
  drop({ now, limit }: WriteArgs<"dropBlobs">): readonly string[] {
    const dropped = this.#drop.all(now - GRACE_MS, limit);
    this.#counters.now.blobBytes -= dropped.reduce((sum, { size }) => sum + Number(size), 0);
    return dropped.map(({ digest }) => String(digest));
  }
}
