import { Readable } from "node:stream";
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  openPromise,
  validateFileName,
  type ZipFile,
} from "yauzl";
import { HubError } from "../../core/errors.ts";
import type { BlobArchive } from "./blob-archive.ts";
import { packageError } from "./package-error.ts";
import { partKey, partNamed } from "./part-name.ts";

export interface PackageLimits {
  /** Entries of the archive. */
  readonly entries: number;
  /** Bytes of all parts, unpacked. */
  readonly bytes: number;
  /** How many times larger a part may be than it is packed, where it is larger than a MiB. */
  readonly ratio: number;
}

export const defaultPackageLimits: PackageLimits = { entries: 10_000, bytes: 4 * 2 ** 30, ratio: 200 };

/** Below this size no ratio is suspicious: a small file of equal bytes packs well. */
const harmless = 2 ** 20;

export interface Part {
  /** Absolute and without percent escapes: `/aasx/files/manual.pdf`. */
  readonly name: string;
  readonly size: number;
}

/** The parts of a package in a ZIP archive, read from the disk as they are asked for. */
export interface ZipParts {
  readonly parts: readonly Part[];
  find(name: string): Part | undefined;
  /** Its content as a stream, which fails with `malformed` where that is damaged. */
  open(part: Part): Readable;
  close(): void;
}

/**
 * Opens a ZIP archive and judges all that it declares before anything of it is unpacked.
 * @throws HubError `malformed` for no archive, `invalid` for names that lead out of it or come twice, `too-large` past a
 * limit, `unsupported` for encryption and foreign compression
 */
export async function openZipParts(archive: string | BlobArchive, limits: PackageLimits): Promise<ZipParts> {
  const options = { decodeStrings: false, validateEntrySizes: true, autoClose: false };
  const opening =
    typeof archive === "string"
      ? openPromise(archive, options)
      : fromRandomAccessReaderPromise(archive, archive.size, options);
  const zip = await opening.catch((error: unknown) => {
    if (isMissing(error)) throw new HubError("not-found", `there is no file ${archive}`, { cause: error });
    if (error instanceof HubError) throw error;
    throw packageError("malformed", "the file", "it is no ZIP archive", "an AASX package (ECMA-376-2)", error);
  });
  try {
    const entries = await entriesOf(zip, limits);
    return {
      parts: [...entries.values()].map(({ part }) => part),
      find: (name) => entries.get(partKey(name))?.part,
      open({ name }) {
        const found = entries.get(partKey(name));
        if (found === undefined) throw new HubError("internal", `${name} is no part of this package`);
        return Readable.from(contentOf(zip, found), { objectMode: false });
      },
      close: () => zip.close(),
    };
  } catch (thrown) {
    zip.close();
    throw thrown;
  }
}

interface Found {
  readonly entry: Entry;
  readonly part: Part;
}

async function entriesOf(zip: ZipFile, limits: PackageLimits): Promise<ReadonlyMap<string, Found>> {
  if (zip.entryCount > limits.entries) {
    throw packageError("too-large", "the archive", `${zip.entryCount} entries`, `at most ${limits.entries}`);
  }
  const found = new Map<string, Found>();
  let bytes = 0;
  for await (const entry of readable(zip)) {
    const name = nameOf(entry);
    if (name.endsWith("/")) continue;
    judge(entry, name, limits);
    bytes += entry.uncompressedSize;
    if (bytes > limits.bytes) {
      throw packageError("too-large", name, "the package unpacks to too much", `at most ${limits.bytes} bytes`);
    }
    const part = { name: partNamed(`/${name}`, "/") ?? "", size: entry.uncompressedSize };
    const key = partKey(part.name);
    if (found.has(key)) throw packageError("invalid", name, "two parts have this name", "each name once");
    found.set(key, { entry, part });
  }
  return found;
}

async function* readable(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw packageError("malformed", "the archive", "its directory is damaged", "a whole ZIP archive", error);
  }
}

function nameOf(entry: Entry): string {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  if (validateFileName(name) !== null || name.includes("\0")) {
    throw packageError("invalid", name, "the name leads out of the package", "a relative name without ..");
  }
  return name;
}

function judge(entry: Entry, name: string, { ratio }: PackageLimits): void {
  if (entry.isEncrypted()) throw packageError("unsupported", name, "the part is encrypted", "no encryption");
  if (!entry.canDecodeFileData()) {
    const message = `compression method ${entry.compressionMethod}`;
    throw packageError("unsupported", name, message, "stored (0) or deflated (8)");
  }
  if (entry.uncompressedSize > harmless && entry.uncompressedSize > ratio * entry.compressedSize) {
    const times = Math.floor(entry.uncompressedSize / Math.max(entry.compressedSize, 1));
    throw packageError("too-large", name, `unpacks to ${times} times its size`, `at most ${ratio} times`);
  }
}

/** Unpacks nothing before somebody reads: a stream that fails while nobody listens would end the process. */
async function* contentOf(zip: ZipFile, { entry, part }: Found): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) yield chunk as Uint8Array;
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw damaged(part.name, error);
  }
}

const damaged = (name: string, cause: unknown): HubError =>
  packageError("malformed", name, "the part is damaged, or not of the size that it declares", "a whole part", cause);

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
