import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Page, PageRequest } from "../../core/filter.ts";
import type { RecordKind, RecordRow } from "../contract.ts";
import { pageLimit, pageOf } from "../form/page.ts";

const columns = "id, body, created_at AS createdAt, modified_at AS modifiedAt, ordinal";

export class RecordReader {
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare(`SELECT ${columns} FROM record WHERE kind = ? AND id = ?`);
    this.#list = database.prepare(
      `SELECT ${columns} FROM record WHERE kind = ? AND ordinal > ? ORDER BY ordinal LIMIT ? OFFSET ?`,
    );
    this.#count = database.prepare("SELECT count(*) AS total FROM record WHERE kind = ?");
  }

  get(kind: RecordKind, id: string): RecordRow | undefined {
    const row = this.#get.get(kind, id);
    return row === undefined ? undefined : { ...(row as unknown as RecordRow) };
  }

  list(kind: RecordKind, page: PageRequest): Page<RecordRow> {
    const limit = pageLimit(page);
    const rows = this.#list.all(kind, page.after ?? 0, limit + 1, page.offset ?? 0) as unknown as RecordRow[];
    const total = page.count === true ? Number(this.#count.get(kind)?.total) : undefined;
    return pageOf(
      rows.map((row) => ({ ...row })),
      limit,
      total,
    );
  }
}
