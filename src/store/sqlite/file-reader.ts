import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Collection, collections, type FileRow } from "../../core/document.ts";

interface FileStatements {
  readonly all: StatementSync;
  readonly one: StatementSync;
}

/** Reads which files documents have. `now`: a document that is past its time has none. */
export class FileReader {
  readonly #files: Readonly<Record<Collection, FileStatements>>;
  readonly #unknown: StatementSync;

  constructor(database: DatabaseSync) {
    const prepared = collections.map((name) => {
      const found = `
        SELECT f.name, f.digest, f.size, f.content_type AS contentType, f.created_at AS createdAt,
          f.modified_at AS modifiedAt
        FROM ${name}_document d JOIN document_file f ON f.collection = '${name}' AND f.document = d.ordinal
        WHERE d.id = ? AND (d.expires_at IS NULL OR d.expires_at > ?)`;
      return [
        name,
        { all: database.prepare(`${found} ORDER BY f.name`), one: database.prepare(`${found} AND f.name = ?`) },
      ];
    });
    this.#files = Object.fromEntries(prepared) as Record<Collection, FileStatements>;
    this.#unknown = database.prepare(
      "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM blob WHERE digest = value)",
    );
  }

  files(collection: Collection, id: string, now: number): readonly FileRow[] {
    const rows = this.#files[collection].all.all(id, now) as unknown as FileRow[];
    return rows.map((row) => ({ ...row }));
  }

  file(collection: Collection, id: string, name: string, now: number): FileRow | undefined {
    const row = this.#files[collection].one.get(id, now, name) as unknown as FileRow | undefined;
    return row === undefined ? undefined : { ...row };
  }

  /** Those of the digests whose content the store does not know. */
  unknown(digests: readonly string[]): readonly string[] {
    return this.#unknown.all(JSON.stringify(digests)).map(({ value }) => String(value));
  }
}
