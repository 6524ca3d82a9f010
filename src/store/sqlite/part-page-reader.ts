import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Collection, collections, type PartRow } from "../../core/document.ts";
import type { Page } from "../../core/filter.ts";
import { inDocumentOrder, type StoredPart, toPart } from "../form/document-rows.ts";
import { pageLimit } from "../form/page.ts";

/** Reads a large document piece by piece: the work is that of the page, not that of the document. */
export class PartPageReader {
  readonly #pages: Readonly<Record<Collection, StatementSync>>;

  constructor(database: DatabaseSync) {
    const prepared = collections.map((name) => [name, prepare(database, name)]);
    this.#pages = Object.fromEntries(prepared) as Record<Collection, StatementSync>;
  }

  /** A page of the parts that lie in no other, each with all below it. `after`: the position that the page before ended at. */
  page(collection: Collection, id: string, limit: number, after: number | undefined, now: number): Page<PartRow> {
    const bound = pageLimit({ limit });
    const rows = this.#pages[collection].all(id, now, after ?? -1, now, bound + 1, now) as unknown as StoredPart[];
    const tops = rows.filter(({ parent }) => parent === null);
    const beyond = tops[bound];
    const last = beyond === undefined ? undefined : tops[bound - 1];
    const ordered = inDocumentOrder(
      rows.filter((row) => row !== beyond),
      undefined,
    ).map(toPart);
    return last === undefined ? { items: ordered } : { items: ordered, next: last.position };
  }
}

function prepare(database: DatabaseSync, name: Collection): StatementSync {
  const alive = (alias: string): string => `(${alias}.expires_at IS NULL OR ${alias}.expires_at > ?)`;
  return database.prepare(`
    WITH RECURSIVE top (document, key) AS MATERIALIZED (
      SELECT p.document, p.key FROM ${name}_document d JOIN ${name}_part p ON p.document = d.ordinal
        WHERE d.id = ? AND ${alive("d")} AND p.parent IS NULL AND p.position > ? AND ${alive("p")}
        ORDER BY p.position LIMIT ?),
    below (document, key) AS (
      SELECT document, key FROM top
      UNION SELECT p.document, p.key FROM below JOIN ${name}_part p
        ON p.document = below.document AND p.parent = below.key AND ${alive("p")})
    SELECT p.* FROM below JOIN ${name}_part p ON p.document = below.document AND p.key = below.key
    ORDER BY p.position`);
}
