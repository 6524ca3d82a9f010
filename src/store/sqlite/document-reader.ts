import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type Collection, collections, type DocumentRow, type PartRow } from "../../core/document.ts";
import type { Filter, Page, PageRequest } from "../../core/filter.ts";
import { inDocumentOrder, type StoredDocument, type StoredPart, toDocument, toPart } from "../form/document-rows.ts";
import { pageLimit, pageOf } from "../form/page.ts";
import { checkPatterns } from "../search/patterns.ts";
import { Candidates } from "./candidates.ts";
import { registerCompares } from "./compares.ts";
import { DocumentListing } from "./document-listing.ts";
import { DocumentSearch } from "./document-search.ts";
import { filterSql } from "./filter-sql.ts";
import { registerIdMatch } from "./id-match.ts";
import { registerPartSays } from "./part-says.ts";
import { SearchDeadline } from "./search-deadline.ts";
import { StatementCache } from "./statement-cache.ts";

const alive = (alias: string): string => `(${alias}.expires_at IS NULL OR ${alias}.expires_at > ?)`;

interface PointStatements {
  readonly get: StatementSync;
  readonly part: StatementSync;
  readonly parts: StatementSync;
  readonly subtree: StatementSync;
  readonly partsOf: StatementSync;
}

/** Reads documents over one connection. `now`: what is past its time is not there. */
export class DocumentReader {
  readonly #search: DocumentSearch;
  readonly #listing: DocumentListing;
  readonly #points: Readonly<Record<Collection, PointStatements>>;
  readonly #statements: StatementCache;

  constructor(database: DatabaseSync) {
    registerIdMatch(database);
    const deadline = new SearchDeadline();
    registerPartSays(database, () => deadline.check());
    registerCompares(database, deadline);
    this.#statements = new StatementCache(database);
    const candidates = new Candidates(this.#statements);
    this.#search = new DocumentSearch(this.#statements, deadline, candidates);
    this.#listing = new DocumentListing(this.#statements, deadline, candidates);
    const prepared = collections.map((name) => [name, prepare(database, name)]);
    this.#points = Object.fromEntries(prepared) as Record<Collection, PointStatements>;
  }

  get(collection: Collection, id: string, now: number): DocumentRow | undefined {
    const row = this.#points[collection].get.get(id, now);
    return row === undefined ? undefined : toDocument(row as unknown as StoredDocument);
  }

  part(collection: Collection, id: string, key: string, now: number): PartRow | undefined {
    const row = this.#points[collection].part.get(id, now, key, now);
    return row === undefined ? undefined : toPart(row as unknown as StoredPart);
  }

  parts(collection: Collection, id: string, under: string | undefined, now: number): readonly PartRow[] {
    const { parts, subtree } = this.#points[collection];
    const rows = under === undefined ? parts.all(id, now, now) : subtree.all(id, now, under, now, now);
    return inDocumentOrder(rows as unknown as StoredPart[], under).map(toPart);
  }

  partsOf(collection: Collection, ids: readonly string[], now: number): ReadonlyMap<string, readonly PartRow[]> {
    const rows = this.#points[collection].partsOf.all(JSON.stringify(ids), now, now);
    const grouped = Map.groupBy(rows as unknown as (StoredPart & { document: string })[], ({ document }) => document);
    return new Map([...grouped].map(([id, parts]) => [id, inDocumentOrder(parts, undefined).map(toPart)]));
  }

  /** Pages of all, or of some ids, are read in one go, others piece by piece. */
  list(
    collection: Collection,
    filter: Filter | undefined,
    page: PageRequest,
    now: number,
  ): Page<DocumentRow> | Promise<Page<DocumentRow>> {
    checkPatterns(filter);
    const { patience, after = 0 } = page;
    if (patience !== undefined && filter !== undefined) {
      return this.#search.list(collection, { filter, now, limit: page.limit, after, patience });
    }
    const isPlain = page.count !== true && page.order === undefined && isNamed(filter);
    if (!isPlain) return this.#listing.list(collection, { filter, page, now });
    const limit = pageLimit(page);
    const { sql, parameters } = filterSql(filter, collection, now);
    const rows = this.#statements
      .prepare(
        `SELECT d.* FROM ${collection}_document d WHERE ${alive("d")} AND (${sql})
        AND d.ordinal > ? ORDER BY d.ordinal LIMIT ? OFFSET ?`,
      )
      .all(...([now, ...parameters, after, limit + 1, page.offset ?? 0] satisfies SQLInputValue[]));
    return pageOf((rows as unknown as StoredDocument[]).map(toDocument), limit);
  }
}

/** Whether all are wanted, or some ids: the page is read off an index. */
function isNamed(filter: Filter | undefined): boolean {
  return filter === undefined || filter.kind === "id";
}

function prepare(database: DatabaseSync, name: Collection): PointStatements {
  const parts = `FROM ${name}_document d JOIN ${name}_part p ON p.document = d.ordinal`;
  return {
    get: database.prepare(`SELECT d.* FROM ${name}_document d WHERE d.id = ? AND ${alive("d")}`),
    part: database.prepare(`SELECT p.* ${parts} WHERE d.id = ? AND ${alive("d")} AND p.key = ? AND ${alive("p")}`),
    parts: database.prepare(
      `SELECT p.* ${parts} WHERE d.id = ? AND ${alive("d")} AND ${alive("p")} ORDER BY p.position`,
    ),
    subtree: database.prepare(`
      WITH RECURSIVE below (document, key) AS (
        SELECT d.ordinal, p.key ${parts} WHERE d.id = ? AND ${alive("d")} AND p.key = ? AND ${alive("p")}
        UNION SELECT p.document, p.key FROM below JOIN ${name}_part p
          ON p.document = below.document AND p.parent = below.key AND ${alive("p")})
      SELECT p.* FROM below JOIN ${name}_part p ON p.document = below.document AND p.key = below.key
      ORDER BY p.position`),
    partsOf: database.prepare(`
      SELECT d.id AS document, p.key, p.parent, p.name, p.kind, p.body, p.num, p.text, p.expires_at, p.position,
        p.created_at, p.modified_at
      ${parts} WHERE d.id IN (SELECT value FROM json_each(?)) AND ${alive("d")} AND ${alive("p")} ORDER BY p.position`),
  };
}
