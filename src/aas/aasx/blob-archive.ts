import { PassThrough, pipeline, type Readable } from "node:stream";
import { RandomAccessReader } from "yauzl";
import { HubError } from "../../core/errors.ts";
import type { BlobPort, BlobRef } from "../../store/contract.ts";

/** Lets an archive be read where it is kept, range by range, without a copy of it. */
export class BlobArchive extends RandomAccessReader {
  readonly #blobs: Pick<BlobPort, "read">;
  readonly #blob: BlobRef;

  constructor(blobs: Pick<BlobPort, "read">, blob: BlobRef) {
    super();
    this.#blobs = blobs;
    this.#blob = blob;
  }

  get size(): number {
    return this.#blob.size;
  }

  /** @param end exclusive */
  override _readStreamForRange(start: number, end: number): Readable {
    const out = new PassThrough();
    this.#blobs.read(this.#blob.digest, { start, end: end - 1 }).then(
      // Whichever of the two ends early takes the other along, be it before the first octet.
      (source) => pipeline(source, out, () => undefined),
      (error: unknown) => out.destroy(HubError.from(error)),
    );
    return out;
  }
}
