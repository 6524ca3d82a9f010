import { setImmediate } from "node:timers/promises";
import { HubError } from "../../core/errors.ts";
import type { CommitUnit, UnitResult } from "../contract.ts";
import { bufferOf, SampleCollector } from "../form/sample-columns.ts";
import { checkUnit } from "../form/unit-check.ts";
import { ThreadLink } from "./thread-link.ts";
import type { WireUnit, WriteArgs, WriteJob, WriteName, WriteResult, WriterFigures } from "./write-calls.ts";
import type { WriterOptions } from "./writer.ts";
import type { GroupAnswer, WriterQuestion } from "./writer-thread.ts";

/** What may wait for the writer: beyond it, callers are told to come back. */
const WAITING_SAMPLES = 500_000;
const WAITING_JOBS = 20_000;

interface WaitingJob {
  readonly job: WriteJob;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: HubError) => void;
}

interface Group {
  readonly jobs: WaitingJob[];
  readonly samples: SampleCollector;
}

const newGroup = (size?: number): Group => ({ jobs: [], samples: new SampleCollector(size) });

/**
 * The near end of the writer thread. One group is under way at a time; all that is asked for meanwhile is collected and
 * becomes the next one, so that the callers of a moment share one transaction and one sync.
 */
export class WriteQueue {
  readonly #link: ThreadLink;
  #group = newGroup();
  #underWay: Promise<void> | undefined;
  #closed = false;
  #broken: HubError | undefined;
  #figures: WriterFigures;
  #owing = 0;

  private constructor(link: ThreadLink, figures: WriterFigures) {
    this.#link = link;
    this.#figures = figures;
  }

  static async open(options: WriterOptions): Promise<WriteQueue> {
    const link = new ThreadLink(new URL("./writer-thread.ts", import.meta.url), options);
    try {
      const figures = await link.ask({ ask: "open" } satisfies WriterQuestion);
      return new WriteQueue(link, figures as WriterFigures);
    } catch (error) {
      await link.terminate();
      throw error;
    }
  }

  get figures(): WriterFigures {
    return this.#figures;
  }

  /** How many commits have carried deliveries. */
  get owing(): number {
    return this.#owing;
  }

  /** Throws into every later call: what is damaged is neither read nor written. */
  get broken(): HubError | undefined {
    return this.#broken;
  }

  async commit(units: readonly CommitUnit[], at: number): Promise<readonly UnitResult[]> {
    this.#admit();
    const refusals = new Map<number, HubError>();
    const wire: WireUnit[] = [];
    for (const [index, unit] of units.entries()) {
      const refusal = this.#pack(unit, wire);
      if (refusal !== undefined) refusals.set(index, refusal);
    }
    const done = (await this.#submit("commit", { units: wire, at })).values();
    if (wire.some(({ deliveries = [] }) => deliveries.length > 0)) this.#owing += 1;
    return units.map((_, index): UnitResult => {
      const refusal = refusals.get(index);
      if (refusal !== undefined) return { ok: false, error: refusal };
      const outcome = done.next().value;
      if (typeof outcome === "number") return { ok: true, seq: outcome };
      const { code, message } = outcome ?? { code: "internal", message: "the writer gave no result" };
      return { ok: false, error: new HubError(code, message) };
    });
  }

  async call<Name extends WriteName>(name: Name, args: WriteArgs<Name>): Promise<WriteResult<Name>> {
    this.#admit();
    return this.#submit(name, args);
  }

  /** What was accepted is carried out first. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#underWay !== undefined) await this.#underWay;
    if (!this.#link.ended) await this.#link.ask({ ask: "close" } satisfies WriterQuestion);
    await this.#link.terminate();
  }

  #admit(): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#closed) throw new HubError("aborted", "the store is closed");
    if (this.#group.samples.count < WAITING_SAMPLES && this.#group.jobs.length < WAITING_JOBS) return;
    throw new HubError("overloaded", "too much waits to be written; try again in a second", { retryAfter: 1 });
  }

  /** Puts a unit into the waiting group, or says why it cannot be kept. */
  #pack(unit: CommitUnit, wire: WireUnit[]): HubError | undefined {
    const { samples, preconditions, mutations, deliveries } = unit;
    const collector = this.#group.samples;
    const before = collector.count;
    try {
      checkUnit(unit);
      for (const sample of samples ?? []) collector.add(sample);
    } catch (error) {
      collector.truncate(before);
      return HubError.from(error);
    }
    wire.push({
      samples: collector.count - before,
      ...(preconditions === undefined ? {} : { preconditions }),
      ...(mutations === undefined ? {} : { mutations }),
      ...(deliveries === undefined ? {} : { deliveries }),
    });
    return undefined;
  }

  #submit<Name extends WriteName>(name: Name, args: WriteArgs<Name>): Promise<WriteResult<Name>> {
    return new Promise((resolve, reject) => {
      const job = { name, args } as unknown as WriteJob;
      this.#group.jobs.push({ job, resolve: (result) => resolve(result as WriteResult<Name>), reject });
      this.#underWay ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    // What this turn of the event loop still brings comes along: a dozen requests that are there make one commit, not two.
    await setImmediate();
    while (this.#group.jobs.length > 0) {
      const group = this.#group;
      this.#group = newGroup(Math.max(64, group.samples.count));
      await this.#carryOut(group);
    }
    this.#underWay = undefined;
  }

  async #carryOut({ jobs, samples }: Group): Promise<void> {
    const columns = samples.count === 0 ? undefined : samples.finish();
    const asked = jobs.map(({ job }) => job);
    const question: WriterQuestion = {
      ask: "group",
      jobs: asked,
      ...(columns === undefined ? {} : { samples: columns }),
    };
    try {
      const transfer = columns === undefined ? [] : [bufferOf(columns)];
      const answer = (await this.#link.ask(question, transfer)) as GroupAnswer;
      this.#figures = answer.figures;
      for (const [index, { resolve, reject }] of jobs.entries()) {
        const outcome = answer.outcomes[index];
        if (outcome === undefined) reject(new HubError("internal", "the writer gave no outcome"));
        else if ("error" in outcome) reject(this.#noted(new HubError(outcome.error.code, outcome.error.message)));
        else resolve(outcome.result);
      }
    } catch (error) {
      const failure = this.#noted(HubError.from(error));
      for (const { reject } of jobs) reject(failure);
    }
  }

  #noted(failure: HubError): HubError {
    if (failure.code === "store-corrupt") this.#broken = failure;
    return failure;
  }
}
