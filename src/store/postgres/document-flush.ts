import type { NewPart } from "../../core/document.ts";
import { boxOf, isGeometry } from "../../core/geometry.ts";
import type { DocumentState } from "./document-state.ts";
import type { Session } from "./session.ts";

/** Characters of a text that stand in an index, and of a meaning. */
export const HEAD_CHARACTERS = 64;
export const MEANING_CHARACTERS = 256;
/** Rows in one statement: a text of them is built whole. */
const BATCH = 5_000;

type Column = readonly (string | number | null)[];

/** Writes what a group made of its documents: a few statements, however many documents there are. */
export async function flushDocuments(
  session: Session,
  tenant: number,
  states: readonly DocumentState[],
  touchedBlobs: Set<string>,
): Promise<void> {
  await removeOld(session, tenant, states, touchedBlobs);
  const touched = states.filter((state) => state.isTouched && state.head !== undefined);
  await writeHeads(session, tenant, touched);
  await writeKeys(session, tenant, touched);
  await writeParts(session, tenant, states);
  await writeFiles(session, tenant, touched);
}

async function removeOld(
  session: Session,
  tenant: number,
  states: readonly DocumentState[],
  touchedBlobs: Set<string>,
): Promise<void> {
  const removed = states.flatMap((state) => [...state.removed]);
  const cleared = states.flatMap((state) => [...state.cleared]);
  if (cleared.length > 0) {
    await session.change("DELETE FROM part WHERE tenant = ? AND document = ANY(?::bigint[])", [tenant, cleared]);
  }
  if (removed.length > 0) {
    const files = await session.all<{ digest: string }>(
      "DELETE FROM document_file WHERE tenant = ? AND document = ANY(?::bigint[]) RETURNING digest",
      [tenant, removed],
    );
    for (const { digest } of files) touchedBlobs.add(digest);
    await session.change("DELETE FROM document_key WHERE tenant = ? AND document = ANY(?::bigint[])", [
      tenant,
      removed,
    ]);
    for (const [collection, some] of Map.groupBy(states, (state) => state.collection)) {
      const ordinals = some.flatMap((state) => [...state.removed]);
      if (ordinals.length === 0) continue;
      await session.change("DELETE FROM document WHERE tenant = ? AND collection = ? AND ordinal = ANY(?::bigint[])", [
        tenant,
        collection,
        ordinals,
      ]);
    }
  }
  const gone = states.flatMap((state) =>
    [...state.touchedParts].flatMap((key) =>
      state.head !== undefined && state.parts.get(key) === undefined ? [{ document: state.head.ordinal, key }] : [],
    ),
  );
  if (gone.length > 0) {
    await session.change(
      `DELETE FROM part p USING unnest(?::bigint[], ?::text[]) AS w (document, key)
       WHERE p.tenant = ? AND p.document = w.document AND p.key = w.key`,
      [gone.map(({ document }) => document), gone.map(({ key }) => key), tenant],
    );
  }
}

async function writeHeads(session: Session, tenant: number, states: readonly DocumentState[]): Promise<void> {
  const [rewritten, touched] = [states.filter((one) => one.isRewritten), states.filter((one) => !one.isRewritten)];
  if (touched.length > 0) {
    await session.change(
      `UPDATE document d SET modified_at = w.modified_at, version = w.version
       FROM unnest(?::text[], ?::bigint[], ?::float8[], ?::bigint[]) AS w (collection, ordinal, modified_at, version)
       WHERE d.tenant = ? AND d.collection = w.collection AND d.ordinal = w.ordinal`,
      [
        touched.map((one) => one.collection),
        touched.map(({ head }) => head?.ordinal ?? 0),
        touched.map(({ head }) => head?.modifiedAt ?? 0),
        touched.map(({ head }) => head?.version ?? 0),
        tenant,
      ],
    );
  }
  for (const some of batches(rewritten)) {
    await session.change(
      `INSERT INTO document
         (tenant, collection, ordinal, id, body, keys, expires_at, owner, created_at, modified_at, version)
       SELECT ?::int, w.* FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::float8[], ?::text[],
         ?::float8[], ?::float8[], ?::bigint[]) AS w
       ON CONFLICT (tenant, collection, ordinal) DO UPDATE SET body = excluded.body, keys = excluded.keys,
         expires_at = excluded.expires_at, owner = excluded.owner, modified_at = excluded.modified_at,
         version = excluded.version`,
      [
        tenant,
        some.map((one) => one.collection),
        some.map(({ head }) => head?.ordinal ?? 0),
        some.map((one) => one.id),
        some.map(({ head }) => head?.body ?? ""),
        some.map(({ head }) => JSON.stringify(head?.keys ?? {})),
        some.map(({ head }) => head?.expiresAt ?? null),
        some.map(({ head }) => head?.owner ?? null),
        some.map(({ head }) => head?.createdAt ?? 0),
        some.map(({ head }) => head?.modifiedAt ?? 0),
        some.map(({ head }) => head?.version ?? 0),
      ],
    );
  }
}

async function writeKeys(session: Session, tenant: number, states: readonly DocumentState[]): Promise<void> {
  const rewritten = states.filter((one) => one.isRewritten);
  if (rewritten.length === 0) return;
  const rows = rewritten.flatMap(({ collection, head }) =>
    Object.entries(head?.keys ?? {}).flatMap(([name, values]) =>
      [...new Set(values)].map((value) => ({ collection, name, value, document: head?.ordinal ?? 0 })),
    ),
  );
  await session.change("DELETE FROM document_key WHERE tenant = ? AND document = ANY(?::bigint[])", [
    tenant,
    rewritten.map(({ head }) => head?.ordinal ?? 0),
  ]);
  for (const some of batches(rows)) {
    await session.change(
      `INSERT INTO document_key (tenant, collection, name, value, document)
       SELECT ?::int, w.* FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[]) AS w ON CONFLICT DO NOTHING`,
      [
        tenant,
        some.map((one) => one.collection),
        some.map((one) => one.name),
        some.map((one) => one.value),
        some.map((one) => one.document),
      ],
    );
  }
}

async function writeParts(session: Session, tenant: number, states: readonly DocumentState[]): Promise<void> {
  const rows = states.flatMap((state) =>
    [...state.touchedParts].flatMap((key) => {
      const part = state.parts.get(key);
      if (part?.row === undefined || state.head === undefined) return [];
      return [{ state, part, row: part.row, document: state.head.ordinal }];
    }),
  );
  for (const some of batches(rows)) {
    const found = some.map(({ row, state }) => indexedOf(row, state.collection));
    const columns: readonly Column[] = [
      some.map(({ document }) => document),
      some.map(({ row }) => row.key),
      some.map(({ state }) => state.collection),
      some.map(({ row }) => row.parent ?? null),
      some.map(({ row }) => row.name),
      some.map(({ row }) => row.kind),
      some.map(({ row }) => row.body),
      some.map(({ row }) => row.num ?? null),
      some.map(({ row }) => row.text ?? null),
      found.map(({ textHead }) => textHead),
      found.map(({ meaning }) => meaning),
      ...[0, 1, 2, 3].map((side) => found.map(({ box }) => box?.[side] ?? null)),
      some.map(({ row }) => row.expiresAt ?? null),
      some.map(({ part }) => part.position),
      some.map(({ part }) => part.createdAt),
      some.map(({ part }) => part.modifiedAt),
    ];
    await session.change(PUT_PARTS, [tenant, ...columns]);
  }
}

const partColumns = {
  document: "bigint",
  key: "text",
  collection: "text",
  parent: "text",
  name: "text",
  kind: "text",
  body: "text",
  num: "float8",
  text: "text",
  text_head: "text",
  meaning: "text",
  west: "float8",
  south: "float8",
  east: "float8",
  north: "float8",
  expires_at: "float8",
  position: "bigint",
  created_at: "float8",
  modified_at: "float8",
} as const;

const names = Object.keys(partColumns);
const PUT_PARTS = `INSERT INTO part (tenant, ${names.join(", ")})
  SELECT ?::int, w.* FROM unnest(${Object.values(partColumns)
    .map((type) => `?::${type}[]`)
    .join(", ")}) AS w
  ON CONFLICT (tenant, document, key) DO UPDATE SET ${names
    .filter((name) => name !== "document" && name !== "key")
    .map((name) => `${name} = excluded.${name}`)
    .join(", ")}`;

/** What an index finds a part by, besides its name and number. */
function indexedOf({ kind, body, text }: NewPart, collection: string) {
  const textHead = text === undefined ? null : headOf(text, HEAD_CHARACTERS);
  const geometry = collection === "entity" && kind === "GeoProperty" ? (parsed(body)?.value ?? null) : null;
  const key = collection === "submodel" && body.includes('"semanticId"') ? meaningOf(parsed(body)) : undefined;
  return {
    textHead,
    meaning: key === undefined ? null : headOf(key, MEANING_CHARACTERS),
    box: isGeometry(geometry) ? boxOf(geometry) : undefined,
  };
}

export const headOf = (text: string, characters: number): string =>
  text.length <= characters ? text : [...text.slice(0, 2 * characters)].slice(0, characters).join("");

/** Bodies are texts, which need not be JSON. */
function parsed(body: string): { readonly [member: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as { readonly [member: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

function meaningOf(body: { readonly [member: string]: unknown } | undefined): string | undefined {
  const reference = body?.semanticId as { readonly keys?: readonly { readonly value?: unknown }[] } | undefined;
  const value = reference?.keys?.[0]?.value;
  return typeof value === "string" ? value : undefined;
}

async function writeFiles(session: Session, tenant: number, states: readonly DocumentState[]): Promise<void> {
  const touched = states.flatMap((state) =>
    [...state.touchedFiles].map((name) => ({
      document: state.head?.ordinal ?? 0,
      name,
      file: state.files.get(name),
    })),
  );
  const [gone, put] = [touched.filter(({ file }) => file === undefined), touched.filter(({ file }) => file)];
  if (gone.length > 0) {
    await session.change(
      `DELETE FROM document_file f USING unnest(?::bigint[], ?::text[]) AS w (document, name)
       WHERE f.tenant = ? AND f.document = w.document AND f.name = w.name`,
      [gone.map(({ document }) => document), gone.map(({ name }) => name), tenant],
    );
  }
  if (put.length === 0) return;
  await session.change(
    `INSERT INTO document_file (tenant, document, name, digest, size, content_type, created_at, modified_at)
     SELECT ?::int, w.* FROM unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::float8[], ?::float8[])
       AS w
     ON CONFLICT (tenant, document, name) DO UPDATE SET digest = excluded.digest, size = excluded.size,
       content_type = excluded.content_type, modified_at = excluded.modified_at`,
    [
      tenant,
      put.map(({ document }) => document),
      put.map(({ name }) => name),
      put.map(({ file }) => file?.digest ?? ""),
      put.map(({ file }) => file?.size ?? 0),
      put.map(({ file }) => file?.contentType ?? ""),
      put.map(({ file }) => file?.createdAt ?? 0),
      put.map(({ file }) => file?.modifiedAt ?? 0),
    ],
  );
}

/** Contents that a file refers to are held; of others the hour begins. */
export async function holdBlobs(
  session: Session,
  tenant: number,
  digests: ReadonlySet<string>,
  at: number,
): Promise<void> {
  if (digests.size === 0) return;
  await session.change(
    `UPDATE blob b SET idle_since = CASE WHEN EXISTS (SELECT 1 FROM document_file f
       WHERE f.tenant = ? AND f.digest = b.digest) THEN NULL ELSE ?::float8 END
     WHERE b.tenant = ? AND b.digest = ANY(?::text[])`,
    [tenant, at, tenant, [...digests]],
  );
}

function* batches<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH);
}
