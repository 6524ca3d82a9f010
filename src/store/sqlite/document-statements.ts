import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Collection } from "../../core/document.ts";

const texts = (name: Collection) =>
  ({
    head: `SELECT ordinal, created_at, version, expires_at FROM ${name}_document WHERE id = ?`,
    insert: `INSERT INTO ${name}_document (id, body, keys, expires_at, owner, created_at, modified_at, version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    replace: `UPDATE ${name}_document SET body = ?, keys = ?, expires_at = ?, owner = ?, modified_at = ?, version = ?
      WHERE ordinal = ?`,
    setBody: `UPDATE ${name}_document SET body = ? WHERE ordinal = ?`,
    setKeys: `UPDATE ${name}_document SET keys = ? WHERE ordinal = ?`,
    setExpiry: `UPDATE ${name}_document SET expires_at = ? WHERE ordinal = ?`,
    touch: `UPDATE ${name}_document SET modified_at = ?, version = ? WHERE ordinal = ?`,
    deleteDocument: `DELETE FROM ${name}_document WHERE ordinal = ?`,
    expired: `SELECT ordinal FROM ${name}_document WHERE expires_at <= ? LIMIT ?`,
    insertKey: `INSERT OR IGNORE INTO ${name}_key (name, value, document) VALUES (?, ?, ?)`,
    deleteKeys: `DELETE FROM ${name}_key WHERE document = ?`,
    partHead: `SELECT parent, name, position, created_at FROM ${name}_part
      WHERE document = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)`,
    partTimes: `SELECT key, created_at FROM ${name}_part WHERE document = ?`,
    nextPosition: `SELECT coalesce(max(position), -1) + 1 AS position FROM ${name}_part
      WHERE document = ? AND parent IS ?`,
    putPart: `INSERT INTO ${name}_part
      (document, key, parent, name, kind, body, num, text, expires_at, position, created_at, modified_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (document, key) DO UPDATE SET parent = excluded.parent, name = excluded.name, kind = excluded.kind,
        body = excluded.body, num = excluded.num, text = excluded.text, expires_at = excluded.expires_at,
        position = excluded.position, created_at = excluded.created_at, modified_at = excluded.modified_at`,
    setPart: `UPDATE ${name}_part SET kind = ?, body = ?, num = ?, text = ?, expires_at = ?, modified_at = ?
      WHERE document = ? AND key = ?`,
    deleteParts: `DELETE FROM ${name}_part WHERE document = ?`,
    deleteSubtree: `WITH RECURSIVE below (document, key) AS (
        VALUES (?, ?)
        UNION SELECT p.document, p.key FROM below JOIN ${name}_part p
          ON p.document = below.document AND p.parent = below.key)
      DELETE FROM ${name}_part WHERE (document, key) IN (SELECT document, key FROM below)`,
    expiredParts: `SELECT p.document, d.id, p.key FROM ${name}_part p JOIN ${name}_document d ON d.ordinal = p.document
      WHERE p.expires_at <= ? LIMIT ?`,
  }) as const;

export type DocumentStatements = Readonly<Record<keyof ReturnType<typeof texts>, StatementSync>>;

export function prepareDocumentStatements(database: DatabaseSync, collection: Collection): DocumentStatements {
  const prepared = Object.entries(texts(collection)).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(prepared) as DocumentStatements;
}
