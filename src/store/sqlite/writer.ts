import type { DatabaseSync } from "node:sqlite";
import { HubError } from "../../core/errors.ts";
import type { StoreOptions } from "../contract.ts";
import type { SampleColumns } from "../form/sample-columns.ts";
import { BlobWriter } from "./blob-writer.ts";
import { openForWriting, type Synchronous } from "./connection.ts";
import { Counters } from "./counters.ts";
import { DiskBudget, grows, type Present } from "./disk-budget.ts";
import type { PastKeeper } from "./document-writer.ts";
import { EvolutionHeads } from "./evolution-heads.ts";
import { FileWriter } from "./file-writer.ts";
import { HistoryCompactor } from "./history-compactor.ts";
import { HistoryEditor } from "./history-editor.ts";
import { migrate } from "./migrations/migrate.ts";
import { OutboxWriter } from "./outbox-writer.ts";
import { RecordWriter } from "./record-writer.ts";
import { SeriesWriter } from "./series-writer.ts";
import { SignalWriter } from "./signal-writer.ts";
import { failsTheStore, sqliteFailure } from "./sqlite-failure.ts";
import { Sweeper } from "./sweeper.ts";
import { UnitWriter } from "./unit-writer.ts";
import type { WriteJob, WriteName, WriteOutcome, WriterFigures } from "./write-calls.ts";

export interface WriterOptions extends StoreOptions {
  readonly file: string;
  readonly synchronous: Synchronous;
  /** Rows of history that wait in segments before they are brought together by series. */
  readonly hotRows: number;
}

/** A file up to this size is read through at its opening. */
const CHECKED_BYTES = 64 * 1024 * 1024;

/** The one that writes a tenant's file, in a thread of its own so that no sync holds anybody up. */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #counters: Counters;
  readonly #signals: SignalWriter;
  readonly #outbox: OutboxWriter;
  readonly #units: UnitWriter;
  readonly #series: SeriesWriter;
  readonly #history: HistoryEditor;
  readonly #records: RecordWriter;
  readonly #sweeper: Sweeper;
  readonly #budget: DiskBudget;
  readonly #blobs: BlobWriter;
  #commits = 0;
  #samples = 0;
  #lastCommitMs = 0;

  constructor(options: WriterOptions) {
    const database = openForWriting(options.file, options.synchronous);
    this.#database = database;
    migrate(database);
    checkIntegrity(database);
    this.#counters = new Counters(database);
    this.#signals = new SignalWriter(database, this.#counters);
    this.#outbox = new OutboxWriter(database, this.#counters, options.outboxBound);
    this.#blobs = new BlobWriter(database, this.#counters);
    const files = new FileWriter(database, this.#blobs);
    const compactor = new HistoryCompactor(database, this.#counters, options.hotRows);
    this.#history = new HistoryEditor(database, this.#counters, compactor);
    const heads = new EvolutionHeads(database);
    const past: PastKeeper = {
      heads,
      eraseLeaf: (document, part) => this.#history.eraseLeaf({ collection: "entity", document, part }),
    };
    this.#units = new UnitWriter(database, this.#counters, this.#signals, this.#outbox, files, past);
    this.#series = new SeriesWriter(database);
    this.#records = new RecordWriter(database);
    this.#budget = new DiskBudget(database, this.#counters, options);
    this.#sweeper = new Sweeper(
      database,
      this.#counters,
      this.#units.documents,
      this.#budget,
      compactor,
      heads,
      options,
    );
  }

  /**
   * One transaction for all. A job that fails alone says so in its outcome; what fails the store as a whole
   * (`store-full`, `store-corrupt`) is thrown, and nothing of the group is kept.
   */
  group(jobs: readonly WriteJob[], samples: SampleColumns): readonly WriteOutcome[] {
    try {
      return this.#transaction(jobs, samples, 0);
    } catch (error) {
      if (jobs.length === 1 || failsTheStore(error)) throw error;
      return this.#oneByOne(jobs, samples);
    }
  }

  /** One of them makes any transaction fail: it fails alone, in its own. */
  #oneByOne(jobs: readonly WriteJob[], samples: SampleColumns): readonly WriteOutcome[] {
    let next = 0;
    return jobs.flatMap((job) => {
      const from = next;
      if (job.name === "commit") for (const unit of job.args.units) next += unit.samples;
      try {
        return this.#transaction([job], samples, from);
      } catch (error) {
        const { code, message } = sqliteFailure(error);
        return [{ error: { code, message } }];
      }
    });
  }

  /** @param from the first sample that belongs to these jobs */
  #transaction(jobs: readonly WriteJob[], samples: SampleColumns, from: number): readonly WriteOutcome[] {
    const started = performance.now();
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const roomy = this.#budget.makeRoom();
      this.#signals.begin(samples);
      this.#units.begin(from);
      const outcomes = jobs.map((job) => this.#outcome(job, roomy));
      this.#signals.end();
      this.#outbox.trim();
      this.#counters.write();
      this.#database.exec("COMMIT");
      this.#counters.committed();
      this.#commits += 1;
      this.#samples += this.#units.sample - from;
      this.#lastCommitMs = performance.now() - started;
      return outcomes;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      this.#counters.rolledBack();
      this.#outbox.rolledBack();
      throw error;
    }
  }

  figures(): WriterFigures {
    const { historyRows, historyDropped, outboxDropped, blobBytes } = this.#counters.now;
    return {
      commits: this.#commits,
      units: this.#units.units,
      samples: this.#samples,
      historyRows,
      historyDropped,
      outboxDropped,
      blobBytes,
      lastCommitMs: this.#lastCommitMs,
    };
  }

  close(): void {
    this.#database.close();
  }

  readonly #present: Present = {
    series: (args) => this.#series.hasAll(args),
    addresses: (args) => this.#series.hasAddresses(args),
    record: (args) => this.#records.has(args),
    blob: (args) => this.#blobs.has(args),
  };

  #outcome(job: WriteJob, roomy: boolean): WriteOutcome {
    if (!roomy && grows(job, this.#present)) {
      if (job.name === "commit") this.#units.skip(job.args.units);
      return { error: this.#budget.refusal() };
    }
    try {
      return { result: this.#run(job) };
    } catch (error) {
      if (!(error instanceof HubError) || error.code === "store-corrupt") throw error;
      return { error: { code: error.code, message: error.message } };
    }
  }

  #run(job: WriteJob): unknown {
    switch (job.name) {
      case "commit":
        return this.#units.commit(job.args);
      case "ensureSeries":
        return this.#series.ensure(job.args);
      case "addressSeries":
        return this.#series.address(job.args);
      case "eraseSeries":
        return this.#history.erase(job.args);
      case "amendRow":
        return this.#history.amend(job.args);
      case "delivered":
        return this.#outbox.delivered(job.args);
      case "retryDelivery":
        return this.#outbox.retry(job.args);
      case "buryDelivery":
        return this.#outbox.bury(job.args);
      case "dropTarget":
        return this.#outbox.drop(job.args);
      case "putRecord":
        return this.#records.put(job.args);
      case "deleteRecord":
        return this.#records.delete(job.args);
      case "reserveBlob":
        return this.#budget.reserve(job.args.bytes);
      case "putBlob":
        return this.#blobs.put(job.args, this.#budget);
      case "dropBlobs":
        return this.#blobs.drop(job.args);
      case "sweep":
        return this.#sweeper.step(job.args.now);
      default:
        return unknownJob(job);
    }
  }
}

function unknownJob(job: never): never {
  throw new HubError("internal", `the writer does not know ${(job as { name: WriteName }).name}`);
}

function checkIntegrity(database: DatabaseSync): void {
  const pages = Number(database.prepare("PRAGMA page_count").get()?.page_count);
  const pageSize = Number(database.prepare("PRAGMA page_size").get()?.page_size);
  if (pages * pageSize > CHECKED_BYTES) return;
  const finding = String(database.prepare("PRAGMA quick_check(1)").get()?.quick_check);
  if (finding === "ok") return;
  throw new HubError("store-corrupt", `the store's file is damaged (${finding}); restore it from a backup`);
}
