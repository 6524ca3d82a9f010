import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { HubError } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import type { BlobPort, BlobRef } from "../contract.ts";
import { BlobFolder } from "./blob-folder.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { WriteQueue } from "./write-queue.ts";

/** Room is asked for ahead of the octets: for as much again as came already, and never for more than this. */
const LARGEST_AHEAD = 8 * 1024 * 1024;
/** Contents that are written at a time: beyond it, callers are told to come back. */
const LARGEST_CROWD = 64;
/** What one step of a sweep removes at most, and how many steps and folders a sweep has. */
const STEP_BLOBS = 100;
const SWEEP_STEPS = 16;
const SWEEP_SHARDS = 32;

/**
 * Contents of files, beside the database: written aside, synced, put in place, and only then known to it. So a process
 * that is killed leaves files that nobody knows, never a row without its file.
 */
export class BlobStore implements BlobPort {
  readonly #folder: BlobFolder;
  readonly #queue: WriteQueue;
  readonly #desk: ReadDesk;
  readonly #clock: Clock;
  /** Bytes of the writes under way that are not counted in the database yet. */
  #reserved = 0;
  #writing = 0;
  /** Putting a content in place and sweeping it never overlap. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Folders in which files of a killed process may lie; undefined until the first sweep has looked. */
  #unswept: string[] | undefined;

  private constructor(folder: BlobFolder, queue: WriteQueue, desk: ReadDesk, clock: Clock) {
    this.#folder = folder;
    this.#queue = queue;
    this.#desk = desk;
    this.#clock = clock;
  }

  static async open(path: string, queue: WriteQueue, desk: ReadDesk, clock: Clock): Promise<BlobStore> {
    const folder = new BlobFolder(path);
    await folder.clearIncoming();
    return new BlobStore(folder, queue, desk, clock);
  }

  async write(content: Readable, limit: number, abort: AbortSignal): Promise<BlobRef> {
    if (this.#writing >= LARGEST_CROWD) {
      content.destroy();
      throw new HubError("overloaded", "too many files are being written; try again in a second", { retryAfter: 1 });
    }
    this.#writing += 1;
    const room = { bytes: 0 };
    try {
      return await this.#write(content, limit, abort, room);
    } catch (error) {
      throw writeFailure(error);
    } finally {
      this.#writing -= 1;
      this.#reserved -= room.bytes;
    }
  }

  async read(digest: string, range: { readonly start?: number; readonly end?: number } = {}): Promise<Readable> {
    const handle = await this.#folder.open(digest);
    if (handle === undefined) throw new HubError("not-found", `the store has no content ${digest}`);
    return handle.createReadStream(range);
  }

  /** Bounded work, in steps between which contents are written. */
  async sweep(now: number): Promise<void> {
    for (let step = 0; step < SWEEP_STEPS; step++) {
      if ((await this.#inTurn(() => this.#dropIdle(now))) < STEP_BLOBS) break;
    }
    this.#unswept ??= [...(await this.#folder.shards())];
    for (const shard of this.#unswept.splice(0, SWEEP_SHARDS)) await this.#inTurn(() => this.#dropUnknown(shard));
  }

  async #write(content: Readable, limit: number, abort: AbortSignal, room: { bytes: number }): Promise<BlobRef> {
    const hash = createHash("sha256");
    let size = 0;
    const check = async (chunk: Buffer): Promise<void> => {
      size += chunk.length;
      if (size > limit) throw new HubError("too-large", `a file may have ${limit} bytes; this one has more`);
      await this.#reserve(size, room);
      hash.update(chunk);
    };
    const { path, stream } = await this.#folder.incoming();
    try {
      await pipeline(content, (chunks) => checked(chunks, check), stream, { signal: abort });
      const blob = { digest: hash.digest("hex"), size };
      await this.#inTurn(() => this.#keep(path, blob));
      return blob;
    } catch (error) {
      await this.#folder.discard(path);
      throw error;
    }
  }

  async #reserve(size: number, room: { bytes: number }): Promise<void> {
    if (size <= room.bytes) return;
    const more = size + Math.min(size, LARGEST_AHEAD) - room.bytes;
    room.bytes += more;
    this.#reserved += more;
    // The last piece is rarely full: what is known of the size is asked for, the rest is only kept from others.
    await this.#queue.call("reserveBlob", { bytes: this.#reserved - (room.bytes - size) });
  }

  async #keep(path: string, { digest, size }: BlobRef): Promise<void> {
    await this.#folder.place(path, digest);
    try {
      await this.#queue.call("putBlob", { digest, size, at: this.#clock.now() });
    } catch (error) {
      await this.#forget([digest]);
      throw error;
    }
  }

  async #dropIdle(now: number): Promise<number> {
    const dropped = await this.#queue.call("dropBlobs", { now, limit: STEP_BLOBS });
    for (const digest of dropped) await this.#folder.remove(digest);
    return dropped.length;
  }

  async #dropUnknown(shard: string): Promise<void> {
    await this.#forget(await this.#folder.digests(shard));
  }

  /** Removes the files that the database does not know. */
  async #forget(digests: readonly string[]): Promise<void> {
    const unknown = await this.#desk.near((reader) => reader.files.unknown(digests));
    for (const digest of unknown) await this.#folder.remove(digest);
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

async function* checked(
  chunks: AsyncIterable<Buffer>,
  check: (chunk: Buffer) => Promise<void>,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    await check(chunk);
    yield chunk;
  }
}

/** A full disk and a sender who has gone, told apart by the system's code. */
function writeFailure(thrown: unknown): HubError {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new HubError("store-full", "the store's disk is full; nothing of this file was kept", { cause: thrown });
  }
  if (code === "ERR_STREAM_PREMATURE_CLOSE") {
    return new HubError("aborted", "the content ended before it was whole", { cause: thrown });
  }
  return HubError.from(thrown);
}
