import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Collection, NewFile } from "../../core/document.ts";
import type { BlobWriter } from "./blob-writer.ts";

/** The files of documents, which are addressed by collection and ordinal; inside the transaction of somebody else. */
export class FileWriter {
  readonly #blobs: BlobWriter;
  readonly #digest: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteAll: StatementSync;

  constructor(database: DatabaseSync, blobs: BlobWriter) {
    const document = "collection = ? AND document = ?";
    this.#blobs = blobs;
    this.#digest = database.prepare(`SELECT digest FROM document_file WHERE ${document} AND name = ?`);
    this.#put = database.prepare(`
      INSERT INTO document_file (collection, document, name, digest, size, content_type, created_at, modified_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
      ON CONFLICT (collection, document, name) DO UPDATE SET
        digest = ?4, size = ?5, content_type = ?6, modified_at = ?7`);
    this.#delete = database.prepare(`DELETE FROM document_file WHERE ${document} AND name = ? RETURNING digest`);
    this.#deleteAll = database.prepare(`DELETE FROM document_file WHERE ${document} RETURNING digest`);
  }

  /** `not-found` where the store has no such content. */
  put(collection: Collection, document: number, { name, digest, size, contentType }: NewFile, at: number): void {
    this.#blobs.check({ digest, size });
    const old = this.#digest.get(collection, document, name);
    this.#put.run(collection, document, name, digest, size, contentType, at);
    this.#blobs.hold(digest);
    if (old !== undefined && old.digest !== digest) this.#blobs.release(String(old.digest), at);
  }

  /** False: there was none. */
  delete(collection: Collection, document: number, name: string, at: number): boolean {
    return this.#released(this.#delete.all(collection, document, name), at);
  }

  deleteAll(collection: Collection, document: number, at: number): void {
    this.#released(this.#deleteAll.all(collection, document), at);
  }

  #released(rows: readonly Record<string, unknown>[], at: number): boolean {
    for (const { digest } of rows) this.#blobs.release(String(digest), at);
    return rows.length > 0;
  }
}
