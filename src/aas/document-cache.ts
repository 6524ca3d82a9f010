import type { Change } from "../core/change.ts";
import type { Collection, DocumentRow, PartRow } from "../core/document.ts";
import type { Filter, Page } from "../core/filter.ts";
import type { Mutation } from "../core/mutation.ts";
import type { DocumentPort } from "../store/contract.ts";
import type { Twin } from "../twin/contract.ts";
import { ByteBoundedCache } from "./byte-bounded-cache.ts";

/** What was read of one document since it last changed. */
interface Known {
  row: DocumentRow | undefined;
  /** By the part that they lie under; the whole document's under no key. */
  readonly parts: Map<string | undefined, readonly PartRow[]>;
  readonly part: Map<string, PartRow>;
  characters: number;
}

/** A row's members beside its text. */
const bytesPerRow = 400;

/**
 * Look-ups of documents, each read from the store once until a commit touches the document: all commits are made by
 * this tenant's twin, which tells of them before their callers hear. So with pages of lists, until a commit touches their
 * collection.
 * @param budget bytes, about
 */
export function cachedDocuments(documents: DocumentPort, twin: Pick<Twin, "onChange">, budget: number): DocumentPort {
  const cache = new ByteBoundedCache<Known>(budget);
  const pages = new ByteBoundedCache<{ readonly page: Page<DocumentRow>; readonly commits: number }>(budget / 4);
  /** How many commits have touched each collection. */
  const changes = new Map<Collection, number>();
  twin.onChange((change: Change) => {
    for (const mutation of change.mutations) {
      changes.set(mutation.collection, (changes.get(mutation.collection) ?? 0) + 1);
      const key = keyOf(mutation.collection, documentOf(mutation));
      const known = cache.get(key);
      if (known === undefined) continue;
      const next = mutation.kind === "part.put" ? followed(known, mutation, change) : undefined;
      if (next === undefined) cache.delete(key);
      else cache.put(key, next, next.characters);
    }
  });

  /** Keeps what was read, unless the document has changed since the read began: then `known` is no longer in the cache. */
  function keep(key: string, known: Known, rows: readonly { readonly body: string }[], write: () => void): void {
    if (cache.get(key) !== known) return;
    write();
    known.characters += rows.reduce((sum, row) => sum + row.body.length + bytesPerRow, 0);
    cache.put(key, known, known.characters);
  }

  function knownOf(key: string): Known {
    const found = cache.get(key);
    if (found !== undefined) return found;
    const made: Known = { row: undefined, parts: new Map(), part: new Map(), characters: bytesPerRow };
    cache.put(key, made, made.characters);
    return made;
  }

  return {
    ...documents,
    async get(collection, id) {
      const key = keyOf(collection, id);
      const known = knownOf(key);
      if (known.row !== undefined) return known.row;
      const row = await documents.get(collection, id);
      if (row === undefined) cache.delete(key);
      else if (row.expiresAt === undefined) keep(key, known, [row], () => (known.row = row));
      return row;
    },
    async parts(collection, id, under) {
      const key = keyOf(collection, id);
      const known = knownOf(key);
      const found = known.parts.get(under);
      if (found !== undefined) return found;
      const parts = await documents.parts(collection, id, under);
      if (isLasting(parts)) keep(key, known, parts, () => known.parts.set(under, parts));
      return parts;
    },
    async list(collection, filter, page) {
      if (filter !== undefined && !isOfDocuments(filter)) return await documents.list(collection, filter, page);
      const key = `${collection} ${JSON.stringify([filter, page])}`;
      const kept = pages.get(key);
      const commits = changes.get(collection) ?? 0;
      if (kept?.commits === commits) return kept.page;
      const listed = await documents.list(collection, filter, page);
      if (listed.items.every(({ expiresAt }) => expiresAt === undefined)) {
        const bytes = listed.items.reduce((sum, { body }) => sum + body.length + bytesPerRow, bytesPerRow + key.length);
        pages.put(key, { page: listed, commits }, bytes);
      }
      return listed;
    },
    async part(collection, id, place) {
      const key = keyOf(collection, id);
      const known = knownOf(key);
      const found = known.part.get(place);
      if (found !== undefined) return found;
      const part = await documents.part(collection, id, place);
      if (part !== undefined && isLasting([part])) keep(key, known, [part], () => known.part.set(place, part));
      return part;
    },
  };
}

/** Whether documents alone decide: what parts say changes with their signals, of which no commit tells here. */
function isOfDocuments(filter: Filter): boolean {
  switch (filter.kind) {
    case "id":
    case "key":
      return true;
    case "all":
    case "any":
      return filter.of.every(isOfDocuments);
    default:
      return false;
  }
}

const keyOf = (collection: Collection, id: string): string => `${collection}\n${id}`;

function documentOf(mutation: Mutation): string {
  return mutation.kind === "document.put" ? mutation.document.id : mutation.id;
}

/** What is known after another value of one part, which changes nothing else; `undefined` where that cannot be told. */
function followed(
  { row, parts, part: single, characters }: Known,
  { part, how }: Extract<Mutation, { readonly kind: "part.put" }>,
  { seq, at }: Change,
): Known | undefined {
  // A row beyond this commit was read after a later one, whose news are still to come.
  if (how !== "value" || part.expiresAt !== undefined || row === undefined || row.version > seq) return undefined;
  const next = ({ position, createdAt }: PartRow): PartRow => ({ ...part, position, createdAt, modifiedAt: at });
  for (const [under, rows] of parts) {
    const index = rows.findIndex(({ key }) => key === part.key);
    const old = rows[index];
    if (old !== undefined) parts.set(under, rows.with(index, next(old)));
  }
  const known = single.get(part.key);
  if (known !== undefined) single.set(part.key, next(known));
  return { row: { ...row, version: seq, modifiedAt: at }, parts, part: single, characters };
}

/** What expires is not there from a moment on that nobody tells of; what is not there may be asked for without end. */
function isLasting(parts: readonly PartRow[]): boolean {
  return parts.length > 0 && parts.every((part) => part.expiresAt === undefined);
}
