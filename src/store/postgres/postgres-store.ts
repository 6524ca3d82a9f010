import type { Clock } from "../../core/time.ts";
import type {
  BlobPort,
  CommitUnit,
  DocumentPort,
  OutboxPort,
  RecordKind,
  RecordPort,
  Store,
  StoreOptions,
  StoreStats,
  UnitResult,
} from "../contract.ts";
import type { SeriesPort } from "../series-contract.ts";
import { BlobStore } from "./blob-store.ts";
import { CommitQueue } from "./commit-queue.ts";
import { DocumentListing } from "./document-listing.ts";
import { DocumentReader } from "./document-reader.ts";
import { HistoryCompactor } from "./history-compactor.ts";
import { HistoryEditor } from "./history-editor.ts";
import { HistoryReader } from "./history-reader.ts";
import { outboxPort } from "./outbox-port.ts";
import { recordPort } from "./record-port.ts";
import { SeriesTable } from "./series-table.ts";
import { Sweeper } from "./sweeper.ts";
import type { TenantDatabase } from "./tenant-database.ts";

export interface PostgresStoreOptions extends StoreOptions {
  /** Rows of history that wait in segments before they are brought together by series. */
  readonly hotRows: number;
}

/** One tenant's rows in the shared tables. */
export class PostgresStore implements Store {
  readonly documents: DocumentPort;
  readonly series: SeriesPort;
  readonly outbox: OutboxPort;
  readonly #blobs: BlobStore;
  readonly #database: TenantDatabase;
  readonly #queue: CommitQueue;
  readonly #sweeper: Sweeper;
  readonly #budget: number;
  #closing: Promise<void> | undefined;

  constructor(database: TenantDatabase, options: PostgresStoreOptions, clock: Clock) {
    const { tenant } = database;
    this.#database = database;
    this.#budget = options.budget;
    this.#queue = new CommitQueue(database, options.outboxBound);
    const compactor = new HistoryCompactor(tenant, options.hotRows);
    const editor = new HistoryEditor(tenant, compactor);
    this.#sweeper = new Sweeper(database, editor, compactor, options.retention);
    this.#blobs = new BlobStore(database, clock, options.budget);
    this.documents = documentPort(database, clock);
    this.series = seriesPort(database, this.#sweeper, editor);
    this.outbox = outboxPort(database, this.#queue, options.outboxBound);
  }

  get blobs(): BlobPort {
    return this.#blobs;
  }

  commit(units: readonly CommitUnit[], at: number): Promise<readonly UnitResult[]> {
    return this.#queue.commit(units, at);
  }

  records(kind: RecordKind): RecordPort {
    return recordPort(this.#database, kind);
  }

  async stats(): Promise<StoreStats> {
    const [row] = await this.#database.all<{ kept: number; removed: number; dropped: number; files: number }>(
      `SELECT c.history_rows AS kept, u.rows_removed AS removed, u.rows_dropped AS dropped, c.blob_bytes AS files
       FROM counter c JOIN upkeep u ON u.tenant = c.tenant WHERE c.tenant = ?`,
      [this.#database.tenant],
    );
    const [history] = await this.#database.all<{ bytes: number }>(
      `SELECT (SELECT coalesce(sum(octet_length(body)), 0) FROM history_segment WHERE tenant = ?)::bigint
         + (SELECT coalesce(sum(octet_length(body)), 0) FROM history_chunk WHERE tenant = ?)::bigint AS bytes`,
      [this.#database.tenant, this.#database.tenant],
    );
    const { kept = 0, removed = 0, dropped = 0, files = 0 } = row ?? {};
    return {
      ...this.#queue.figures,
      bytes: files + (history?.bytes ?? 0),
      fileBytes: files,
      budget: this.#budget,
      historyRows: kept - removed - dropped,
      historyDropped: dropped,
    };
  }

  async sweep(now: number): Promise<void> {
    await this.#sweeper.sweep(now);
    await this.#blobs.sweep(now);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.close();
    await this.#database.close();
  }
}

function documentPort(database: TenantDatabase, clock: Clock): DocumentPort {
  const reader = new DocumentReader(database);
  const listing = new DocumentListing(database);
  return {
    get: (collection, id) => reader.get(collection, id, clock.now()),
    part: (collection, id, key) => reader.part(collection, id, key, clock.now()),
    parts: (collection, id, under) => reader.parts(collection, id, under, clock.now()),
    partTexts: (collection, id) => reader.partTexts(collection, id, clock.now()),
    partPage: (collection, id, page) => reader.partPage(collection, id, page, clock.now()),
    list: (collection, filter, page) => listing.list(collection, filter, page, clock.now()),
    partsOf: (collection, ids) => reader.partsOf(collection, ids, clock.now()),
    files: (collection, id) => reader.files(collection, id, clock.now()),
    file: (collection, id, name) => reader.file(collection, id, name, clock.now()),
    census: (collection, request) => reader.census(collection, request, clock.now()),
  };
}

function seriesPort(database: TenantDatabase, sweeper: Sweeper, editor: HistoryEditor): SeriesPort {
  const table = new SeriesTable(database);
  const history = new HistoryReader(database);
  return {
    ensure: (keys, at, leaves) => table.ensure(keys, at, leaves),
    address: (series, at, { linked = false } = {}) => table.address(series, at, linked),
    at: (leaf) => table.at(leaf),
    of: (collection, documents) => table.of(collection, documents),
    signals: (series) => table.signals(series),
    async history(series, query) {
      return (await history.histories([series], query)).get(series) ?? [];
    },
    histories: async (series, query) => (series.length === 0 ? new Map() : history.histories(series, query)),
    aggregates: async (groups, query) => (groups.length === 0 ? [] : history.aggregates(groups, query)),
    erase: (series) => sweeper.keepHouse((session, upkeep) => editor.erase(session, upkeep, series)),
    amend: (row, state, at) => sweeper.keepHouse((session, upkeep) => editor.amend(session, upkeep, row, state, at)),
  };
}
