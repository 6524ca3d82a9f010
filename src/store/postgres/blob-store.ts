import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { HubError } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import type { BlobPort, BlobRef } from "../contract.ts";
import { lockCounters, readCounters, writeCounters } from "./counters.ts";
import type { TenantDatabase } from "./tenant-database.ts";

/** Octets of one row. */
const CHUNK_BYTES = 256 * 1024;
/** Contents that are written at a time: beyond it, callers are told to come back. */
const LARGEST_CROWD = 64;
/** What a new content has to be referred to, and what was given up may be read: an hour. */
const GRACE_MS = 3_600_000;
const STEP_BLOBS = 100;
const SWEEP_STEPS = 16;
/** Of the budget for contents of files: no upload may stop what is measured. */
const FILES_SHARE = 0.5;

/**
 * Contents of files in rows of some hundred KiB. What is on its way has a number and no name; it is given its digest, by
 * which others find it, when it is whole. So who is killed half-way leaves rows that are swept, never half a content.
 */
export class BlobStore implements BlobPort {
  readonly #database: TenantDatabase;
  readonly #clock: Clock;
  readonly #budget: number;
  /** Bytes of the writes under way that are not counted in the database yet. */
  #reserved = 0;
  #writing = 0;

  constructor(database: TenantDatabase, clock: Clock, budget: number) {
    this.#database = database;
    this.#clock = clock;
    this.#budget = budget;
  }

  async write(content: Readable, limit: number, abort: AbortSignal): Promise<BlobRef> {
    if (this.#writing >= LARGEST_CROWD) {
      content.destroy();
      throw new HubError("overloaded", "too many files are being written; try again in a second", { retryAfter: 1 });
    }
    this.#writing += 1;
    const written = { bytes: 0 };
    try {
      return await this.#write(content, limit, abort, written);
    } catch (error) {
      throw writeFailure(error);
    } finally {
      this.#writing -= 1;
      this.#reserved -= written.bytes;
    }
  }

  async read(digest: string, { start = 0, end }: { readonly start?: number; readonly end?: number } = {}) {
    const [blob] = await this.#database.all<{ content: number; size: number }>(
      "SELECT content, size FROM blob WHERE tenant = ? AND digest = ?",
      [this.#database.tenant, digest],
    );
    if (blob === undefined) throw new HubError("not-found", `the store has no content ${digest}`);
    const last = Math.min(end ?? blob.size - 1, blob.size - 1);
    return Readable.from(this.#chunks(digest, blob.content, start, last), { objectMode: false });
  }

  /** Bounded work, in steps between which contents are written. */
  async sweep(now: number): Promise<void> {
    for (let step = 0; step < SWEEP_STEPS; step++) if ((await this.#dropIdle(now)) < STEP_BLOBS) break;
    const { tenant } = this.#database;
    const given = await this.#database.all<{ content: number }>(
      "SELECT content FROM upload WHERE tenant = ? AND touched_at <= ? LIMIT ?",
      [tenant, now - GRACE_MS, STEP_BLOBS],
    );
    for (const { content } of given) await this.#discard(content);
  }

  async *#chunks(digest: string, content: number, start: number, last: number): AsyncGenerator<Buffer> {
    for (let at = start; at <= last; ) {
      const position = Math.floor(at / CHUNK_BYTES);
      const [row] = await this.#database.all<{ body: Buffer }>(
        "SELECT body FROM blob_chunk WHERE tenant = ? AND content = ? AND position = ?",
        [this.#database.tenant, content, position],
      );
      if (row === undefined) throw new HubError("not-found", `the content ${digest} was given up while it was read`);
      const from = at - position * CHUNK_BYTES;
      const part = row.body.subarray(from, from + last - at + 1);
      if (part.length === 0) throw new HubError("store-corrupt", `a part of the content ${digest} is missing`);
      at += part.length;
      yield part;
    }
  }

  async #write(content: Readable, limit: number, abort: AbortSignal, written: { bytes: number }): Promise<BlobRef> {
    const { tenant } = this.#database;
    const hash = createHash("sha256");
    let size = 0;
    const [made] = await this.#database.write((session) =>
      session.all<{ content: number }>(
        "INSERT INTO upload (tenant, content, touched_at) VALUES (?, nextval('blob_content'), ?) RETURNING content",
        [tenant, this.#clock.now()],
      ),
    );
    const number = made?.content ?? 0;
    try {
      await pipeline(
        content,
        async (pieces: AsyncIterable<Buffer>) => {
          let position = 0;
          const take = async (chunk: Buffer): Promise<void> => {
            await this.#reserve(chunk.length, written);
            await this.#append(number, position++, chunk);
          };
          const waiting: Buffer[] = [];
          let held = 0;
          for await (const piece of pieces) {
            const octets = Buffer.from(piece);
            size += octets.length;
            if (size > limit) throw new HubError("too-large", `a file may have ${limit} bytes; this one has more`);
            hash.update(octets);
            waiting.push(octets);
            held += octets.length;
            if (held < CHUNK_BYTES) continue;
            let all = Buffer.concat(waiting.splice(0));
            for (; all.length >= CHUNK_BYTES; all = all.subarray(CHUNK_BYTES)) await take(all.subarray(0, CHUNK_BYTES));
            waiting.push(all);
            held = all.length;
          }
          if (held > 0) await take(Buffer.concat(waiting));
        },
        { signal: abort },
      );
      const blob = { digest: hash.digest("hex"), size };
      await this.#keep(number, blob);
      return blob;
    } catch (error) {
      await this.#discard(number);
      throw error;
    }
  }

  async #append(content: number, position: number, body: Buffer): Promise<void> {
    const { tenant } = this.#database;
    await this.#database.write(async (session) => {
      await session.change("INSERT INTO blob_chunk (tenant, content, position, body) VALUES (?, ?, ?, ?)", [
        tenant,
        content,
        position,
        body,
      ]);
      await session.change("UPDATE upload SET touched_at = ? WHERE tenant = ? AND content = ?", [
        this.#clock.now(),
        tenant,
        content,
      ]);
    });
  }

  /** Room for so many more octets, or `store-full`. */
  async #reserve(bytes: number, written: { bytes: number }): Promise<void> {
    written.bytes += bytes;
    this.#reserved += bytes;
    const { blob_bytes: kept } = await this.#database.with((session) => readCounters(session, this.#database.tenant));
    if (kept + this.#reserved <= this.#budget * FILES_SHARE) return;
    const half = ((this.#budget * FILES_SHARE) / 1_048_576).toFixed(1);
    throw new HubError("store-full", `the files have taken their half of the store's budget, ${half} MiB`);
  }

  async #keep(content: number, { digest, size }: BlobRef): Promise<void> {
    const { tenant } = this.#database;
    const at = this.#clock.now();
    const isNew = await this.#database.write(async (session) => {
      const counters = await lockCounters(session, tenant);
      const known = await session.change(
        "UPDATE blob SET idle_since = CASE WHEN idle_since IS NULL THEN NULL ELSE ?::float8 END WHERE tenant = ? AND digest = ?",
        [at, tenant, digest],
      );
      if (known > 0) return false;
      await session.change("INSERT INTO blob (tenant, digest, content, size, idle_since) VALUES (?, ?, ?, ?, ?)", [
        tenant,
        digest,
        content,
        size,
        at,
      ]);
      await session.change("DELETE FROM upload WHERE tenant = ? AND content = ?", [tenant, content]);
      counters.blob_bytes += size;
      await writeCounters(session, tenant, counters);
      return true;
    });
    if (!isNew) await this.#discard(content);
  }

  async #discard(content: number): Promise<void> {
    const of = [this.#database.tenant, content];
    await this.#database.write(async (session) => {
      const known = await session.all("SELECT 1 FROM blob WHERE tenant = ? AND content = ?", of);
      if (known.length === 0) await session.change("DELETE FROM blob_chunk WHERE tenant = ? AND content = ?", of);
      await session.change("DELETE FROM upload WHERE tenant = ? AND content = ?", of);
    });
  }

  async #dropIdle(now: number): Promise<number> {
    const { tenant } = this.#database;
    return this.#database.write(async (session) => {
      const counters = await lockCounters(session, tenant);
      const dropped = await session.all<{ content: number; size: number }>(
        `DELETE FROM blob WHERE tenant = ? AND digest IN
           (SELECT digest FROM blob WHERE tenant = ? AND idle_since <= ? LIMIT ?) RETURNING content, size`,
        [tenant, tenant, now - GRACE_MS, STEP_BLOBS],
      );
      if (dropped.length === 0) return 0;
      await session.change("DELETE FROM blob_chunk WHERE tenant = ? AND content = ANY(?::bigint[])", [
        tenant,
        dropped.map(({ content }) => content),
      ]);
      counters.blob_bytes -= dropped.reduce((sum, { size }) => sum + size, 0);
      await writeCounters(session, tenant, counters);
      return dropped.length;
    });
  }
}

/** A sender who has gone, told by the stream's code. */
function writeFailure(thrown: unknown): HubError {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (code === "ERR_STREAM_PREMATURE_CLOSE") {
    return new HubError("aborted", "the content ended before it was whole", { cause: thrown });
  }
  return HubError.from(thrown);
}
