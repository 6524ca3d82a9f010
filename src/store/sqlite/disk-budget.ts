import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HubError } from "../../core/errors.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { Counters } from "./counters.ts";
import type { WireError, WireUnit, WriteArgs, WriteJob } from "./write-calls.ts";

/** Share of the budget to which history is cut back, so that the cutting is not done again at once. */
const CUT_BACK = 0.95;
/** Of the budget for contents of files: no upload may stop what is measured. */
const FILES_SHARE = 0.5;
/** Blocks dropped in one group at most: the rest goes with the next ones. */
const BLOCKS_A_GROUP = 2_000;
/** One group may go beyond the budget by this; SQLite itself refuses more. */
const SLACK_BYTES = 4 * 1024 * 1024;

/** Keeps the file within its budget: history goes first, the oldest of it at once; then what would grow is refused. */
export class DiskBudget {
  readonly #budget: number;
  readonly #pageSize: number;
  readonly #pages: StatementSync;
  readonly #free: StatementSync;
  readonly #oldestChunks: StatementSync;
  readonly #oldestSegments: StatementSync;
  readonly #counters: Counters;

  constructor(database: DatabaseSync, counters: Counters, options: { readonly budget: number }) {
    this.#budget = options.budget;
    this.#counters = counters;
    this.#pages = database.prepare("PRAGMA page_count");
    this.#free = database.prepare("PRAGMA freelist_count");
    this.#pageSize = Number(database.prepare("PRAGMA page_size").get()?.page_size);
    database.exec(`PRAGMA max_page_count = ${Math.ceil((options.budget + SLACK_BYTES) / this.#pageSize)}`);
    const drop = (table: string, order: string) =>
      database.prepare(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} ORDER BY ${order} LIMIT ?) RETURNING rows`,
      );
    this.#oldestChunks = drop("history_chunk", "last_modified");
    this.#oldestSegments = drop("history_segment", "id");
  }

  /** Bytes of the pages that hold something, of those that are still in the log too, and of the contents of files. */
  used(): number {
    const pages = Number(this.#pages.get()?.page_count) - Number(this.#free.get()?.freelist_count);
    return pages * this.#pageSize + this.#counters.now.blobBytes;
  }

  /** Room for contents of so many bytes, or `store-full`. */
  reserve(bytes: number): void {
    if (this.#counters.now.blobBytes + bytes > this.#budget * FILES_SHARE) {
      const message = `the files have taken their half of the store's budget of ${this.#megabytes()} MiB; this one is not kept`;
      throw new HubError("store-full", message);
    }
    if (this.makeRoom(bytes)) return;
    const { code, message } = this.refusal();
    throw new HubError(code, message);
  }

  /** Drops old history while the store, with `more` bytes, is past its budget. False: it is, and there is no more to drop. */
  makeRoom(more = 0): boolean {
    const fits = (): boolean => this.used() + more <= this.#budget;
    if (fits()) return true;
    for (let dropped = 0; this.used() + more > this.#budget * CUT_BACK; ) {
      const blocks = this.#dropOldest(64);
      if (blocks === 0) return fits();
      dropped += blocks;
      if (dropped >= BLOCKS_A_GROUP) break;
    }
    return true;
  }

  refusal(): WireError {
    return {
      code: "store-full",
      message: `the store has taken its budget of ${this.#megabytes()} MiB and no history is left to drop; nothing was written`,
    };
  }

  #megabytes(): string {
    return (this.#budget / 1_048_576).toFixed(1);
  }

  #dropOldest(limit: number): number {
    const chunks = this.#oldestChunks.all(limit);
    const blocks = chunks.length > 0 ? chunks : this.#oldestSegments.all(Math.ceil(limit / 8));
    const rows = blocks.reduce((sum, block) => sum + Number(block.rows), 0);
    this.#counters.now.historyRows -= rows;
    this.#counters.now.historyDropped += rows;
    return blocks.length;
  }
}

/** What is there already: to say it once more takes no room, so that a hub starts with a full store too. */
export interface Present {
  series(args: WriteArgs<"ensureSeries">): boolean;
  addresses(args: WriteArgs<"addressSeries">): boolean;
  record(args: WriteArgs<"putRecord">): boolean;
  blob(args: WriteArgs<"putBlob">): boolean;
}

/**
 * Whether a job takes room. Deletes and marks never do, so that a full store can be emptied: what history and outbox
 * get with a delete is less than what goes, and the slack holds it meanwhile.
 */
export function grows(job: WriteJob, present: Present): boolean {
  switch (job.name) {
    case "commit":
      return job.args.units.some(unitGrows);
    case "ensureSeries":
      return !present.series(job.args);
    case "addressSeries":
      return !present.addresses(job.args);
    case "putRecord":
      return !present.record(job.args);
    case "putBlob":
      return !present.blob(job.args);
    default:
      return false;
  }
}

const deletes: ReadonlySet<Mutation["kind"]> = new Set(["document.delete", "part.delete", "file.delete"]);
/** What goes with a file: the element or the head that named it says so no longer. */
const unnames: ReadonlySet<Mutation["kind"]> = new Set([...deletes, "part.put", "document.patch"]);

function unitGrows({ samples, deliveries = [], mutations = [] }: WireUnit): boolean {
  if (mutations.length === 0) return samples > 0 || deliveries.length > 0;
  const allowed = mutations.some(({ kind }) => kind === "file.delete") ? unnames : deletes;
  return mutations.some(({ kind }) => !allowed.has(kind));
}
