import { statSync } from "node:fs";
import type { Clock } from "../../core/time.ts";
import type {
  BlobPort,
  CommitUnit,
  DocumentPort,
  OutboxPort,
  RecordKind,
  RecordPort,
  Store,
  StoreStats,
  UnitResult,
} from "../contract.ts";
import type { SeriesPort } from "../series-contract.ts";
import { BlobStore } from "./blob-store.ts";
import { documentPort } from "./document-port.ts";
import { outboxPort } from "./outbox-port.ts";
import { ReadDesk } from "./read-desk.ts";
import { recordPort } from "./record-port.ts";
import { seriesPort } from "./series-port.ts";
import { WriteQueue } from "./write-queue.ts";
import type { WriterOptions } from "./writer.ts";

/** A run of bringing history together has some forty. */
const SWEEP_STEPS = 64;

/** One tenant's file: a thread that writes, a thread for long reads, and look-ups on the spot. */
export class SqliteStore implements Store {
  readonly documents: DocumentPort;
  readonly series: SeriesPort;
  readonly outbox: OutboxPort;
  readonly #blobs: BlobStore;
  readonly #options: WriterOptions;
  readonly #queue: WriteQueue;
  readonly #desk: ReadDesk;
  #closing: Promise<void> | undefined;

  private constructor(options: WriterOptions, queue: WriteQueue, desk: ReadDesk, blobs: BlobStore, clock: Clock) {
    this.#options = options;
    this.#queue = queue;
    this.#desk = desk;
    this.#blobs = blobs;
    this.documents = documentPort(desk, clock);
    this.series = seriesPort(desk, queue);
    this.outbox = outboxPort(desk, queue, options.outboxBound);
  }

  static async open(options: WriterOptions, clock: Clock): Promise<SqliteStore> {
    const queue = await WriteQueue.open(options);
    try {
      const desk = new ReadDesk(options.file, () => queue.broken);
      const blobs = await BlobStore.open(`${options.file}.blobs`, queue, desk, clock);
      return new SqliteStore(options, queue, desk, blobs, clock);
    } catch (error) {
      await queue.close();
      throw error;
    }
  }

  get blobs(): BlobPort {
    return this.#blobs;
  }

  commit(units: readonly CommitUnit[], at: number): Promise<readonly UnitResult[]> {
    return this.#queue.commit(units, at);
  }

  records(kind: RecordKind): RecordPort {
    return recordPort(this.#desk, this.#queue, kind);
  }

  async stats(): Promise<StoreStats> {
    const { commits, units, samples, historyRows, historyDropped, blobBytes, lastCommitMs } = this.#queue.figures;
    const { file, budget } = this.#options;
    const bytes = [file, `${file}-wal`].reduce((sum, name) => sum + sizeOf(name), blobBytes);
    return { bytes, fileBytes: blobBytes, budget, commits, units, samples, historyRows, historyDropped, lastCommitMs };
  }

  async sweep(now: number): Promise<void> {
    // Step by step, so that commits come in between; what is left is the next sweep's, so that none holds up a close.
    for (let step = 0; step < SWEEP_STEPS; step++) {
      if (!(await this.#queue.call("sweep", { now }))) break;
    }
    await this.#blobs.sweep(now);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Readers first: who closes last copies the log into the file, and only the writer may. */
  async #close(): Promise<void> {
    await this.#desk.close();
    await this.#queue.close();
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
