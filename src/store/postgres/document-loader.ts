import type { Collection, DocumentKeys, FileRow } from "../../core/document.ts";
import type { CommitUnit } from "../contract.ts";
import { type DocumentState, newDocumentState, placeKey } from "./document-state.ts";
import type { Session } from "./session.ts";

/** What the units of a group look at and change. */
export interface GroupPicture {
  readonly documents: ReadonlyMap<string, DocumentState>;
  /** Sizes of the contents that files are to refer to. */
  readonly blobs: ReadonlyMap<string, number>;
}

interface Needs {
  readonly state: DocumentState;
  readonly keys: Set<string>;
  /** Parts that others shall lie in, or lie in. */
  readonly parents: Set<string | undefined>;
  all: boolean;
  below: boolean;
  files: boolean;
}

export const stateKey = (collection: Collection, id: string): string => `${collection}\n${id}`;

/** Reads in a few round trips all that the units of a group need to know of documents, parts, files and contents. */
export async function loadPicture(
  session: Session,
  tenant: number,
  units: readonly CommitUnit[],
): Promise<GroupPicture> {
  const { needs, digests } = needsOf(units);
  if (needs.size === 0) return { documents: new Map(), blobs: new Map() };
  const states = [...needs.values()];
  const byOrdinal = await loadHeads(session, tenant, states);
  await loadParts(session, tenant, byOrdinal);
  await loadFiles(session, tenant, byOrdinal);
  const blobs =
    digests.size === 0
      ? []
      : await session.all<{ digest: string; size: number }>(
          "SELECT digest, size FROM blob WHERE tenant = ? AND digest = ANY(?::text[])",
          [tenant, [...digests]],
        );
  return {
    documents: new Map([...needs].map(([key, { state }]) => [key, state])),
    blobs: new Map(blobs.map(({ digest, size }) => [digest, size])),
  };
}

function needsOf(units: readonly CommitUnit[]) {
  const needs = new Map<string, Needs>();
  const digests = new Set<string>();
  const need = (collection: Collection, id: string): Needs => {
    const key = stateKey(collection, id);
    let found = needs.get(key);
    if (found === undefined) {
      const state = newDocumentState(collection, id);
      found = { state, keys: new Set(), parents: new Set(), all: false, below: false, files: false };
      needs.set(key, found);
      // What becomes of an entity's past is written beside it.
      if (collection === "entity") need("evolution", id);
    }
    return found;
  };
  for (const { preconditions = [], mutations = [] } of units) {
    for (const { collection, id, part } of preconditions) {
      const found = need(collection, id);
      if (part !== undefined) found.keys.add(part);
    }
    for (const mutation of mutations) {
      const { collection } = mutation;
      const found = need(collection, mutation.kind === "document.put" ? mutation.document.id : mutation.id);
      // What is past its time is removed by whoever finds it.
      found.files = true;
      if (mutation.kind === "document.put") found.all = true;
      if (mutation.kind === "file.put") digests.add(mutation.file.digest);
      if (mutation.kind === "part.delete") {
        found.below = true;
        found.keys.add(mutation.key);
      }
      if (mutation.kind === "part.put") {
        found.keys.add(mutation.part.key);
        found.parents.add(mutation.part.parent);
        if (mutation.part.parent !== undefined) found.keys.add(mutation.part.parent);
      }
    }
  }
  return { needs, digests };
}

interface StoredHead {
  readonly collection: Collection;
  readonly id: string;
  readonly ordinal: number;
  readonly keys: string;
  readonly body: string;
  readonly expires_at: number | null;
  readonly owner: string | null;
  readonly created_at: number;
  readonly modified_at: number;
  readonly version: number;
}

async function loadHeads(
  session: Session,
  tenant: number,
  needs: readonly Needs[],
): Promise<ReadonlyMap<number, Needs>> {
  const rows = await session.all<StoredHead>(
    `SELECT d.collection, d.id, d.ordinal, d.keys, d.body, d.expires_at, d.owner, d.created_at, d.modified_at, d.version
     FROM unnest(?::text[], ?::text[]) AS w (collection, id)
     JOIN document d ON d.tenant = ? AND d.collection = w.collection AND d.id = w.id`,
    [needs.map(({ state }) => state.collection), needs.map(({ state }) => state.id), tenant],
  );
  const byKey = new Map(needs.map((one) => [stateKey(one.state.collection, one.state.id), one]));
  const byOrdinal = new Map<number, Needs>();
  for (const row of rows) {
    const found = byKey.get(stateKey(row.collection, row.id));
    if (found === undefined) continue;
    found.state.head = {
      ordinal: row.ordinal,
      body: row.body,
      keys: JSON.parse(row.keys) as DocumentKeys,
      expiresAt: row.expires_at ?? undefined,
      owner: row.owner ?? undefined,
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
      version: row.version,
    };
    byOrdinal.set(row.ordinal, found);
  }
  return byOrdinal;
}

const partColumns = "p.document, p.key, p.parent, p.name, p.position, p.created_at, p.modified_at, p.expires_at";

interface StoredPartHead {
  readonly document: number;
  readonly key: string;
  readonly parent: string | null;
  readonly name: string;
  readonly position: number;
  readonly created_at: number;
  readonly modified_at: number;
  readonly expires_at: number | null;
}

async function loadParts(session: Session, tenant: number, needs: ReadonlyMap<number, Needs>): Promise<void> {
  const whole = [...needs].filter(([, { all }]) => all).map(([ordinal]) => ordinal);
  const some = [...needs].filter(([, { all, keys }]) => !all && keys.size > 0);
  const pairs = some.flatMap(([ordinal, { keys }]) => [...keys].map((key) => [ordinal, key] as const));
  const rows: StoredPartHead[] = [];
  if (whole.length > 0) {
    rows.push(
      ...(await session.all<StoredPartHead>(
        `SELECT ${partColumns} FROM part p WHERE p.tenant = ? AND p.document = ANY(?::bigint[])`,
        [tenant, whole],
      )),
    );
  }
  if (pairs.length > 0) {
    const wanted = [pairs.map(([ordinal]) => ordinal), pairs.map(([, key]) => key)] as const;
    const isDeep = some.some(([, { below }]) => below);
    const text = isDeep
      ? `WITH RECURSIVE below (document, key) AS (
           SELECT w.document, w.key COLLATE "C" FROM unnest(?::bigint[], ?::text[]) AS w (document, key)
           UNION SELECT p.document, p.key FROM below b JOIN part p
             ON p.tenant = ? AND p.document = b.document AND p.parent = b.key)
         SELECT ${partColumns} FROM below b JOIN part p ON p.tenant = ? AND p.document = b.document AND p.key = b.key`
      : `SELECT ${partColumns} FROM unnest(?::bigint[], ?::text[]) AS w (document, key)
         JOIN part p ON p.tenant = ? AND p.document = w.document AND p.key = w.key`;
    rows.push(...(await session.all<StoredPartHead>(text, [...wanted, ...(isDeep ? [tenant, tenant] : [tenant])])));
  }
  for (const row of rows) {
    const state = needs.get(row.document)?.state;
    const parent = row.parent ?? undefined;
    state?.parts.set(row.key, {
      parent,
      name: row.name,
      position: row.position,
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
      expiresAt: row.expires_at ?? undefined,
    });
    const place = placeKey(parent);
    if (state !== undefined) state.next.set(place, Math.max(state.next.get(place) ?? 0, row.position + 1));
  }
  await loadPlaces(session, tenant, needs);
}

/** The next place below each parent that gets parts. */
async function loadPlaces(session: Session, tenant: number, needs: ReadonlyMap<number, Needs>): Promise<void> {
  const wanted = [...needs].flatMap(([ordinal, { all, parents }]) =>
    all ? [] : [...parents].map((parent) => [ordinal, parent] as const),
  );
  if (wanted.length === 0) return;
  const rows = await session.all<{ document: number; parent: string | null; next: number }>(
    `SELECT w.document, w.parent, (SELECT p.position + 1 FROM part p WHERE p.tenant = ? AND p.document = w.document
       AND p.parent = w.parent ORDER BY p.position DESC LIMIT 1) AS next
     FROM unnest(?::bigint[], ?::text[]) AS w (document, parent) WHERE w.parent IS NOT NULL
     UNION ALL
     SELECT w.document, NULL, (SELECT p.position + 1 FROM part p WHERE p.tenant = ? AND p.document = w.document
       AND p.parent IS NULL ORDER BY p.position DESC LIMIT 1) AS next
     FROM unnest(?::bigint[]) AS w (document)`,
    [
      tenant,
      wanted.map(([ordinal]) => ordinal),
      wanted.map(([, parent]) => parent ?? null),
      tenant,
      wanted.filter(([, parent]) => parent === undefined).map(([ordinal]) => ordinal),
    ],
  );
  for (const { document, parent, next } of rows) {
    needs.get(document)?.state.next.set(placeKey(parent ?? undefined), next ?? 0);
  }
}

async function loadFiles(session: Session, tenant: number, needs: ReadonlyMap<number, Needs>): Promise<void> {
  const wanted = [...needs].filter(([, { files }]) => files).map(([ordinal]) => ordinal);
  if (wanted.length === 0) return;
  const rows = await session.all<FileRow & { document: number }>(
    `SELECT document, name, digest, size, content_type AS "contentType", created_at AS "createdAt",
       modified_at AS "modifiedAt" FROM document_file WHERE tenant = ? AND document = ANY(?::bigint[])`,
    [tenant, wanted],
  );
  for (const { document, ...file } of rows) needs.get(document)?.state.files.set(file.name, file);
}
