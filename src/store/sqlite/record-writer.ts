import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HubError } from "../../core/errors.ts";
import type { BlobWriter } from "./blob-writer.ts";
import type { WriteArgs } from "./write-calls.ts";

export class RecordWriter {
  readonly #has: StatementSync;
  readonly #same: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #refer: StatementSync;
  readonly #parted: StatementSync;
  readonly #blobs: BlobWriter;

  constructor(database: DatabaseSync, blobs: BlobWriter) {
    this.#blobs = blobs;
    this.#has = database.prepare("SELECT 1 FROM record WHERE kind = ? AND id = ?");
    this.#same = database.prepare("SELECT 1 FROM record WHERE kind = ? AND id = ? AND body = ?");
    this.#put = database.prepare(`
      INSERT INTO record (kind, id, body, created_at, modified_at) VALUES (?1, ?2, ?3, ?4, ?4)
      ON CONFLICT (kind, id) DO UPDATE SET body = ?3, modified_at = ?4 RETURNING ordinal`);
    this.#delete = database.prepare("DELETE FROM record WHERE kind = ? AND id = ? RETURNING ordinal");
    this.#refer = database.prepare("INSERT OR IGNORE INTO record_blob (record, digest) VALUES (?, ?)");
    this.#parted = database.prepare(`
      DELETE FROM record_blob WHERE record = ? AND digest NOT IN (SELECT value FROM json_each(?)) RETURNING digest`);
  }

  /** Whether the record says this already. */
  has({ kind, id, body }: WriteArgs<"putRecord">): boolean {
    return this.#same.get(kind, id, body) !== undefined;
  }

  put({ kind, id, body, at, must, blobs }: WriteArgs<"putRecord">): undefined {
    if (must !== undefined) {
      const exists = this.#has.get(kind, id) !== undefined;
      if (must === "exist" && !exists) throw new HubError("not-found", `${kind} ${id} does not exist`);
      if (must === "be-absent" && exists) throw new HubError("already-exists", `${kind} ${id} already exists`);
    }
    for (const digest of blobs) this.#blobs.check({ digest });
    const ordinal = Number(this.#put.get(kind, id, body, at)?.ordinal);
    this.#refers(ordinal, blobs, at);
  }

  delete({ kind, id, at }: WriteArgs<"deleteRecord">): boolean {
    const deleted = this.#delete.get(kind, id);
    if (deleted === undefined) return false;
    this.#refers(Number(deleted.ordinal), [], at);
    return true;
  }

  #refers(record: number, blobs: readonly string[], at: number): void {
    for (const digest of blobs) {
      this.#refer.run(record, digest);
      this.#blobs.hold(digest);
    }
    for (const { digest } of this.#parted.all(record, JSON.stringify(blobs))) this.#blobs.release(String(digest), at);
  }
}
