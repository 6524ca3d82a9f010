import { randomUUID } from "node:crypto";
import { HubError } from "../../core/errors.ts";
import type { CommitUnit, UnitResult } from "../contract.ts";
import { type CommitCall, commitGroup, type GroupOutcome } from "./group-commit.ts";
import { OutboxBound } from "./outbox-bound.ts";
import type { TenantDatabase } from "./tenant-database.ts";

/** What may wait to be committed: beyond it, callers are told to come back. */
const WAITING_UNITS = 20_000;
const WAITING_SAMPLES = 500_000;
/** Answers about a commit whose connection was lost are asked for so often, so many ms apart. */
const ASKED = 20;
const ASKED_EVERY_MS = 250;

interface WaitingCall extends CommitCall {
  readonly resolve: (results: readonly UnitResult[]) => void;
  readonly reject: (error: HubError) => void;
}

/** What was done since the store was opened. */
export interface CommitFigures {
  readonly commits: number;
  readonly units: number;
  readonly samples: number;
  readonly lastCommitMs: number;
}

/**
 * One group of commits is under way at a time; all that is asked for meanwhile becomes the next one, so that the callers
 * of a moment share one transaction and one sync.
 */
export class CommitQueue {
  readonly #database: TenantDatabase;
  readonly #bound: OutboxBound;
  #calls: WaitingCall[] = [];
  #samples = 0;
  #units = 0;
  #underWay: Promise<void> | undefined;
  #closed = false;
  #figures: CommitFigures = { commits: 0, units: 0, samples: 0, lastCommitMs: 0 };
  #owing = 0;

  constructor(database: TenantDatabase, outboxBound: number) {
    this.#database = database;
    this.#bound = new OutboxBound(outboxBound);
  }

  get figures(): CommitFigures {
    return this.#figures;
  }

  /** How many groups have carried deliveries. */
  get owing(): number {
    return this.#owing;
  }

  async commit(units: readonly CommitUnit[], at: number): Promise<readonly UnitResult[]> {
    if (this.#closed) throw new HubError("aborted", "the store is closed");
    if (this.#units >= WAITING_UNITS || this.#samples >= WAITING_SAMPLES) {
      throw new HubError("overloaded", "too much waits to be written; try again in a second", { retryAfter: 1 });
    }
    return new Promise((resolve, reject) => {
      this.#calls.push({ units, at, resolve, reject });
      this.#units += units.length;
      for (const { samples = [] } of units) this.#samples += samples.length;
      this.#underWay ??= this.#run();
    });
  }

  /** What was accepted is carried out first. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#underWay !== undefined) await this.#underWay;
  }

  async #run(): Promise<void> {
    // A turn of the microtasks first: callers of the same moment are collected.
    await Promise.resolve();
    while (this.#calls.length > 0) {
      const calls = this.#calls;
      this.#calls = [];
      this.#units = 0;
      this.#samples = 0;
      await this.#carryOut(calls);
    }
    this.#underWay = undefined;
  }

  async #carryOut(calls: readonly WaitingCall[]): Promise<void> {
    const started = performance.now();
    try {
      const outcome = await this.#transaction(calls);
      const { commits, units, samples } = this.#figures;
      this.#figures = {
        commits: commits + 1,
        units: units + outcome.units,
        samples: samples + outcome.samples,
        lastCommitMs: performance.now() - started,
      };
      if (outcome.owes) this.#owing += 1;
      for (const [index, { resolve }] of calls.entries()) resolve(outcome.results[index] ?? []);
    } catch (thrown) {
      const error = HubError.from(thrown);
      // One of them makes any transaction fail: it fails alone, in its own.
      if (calls.length > 1 && !ofTheStore.has(error.code)) for (const call of calls) await this.#carryOut([call]);
      else for (const { reject } of calls) reject(error);
    }
  }

  async #transaction(calls: readonly WaitingCall[]): Promise<GroupOutcome> {
    let committing: GroupOutcome | undefined;
    const mark = randomUUID();
    try {
      return await this.#database.write(async (session) => {
        const outcome = await commitGroup(session, this.#database.tenant, calls, this.#bound);
        await session.change("UPDATE counter SET mark = ? WHERE tenant = ?", [mark, this.#database.tenant]);
        committing = outcome;
        return outcome;
      });
    } catch (thrown) {
      const error = HubError.from(thrown);
      if (committing === undefined || error.code !== "overloaded") throw error;
      if (await this.#wasCommitted(mark)) return committing;
      throw error;
    }
  }

  /**
   * The connection was lost on the way to the answer: whether the transaction left its mark. To lock the row is to wait
   * for the transaction's end, if it is still under way. (The server's own number of a transaction proves nothing: one
   * that a crash took back may be given again.)
   */
  async #wasCommitted(mark: string): Promise<boolean> {
    for (let asked = 0; asked < ASKED; asked++) {
      try {
        const text = "SELECT mark FROM counter WHERE tenant = ? FOR UPDATE";
        const [row] = await this.#database.all<{ mark: string }>(text, [this.#database.tenant]);
        return row?.mark === mark;
      } catch (error) {
        if (HubError.from(error).code !== "overloaded") throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, ASKED_EVERY_MS));
    }
    return false;
  }
}

/** What fails any other transaction likewise. */
const ofTheStore: ReadonlySet<string> = new Set(["overloaded", "store-full", "store-corrupt", "store-busy", "aborted"]);
