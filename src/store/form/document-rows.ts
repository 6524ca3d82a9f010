import type { DocumentKeys, DocumentRow, PartRow } from "../../core/document.ts";

/** A row as SQLite gives it. */
export interface StoredDocument {
  readonly ordinal: number;
  readonly id: string;
  readonly body: string;
  readonly keys: string;
  readonly expires_at: number | null;
  readonly owner: string | null;
  readonly created_at: number;
  readonly modified_at: number;
  readonly version: number;
}

export interface StoredPart {
  readonly key: string;
  readonly parent: string | null;
  readonly name: string;
  readonly kind: string;
  readonly body: string;
  readonly num: number | null;
  readonly text: string | null;
  readonly expires_at: number | null;
  readonly position: number;
  readonly created_at: number;
  readonly modified_at: number;
}

export function toDocument(row: StoredDocument): DocumentRow {
  return {
    id: row.id,
    body: row.body,
    keys: JSON.parse(row.keys) as DocumentKeys,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.owner === null ? {} : { owner: row.owner }),
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    ordinal: row.ordinal,
  };
}

/** Members are set one by one: large documents have thousands of parts, and a spread of each costs more than its read. */
export function toPart(row: StoredPart): PartRow {
  const { key, name, kind, body, position } = row;
  const part: { -readonly [Member in keyof PartRow]: PartRow[Member] } = {
    key,
    name,
    kind,
    body,
    position,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
  if (row.parent !== null) part.parent = row.parent;
  if (row.num !== null) part.num = row.num;
  if (row.text !== null) part.text = row.text;
  if (row.expires_at !== null) part.expiresAt = row.expires_at;
  return part;
}

/**
 * Rows ordered by position become document order: each part, then all below it. What lies in a part that is gone is
 * gone with it. `under` is the part to begin with.
 */
export function inDocumentOrder<Row extends Pick<StoredPart, "key" | "parent">>(
  rows: readonly Row[],
  under: string | undefined,
): Row[] {
  const below = Map.groupBy(rows, ({ parent }) => parent);
  const ordered: Row[] = [];
  const first = under === undefined ? below.get(null) : rows.filter(({ key }) => key === under);
  const stack = (first ?? []).toReversed();
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    ordered.push(row);
    const children = below.get(row.key);
    if (children !== undefined) stack.push(...children.toReversed());
  }
  return ordered;
}
