import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Collection } from "../../core/document.ts";
import type { Counters } from "./counters.ts";
import type { DiskBudget } from "./disk-budget.ts";
import type { DocumentWriter } from "./document-writer.ts";
import type { EvolutionHeads } from "./evolution-heads.ts";
import type { HistoryCompactor } from "./history-compactor.ts";

/** What one step removes at most, so that no commit waits long behind it. */
const STEP_DOCUMENTS = 200;
const STEP_BLOCKS = 2_000;

export interface SweeperOptions {
  readonly retention: number;
}

/** Removes what is past its time and brings history together, in steps of bounded work. */
export class Sweeper {
  readonly #documents: readonly DocumentWriter[];
  readonly #oldChunks: StatementSync;
  readonly #oldSegments: StatementSync;
  readonly #counters: Counters;
  readonly #budget: DiskBudget;
  readonly #compactor: HistoryCompactor;
  readonly #heads: EvolutionHeads;
  readonly #retention: number;

  constructor(
    database: DatabaseSync,
    counters: Counters,
    documents: Readonly<Record<Collection, DocumentWriter>>,
    budget: DiskBudget,
    compactor: HistoryCompactor,
    heads: EvolutionHeads,
    options: SweeperOptions,
  ) {
    const drop = (table: string) =>
      database.prepare(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE last_modified < ? LIMIT ?) RETURNING rows`,
      );
    this.#documents = Object.values(documents);
    this.#oldChunks = drop("history_chunk");
    this.#oldSegments = drop("history_segment");
    this.#counters = counters;
    this.#budget = budget;
    this.#compactor = compactor;
    this.#heads = heads;
    this.#retention = options.retention;
  }

  /** True: there is more to do. */
  step(now: number): boolean {
    const expired = this.#documents.reduce((sum, documents) => sum + documents.expire(now, STEP_DOCUMENTS), 0);
    if (expired >= STEP_DOCUMENTS) return true;
    if (this.#dropHistory(now - this.#retention) >= STEP_BLOCKS) return true;
    if (this.#heads.expire(now - this.#retention, STEP_DOCUMENTS) >= STEP_DOCUMENTS) return true;
    this.#budget.makeRoom();
    return this.#compactor.step();
  }

  /** Retention counts from the commit: a device whose clock is wrong keeps its history as long as any other. */
  #dropHistory(before: number): number {
    const blocks = [...this.#oldChunks.all(before, STEP_BLOCKS), ...this.#oldSegments.all(before, STEP_BLOCKS)];
    this.#counters.now.historyRows -= blocks.reduce((sum, { rows }) => sum + Number(rows), 0);
    return blocks.length;
  }
}
