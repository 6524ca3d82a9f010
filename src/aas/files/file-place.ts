import type { Collection, FileRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import type { BlobRef, DocumentPort } from "../../store/contract.ts";
import { commitDecided, type ServiceParts, unchanged } from "../services/commit.ts";
import { fileNameAt, filePath, freePath, isElsewhere } from "./file-path.ts";
import { isMediaType, mediaTypeOf, unknownType } from "./media-type.ts";

/** A file as a client sends it: its content is in the store of blobs already. */
export interface Upload {
  readonly fileName?: string;
  readonly contentType?: string;
  readonly blob: BlobRef;
}

/** A file as a client gets it. */
export interface StoredFile extends BlobRef {
  readonly fileName: string;
  readonly contentType: string;
}

/**
 * What a client asked to hold: the file or its document in one of these states (entity tags of If-Match, without their
 * quotes), any file (`*`), or none yet (If-None-Match: *).
 */
export type ExpectedFile = { readonly tags: readonly string[] } | "exist" | "absent" | undefined;

/** Where a document names a file: a File element, the thumbnail of a shell. */
export interface FilePlace {
  readonly collection: Collection;
  readonly id: string;
  /** Of the document. */
  readonly version: number;
  /** In messages. */
  readonly what: string;
  /** What it says now. */
  readonly path: string | undefined;
  readonly contentType: string | undefined;
  /** A name for what comes without one. */
  readonly usualName: string;
  /** What other places of the document name. */
  readonly others: ReadonlySet<string>;
  /** The change that lets it name another file, or none. */
  naming(file: { readonly path: string; readonly contentType: string } | undefined): readonly Mutation[];
}

/** The file that a place names. @throws HubError `not-found` */
export async function fileAt(documents: DocumentPort, place: FilePlace): Promise<StoredFile> {
  const { digest, size, contentType: stored } = existing(place, await rowOf(documents, place));
  const said = place.contentType ?? stored;
  const contentType = isMediaType(said) ? said : unknownType;
  return { digest, size, contentType, fileName: fileNameAt(place.path ?? "") };
}

/** @throws HubError `precondition-failed` */
export async function checkExpectedFile(
  documents: DocumentPort,
  place: FilePlace,
  expected: ExpectedFile,
): Promise<void> {
  if (expected === undefined) return;
  const row = await rowOf(documents, place);
  if (expected === "absent") {
    if (row === undefined) return;
    throw new HubError("precondition-failed", `${place.what} has a file already, and If-None-Match wants none`);
  }
  if (expected === "exist" ? row !== undefined : expected.tags.some((tag) => isState(tag, place, row))) return;
  throw new HubError("precondition-failed", `${place.what} is not in the state that If-Match names`);
}

/** Lets a place name a new file; the one that it named goes in the same commit, unless another place names it too. */
export async function putFile(
  parts: ServiceParts,
  scope: Scope,
  find: () => Promise<FilePlace>,
  { fileName, contentType: said, blob }: Upload,
  expected: ExpectedFile,
): Promise<void> {
  await commitDecided(parts, scope, async () => {
    const place = await find();
    const { collection, id, version, others } = place;
    await checkExpectedFile(parts.documents, place, expected);
    const rows = new Map((await parts.documents.files(collection, id)).map((row) => [row.name, row]));
    const name =
      fileName ?? (place.path === undefined || isElsewhere(place.path) ? place.usualName : fileNameAt(place.path));
    const isFree = (path: string): boolean =>
      rows.get(path)?.digest === blob.digest || (!others.has(path) && (path === place.path || !rows.has(path)));
    const path = freePath(filePath(name), isFree);
    const contentType = mediaTypeOf(said, name);
    const mutations: readonly Mutation[] = [
      ...place.naming({ path, contentType }),
      { kind: "file.put", collection, id, file: { name: path, contentType, ...blob } },
    ];
    return { unit: { preconditions: [unchanged(collection, id, version)], mutations }, result: undefined };
  });
}

/** Lets a place name no file. @throws HubError `not-found` where it has none */
export async function deleteFile(
  parts: ServiceParts,
  scope: Scope,
  find: () => Promise<FilePlace>,
  expected: ExpectedFile,
): Promise<void> {
  await commitDecided(parts, scope, async () => {
    const place = await find();
    await checkExpectedFile(parts.documents, place, expected);
    existing(place, await rowOf(parts.documents, place));
    const { collection, id, version } = place;
    const mutations = place.naming(undefined);
    return { unit: { preconditions: [unchanged(collection, id, version)], mutations }, result: undefined };
  });
}

async function rowOf(documents: DocumentPort, { collection, id, path }: FilePlace): Promise<FileRow | undefined> {
  return path === undefined ? undefined : await documents.file(collection, id, path);
}

function existing({ what, path }: FilePlace, row: FileRow | undefined): FileRow {
  if (row !== undefined) return row;
  if (path === undefined) throw new HubError("not-found", `${what} has no file`);
  const shown = JSON.stringify(path.slice(0, 200));
  const why = isElsewhere(path) ? "which is elsewhere: get it there" : "of which the hub has no content";
  throw new HubError("not-found", `${what} names ${shown}, ${why}`);
}

/** The tag of the file is its digest; one of the document begins with its version. */
function isState(tag: string, { version }: FilePlace, row: FileRow | undefined): boolean {
  return tag === row?.digest || tag.split("-", 1)[0] === String(version);
}
