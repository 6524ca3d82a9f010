import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HubError } from "../../core/errors.ts";
import type { WriteArgs } from "./write-calls.ts";

export class RecordWriter {
  readonly #has: StatementSync;
  readonly #same: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#has = database.prepare("SELECT 1 FROM record WHERE kind = ? AND id = ?");
    this.#same = database.prepare("SELECT 1 FROM record WHERE kind = ? AND id = ? AND body = ?");
    this.#put = database.prepare(`
      INSERT INTO record (kind, id, body, created_at, modified_at) VALUES (?1, ?2, ?3, ?4, ?4)
      ON CONFLICT (kind, id) DO UPDATE SET body = ?3, modified_at = ?4`);
    this.#delete = database.prepare("DELETE FROM record WHERE kind = ? AND id = ?");
  }

  /** Whether the record says this already. */
  has({ kind, id, body }: WriteArgs<"putRecord">): boolean {
    return this.#same.get(kind, id, body) !== undefined;
  }

  put({ kind, id, body, at, must }: WriteArgs<"putRecord">): undefined {
    if (must !== undefined) {
      const exists = this.#has.get(kind, id) !== undefined;
      if (must === "exist" && !exists) throw new HubError("not-found", `${kind} ${id} does not exist`);
      if (must === "be-absent" && exists) throw new HubError("already-exists", `${kind} ${id} already exists`);
    }
    this.#put.run(kind, id, body, at);
  }

  delete({ kind, id }: WriteArgs<"deleteRecord">): boolean {
    return Number(this.#delete.run(kind, id).changes) > 0;
  }
}
