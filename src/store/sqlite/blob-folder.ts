import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { makeSyncedFolder } from "./make-synced-folder.ts";
import { syncFolder } from "./sync-folder.ts";

const DIGEST = /^[0-9a-f]{64}$/;
/** Contents are spread over 256 folders, by the first two digits. */
const SHARD = /^[0-9a-f]{2}$/;

/** Where the contents of files lie on the disk: `<shard>/<digest>`; `incoming/` for what is not whole yet. */
export class BlobFolder {
  readonly #folder: string;
  readonly #incoming: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#incoming = join(folder, "incoming");
  }

  /** A new file for this user alone; it is synced when the stream has closed. */
  async incoming(): Promise<{ readonly path: string; readonly stream: Writable }> {
    await makeSyncedFolder(this.#incoming);
    const path = join(this.#incoming, randomUUID());
    return { path, stream: createWriteStream(path, { flags: "wx", mode: 0o600, flush: true }) };
  }

  async discard(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** Puts a synced file in its place; there to stay when it resolves. */
  async place(path: string, digest: string): Promise<void> {
    const shard = join(this.#folder, digest.slice(0, 2));
    await makeSyncedFolder(shard);
    await rename(path, join(shard, digest));
    await syncFolder(shard);
  }

  /** Undefined where there is no such content. */
  async open(digest: string): Promise<FileHandle | undefined> {
    if (!DIGEST.test(digest)) return undefined;
    try {
      return await open(this.#pathOf(digest), "r");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async remove(digest: string): Promise<void> {
    await rm(this.#pathOf(digest), { force: true });
  }

  async shards(): Promise<readonly string[]> {
    return (await this.#list(this.#folder)).filter((name) => SHARD.test(name));
  }

  async digests(shard: string): Promise<readonly string[]> {
    return (await this.#list(join(this.#folder, shard))).filter((name) => DIGEST.test(name));
  }

  /** What a process that was killed left half written. */
  async clearIncoming(): Promise<void> {
    await rm(this.#incoming, { recursive: true, force: true });
  }

  #pathOf(digest: string): string {
    return join(this.#folder, digest.slice(0, 2), digest);
  }

  async #list(folder: string): Promise<readonly string[]> {
    try {
      return await readdir(folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
