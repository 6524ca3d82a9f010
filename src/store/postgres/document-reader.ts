import type { Collection, DocumentRow, FileRow, PartRow, PartText } from "../../core/document.ts";
import type { Page, PageRequest } from "../../core/filter.ts";
import type { Census, CensusRequest } from "../contract.ts";
import { inDocumentOrder, type StoredDocument, type StoredPart, toDocument, toPart } from "../form/document-rows.ts";
import { pageLimit } from "../form/page.ts";
import { alive, shownPart } from "./shown-part.ts";
import type { TenantDatabase } from "./tenant-database.ts";

const found = `FROM document d WHERE d.tenant = ? AND d.collection = ? AND d.id = ? AND ${alive("d")}`;
const parts = `FROM document d JOIN part p ON p.tenant = d.tenant AND p.document = d.ordinal
  WHERE d.tenant = ? AND d.collection = ? AND d.id = ? AND ${alive("d")} AND ${alive("p")}`;
const partColumns = `p.key, p.parent, p.name, p.kind, p.body, p.num, p.text, p.expires_at, p.position, p.created_at,
  p.modified_at`;
const below = `UNION SELECT p.document, p.key FROM below b JOIN part p
  ON p.tenant = ? AND p.document = b.document AND p.parent = b.key AND ${alive("p")}`;
const ofBelow = `SELECT ${partColumns} FROM below b JOIN part p
  ON p.tenant = ? AND p.document = b.document AND p.key = b.key ORDER BY p.position`;
const files = `SELECT f.name, f.digest, f.size, f.content_type AS "contentType", f.created_at AS "createdAt",
  f.modified_at AS "modifiedAt" FROM document d JOIN document_file f ON f.tenant = d.tenant AND f.document = d.ordinal
  WHERE d.tenant = ? AND d.collection = ? AND d.id = ? AND ${alive("d")}`;

/** Look-ups of documents and their parts. `now`: what is past its time is not there. */
export class DocumentReader {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  async get(collection: Collection, id: string, now: number): Promise<DocumentRow | undefined> {
    const [row] = await this.#all<StoredDocument>(`SELECT d.* ${found}`, [collection, id, now]);
    return row === undefined ? undefined : toDocument(row);
  }

  async part(collection: Collection, id: string, key: string, now: number): Promise<PartRow | undefined> {
    const text = `SELECT ${partColumns} ${parts} AND p.key = ?`;
    const [row] = await this.#all<StoredPart>(text, [collection, id, now, now, key]);
    return row === undefined ? undefined : toPart(row);
  }

  async parts(collection: Collection, id: string, under: string | undefined, now: number): Promise<readonly PartRow[]> {
    const { tenant } = this.#database;
    const rows =
      under === undefined
        ? await this.#all<StoredPart>(`SELECT ${partColumns} ${parts} ORDER BY p.position`, [collection, id, now, now])
        : await this.#all<StoredPart>(
            `WITH RECURSIVE below (document, key) AS (SELECT d.ordinal, p.key ${parts} AND p.key = ? ${below}) ${ofBelow}`,
            [collection, id, now, now, under, tenant, now, tenant],
          );
    return inDocumentOrder(rows, under).map(toPart);
  }

  async partTexts(collection: Collection, id: string, now: number): Promise<readonly PartText[]> {
    const text = `SELECT p.key, p.parent, p.kind, p.body ${parts} ORDER BY p.position`;
    const rows = await this.#all<Pick<StoredPart, "key" | "parent" | "kind" | "body">>(text, [
      collection,
      id,
      now,
      now,
    ]);
    return inDocumentOrder(rows, undefined).map(({ parent, ...part }) =>
      parent === null ? part : { ...part, parent },
    );
  }

  /** A page of the parts that lie in no other, each with all below it. `after`: the position that the page before ended at. */
  async partPage(
    collection: Collection,
    id: string,
    { limit, after = -1 }: Pick<PageRequest, "limit" | "after">,
    now: number,
  ): Promise<Page<PartRow>> {
    const bound = pageLimit({ limit });
    const { tenant } = this.#database;
    const rows = await this.#all<StoredPart>(
      `WITH RECURSIVE top (document, key) AS MATERIALIZED (SELECT d.ordinal, p.key ${parts}
         AND p.parent IS NULL AND p.position > ? ORDER BY p.position LIMIT ?),
       below (document, key) AS (SELECT document, key FROM top ${below}) ${ofBelow}`,
      [collection, id, now, now, after, bound + 1, tenant, now, tenant],
    );
    const tops = rows.filter(({ parent }) => parent === null);
    const beyond = tops[bound];
    const last = beyond === undefined ? undefined : tops[bound - 1];
    const ordered = inDocumentOrder(
      rows.filter((row) => row !== beyond),
      undefined,
    ).map(toPart);
    return last === undefined ? { items: ordered } : { items: ordered, next: last.position };
  }

  async partsOf(
    collection: Collection,
    ids: readonly string[],
    now: number,
  ): Promise<ReadonlyMap<string, readonly PartRow[]>> {
    const text = `SELECT d.id AS document, ${partColumns} ${parts.replace("d.id = ?", "d.id = ANY(?::text[])")}
      ORDER BY p.position`;
    const rows = await this.#all<StoredPart & { readonly document: string }>(text, [collection, ids, now, now]);
    const grouped = Map.groupBy(rows, ({ document }) => document);
    return new Map([...grouped].map(([id, own]) => [id, inDocumentOrder(own, undefined).map(toPart)]));
  }

  files(collection: Collection, id: string, now: number): Promise<readonly FileRow[]> {
    return this.#all<FileRow>(`${files} ORDER BY f.name`, [collection, id, now]);
  }

  async file(collection: Collection, id: string, name: string, now: number): Promise<FileRow | undefined> {
    return (await this.#all<FileRow>(`${files} AND f.name = ?`, [collection, id, now, name]))[0];
  }

  /** Counts what the documents of a collection are and have; a scan of what is asked for, seen as it was at one moment. */
  census(collection: Collection, { key, value, part }: CensusRequest, now: number): Promise<Census> {
    const { tenant } = this.#database;
    const keyed = `FROM document_key k JOIN document d
      ON d.tenant = k.tenant AND d.collection = k.collection AND d.ordinal = k.document AND ${alive("d")}`;
    const ofKey = `k.tenant = ? AND k.collection = ? AND k.name = ?${value === undefined ? "" : " AND k.value = ?"}`;
    const shown = `JOIN part p ON p.tenant = d.tenant AND p.document = d.ordinal AND ${alive("p")} AND ${shownPart()}`;
    const ofPart = part === undefined ? "" : " AND p.name = ?";
    const keyArguments = [tenant, collection, key, ...(value === undefined ? [] : [value])];
    const partArguments = part === undefined ? [] : [part];
    return this.#database.snapshot(async (session) => {
      const documents = await session.all<{ value: string; count: number }>(
        `SELECT k.value, count(*) AS count ${keyed} WHERE ${ofKey} GROUP BY k.value`,
        [now, ...keyArguments],
      );
      const uses = await session.all<Census["uses"][number]>(
        `SELECT DISTINCT k.value, p.name AS part, p.kind ${keyed} ${shown} WHERE ${ofKey}${ofPart} ORDER BY 1, 2, 3`,
        [now, now, ...keyArguments, ...partArguments],
      );
      const counted = await session.all<{ name: string; count: number }>(
        `SELECT p.name, count(*) AS count FROM document d ${shown}
         WHERE d.tenant = ? AND d.collection = ? AND ${alive("d")}${ofPart} GROUP BY p.name`,
        [now, tenant, collection, now, ...partArguments],
      );
      return {
        documents: new Map(documents.map((row) => [row.value, row.count])),
        uses,
        parts: new Map(counted.map((row) => [row.name, row.count])),
      };
    });
  }

  #all<Row>(text: string, parameters: readonly (string | number | readonly string[])[]): Promise<readonly Row[]> {
    return this.#database.all<Row>(text, [this.#database.tenant, ...parameters]);
  }
}
