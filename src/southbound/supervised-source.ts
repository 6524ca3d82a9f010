import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Reading } from "../core/reading.ts";
import type { Clock } from "../core/time.ts";
import { Backoff } from "./backoff.ts";
import type { Connection, Connector, ConnectorType, Sink, TagRequest } from "./contract.ts";
import { withDeadline } from "./deadline.ts";
import { Intake } from "./intake.ts";
import { Rate } from "./rate.ts";
import { Reconciler, type Session } from "./reconciler.ts";
import type { RuntimeSettings } from "./runtime-settings.ts";
import { SignOfLife } from "./sign-of-life.ts";
import type { SourceError, SourceState, SourceStatus, TagPage } from "./source-status.ts";
import { TagTable } from "./tag-table.ts";
import { pause, type Timers } from "./timers.ts";

/** Where a source's readings go: the hub shares them out to the tenants' twins. */
export interface SourceSink {
  /** Resolves after the commit. A rejection ends the session, so that the protocol delivers anew. */
  ingest(readings: readonly Reading[]): Promise<void>;
  alive(source: string, at: number): void;
  lost(source: string): void;
}

export type SourceEvent =
  | { readonly source: string; readonly state: "connected" }
  | { readonly source: string; readonly state: "lost"; readonly error: HubError };

export interface SupervisedSourceOptions {
  readonly source: string;
  readonly type: string;
  readonly liveness: ConnectorType["liveness"];
  readonly connector: Connector;
  readonly sink: SourceSink;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  readonly log: Logger;
  readonly settings: RuntimeSettings;
  readonly tell: (event: SourceEvent) => void;
}

type Asked<Result> = (connection: Connection, abort: AbortSignal) => Promise<Result>;
const PROBLEMS_SHOWN = 20;

/** Keeps one source connected, for ever, and its session's points what they should be. */
export class SupervisedSource {
  readonly #options: SupervisedSourceOptions;
  readonly #stop = new AbortController();
  readonly #intake: Intake;
  readonly #tags = new TagTable();
  readonly #rate: Rate;
  readonly #backoff: Backoff;
  readonly #life: SignOfLife;
  readonly #reconciler: Reconciler;
  #running: Promise<void> | undefined;
  #session: Session | undefined;
  #hurry: AbortController | undefined;
  #state: SourceState = "stopped";
  #since: number;
  /** Whether the loss has been told: once, whatever the number of attempts. */
  #lost = false;
  #attempts = 0;
  #sessions = 0;
  #nextAttemptAt: number | undefined;
  #lastError: SourceError | undefined;
  #lastReadingAt: number | undefined;

  constructor(options: SupervisedSourceOptions) {
    this.#options = options;
    this.#since = options.clock.now();
    this.#rate = new Rate(this.#since);
    this.#backoff = new Backoff(options.settings.backoff, options.random);
    this.#life = new SignOfLife(options.settings.aliveEvery, (at) => {
      if (options.liveness === "source") options.sink.alive(options.source, at);
    });
    this.#reconciler = new Reconciler({ ...options, tags: this.#tags });
    this.#intake = new Intake(options.settings.intake, options.timers, (readings) => this.#ingest(readings));
  }

  get connector(): Connector {
    return this.#options.connector;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends the session, commits what was received, within three times `closeTimeout`. */
  async stop(): Promise<void> {
    this.#stop.abort(new HubError("aborted", "the hub stops"));
    await this.#running;
    await this.#bounded("commit what was received", () => this.#intake.flush());
    this.#intake.drop(new HubError("aborted", "the hub stops"));
    this.#enter("stopped");
  }

  setTags(tags: readonly TagRequest[]): void {
    this.#tags.want(tags);
    this.#reconciler.reconcile();
  }

  /** Tries at once what would be tried after the pause. */
  retry(): void {
    this.#backoff.reset();
    this.#hurry?.abort();
  }

  /** Ends the session; the next one is tried as after a loss. */
  drop(error: HubError): void {
    this.#session?.fail(error);
  }

  /** Runs `work` on the live session under the request's deadline. `unreachable` without one, or where it is lost meanwhile. */
  ask<Result>(what: string, abort: AbortSignal, work: Asked<Result>, timeout?: number) {
    const session = this.#session;
    if (session === undefined) return Promise.reject(this.#unreachable());
    const { timers, settings } = this.#options;
    const deadline = {
      ms: timeout ?? settings.requestTimeout,
      code: "device-timeout" as const,
      message: `${this.#options.source} did not ${what}`,
      timers,
    };
    return withDeadline(deadline, [abort, session.over], (signal) => work(session.connection, signal));
  }

  status(): SourceStatus {
    const now = this.#options.clock.now();
    return {
      source: this.#options.source,
      type: this.#options.type,
      state: this.#state,
      since: this.#since,
      attempts: this.#attempts,
      sessions: this.#sessions,
      ...(this.#nextAttemptAt !== undefined && { nextAttemptAt: this.#nextAttemptAt }),
      ...(this.#lastError && { lastError: this.#lastError }),
      ...(this.#lastReadingAt !== undefined && { lastReadingAt: this.#lastReadingAt }),
      ...(this.#life.last !== undefined && { lastAliveAt: this.#life.last }),
      readings: { total: this.#rate.total, perSecond: this.#rate.perSecond(now) },
      queue: {
        depth: this.#intake.depth,
        batches: this.#intake.batches,
        refused: this.#intake.refused,
        failed: this.#intake.failed,
      },
      counters: this.#session?.connection.counters?.() ?? {},
      tags: this.#tags.counts,
      problems: this.#tags
        .problems(PROBLEMS_SHOWN)
        .map(({ tag, error }) => ({ tag, code: error.code, message: error.message })),
    };
  }

  tags(offset: number, limit: number): TagPage {
    return this.#tags.page(offset, limit, this.#options.clock.now());
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const error = await this.#live();
      if (this.#stop.signal.aborted) return;
      const wait = this.#backoff.next();
      this.#nextAttemptAt = this.#options.clock.now() + wait;
      this.#enter("waiting");
      this.#options.log.debug("trying again", { source: this.#options.source, wait, error: error.message });
      this.#hurry = new AbortController();
      await pause(this.#options.timers, wait, AbortSignal.any([this.#stop.signal, this.#hurry.signal]));
      this.#nextAttemptAt = undefined;
    }
  }

  /** One session from the first packet to its end; gives why it ended. */
  async #live(): Promise<HubError> {
    this.#enter("connecting");
    const abort = new AbortController();
    const failed = Promise.withResolvers<HubError>();
    this.#stop.signal.addEventListener("abort", () => failed.resolve(this.#stop.signal.reason), {
      signal: abort.signal,
    });
    let error: HubError;
    try {
      const connection = await this.#connect(abort.signal);
      this.#session = { connection, over: abort.signal, fail: failed.resolve };
      this.#lost = false;
      this.#attempts = 0;
      this.#sessions += 1;
      this.#enter("connected");
      this.#life.seen(this.#since);
      this.#options.tell({ source: this.#options.source, state: "connected" });
      this.#reconciler.attach(this.#session);
      const since = this.#since;
      error = (await Promise.race([connection.lost, failed.promise])) ?? new HubError("unreachable", "it was closed");
      if (this.#stop.signal.aborted) await this.#bounded("commit what was received", () => this.#intake.flush());
      // A session that dies at once, again and again, is no reason to knock faster.
      if (this.#options.clock.now() - since >= this.#options.settings.stableAfter) this.#backoff.reset();
      this.#ended(error, abort);
      await this.#bounded("close the session", () => connection.close());
    } catch (thrown) {
      error = HubError.from(thrown, "unreachable");
      this.#attempts += 1;
      this.#ended(error, abort);
    }
    return error;
  }

  /** Says the loss at once, and again behind the readings that were still on their way: they must not look alive. */
  #ended(error: HubError, abort: AbortController): void {
    const { source, clock, sink, tell, log } = this.#options;
    this.#session = undefined;
    abort.abort(new HubError("unreachable", `${source} is not connected: ${error.message}`));
    this.#reconciler.detach();
    if (this.#stop.signal.aborted) return;
    const known = this.#lost && this.#lastError?.message === error.message;
    this.#lastError = { code: error.code, message: error.message, at: clock.now() };
    if (!known) log.warn("source lost", { source, code: error.code, error: error.message });
    if (this.#lost) return;
    this.#lost = true;
    const late = this.#intake.depth > 0;
    const flushed = this.#intake.flush();
    sink.lost(source);
    void flushed.then(() => {
      if (late && this.#lost && !this.#stop.signal.aborted) sink.lost(source);
    });
    tell({ source, state: "lost", error });
  }

  async #connect(abort: AbortSignal): Promise<Connection> {
    const { source, timers, settings, connector } = this.#options;
    const deadline = {
      ms: settings.connectTimeout,
      code: "unreachable" as const,
      message: `no session with ${source}`,
      timers,
    };
    let attempt: Promise<Connection> | undefined;
    try {
      return await withDeadline(deadline, [this.#stop.signal], (signal) => {
        attempt = connector.connect(this.#sinkFor(abort), signal);
        return attempt;
      });
    } catch (thrown) {
      // A session that comes up after its deadline is nobody's: end it.
      void attempt?.then(
        (late) => this.#bounded("close a late session", () => late.close()),
        (cause: unknown) => this.#options.log.debug("attempt ended", { source, error: HubError.from(cause).message }),
      );
      throw thrown;
    }
  }

  #sinkFor(session: AbortSignal): Sink {
    return {
      push: (readings) => {
        if (session.aborted) return Promise.reject(HubError.from(session.reason));
        const now = this.#options.clock.now();
        this.#rate.add(readings.length, now);
        this.#lastReadingAt = now;
        this.#tags.saw(readings);
        this.#life.seen(now);
        return this.#intake.push(readings);
      },
      alive: () => {
        if (!session.aborted) this.#life.seen(this.#options.clock.now());
      },
    };
  }

  async #ingest(readings: readonly Reading[]): Promise<void> {
    try {
      await this.#options.sink.ingest(readings);
    } catch (thrown) {
      const error = HubError.from(thrown);
      this.#session?.fail(error);
      throw error;
    }
  }

  async #bounded(what: string, work: () => Promise<unknown>): Promise<void> {
    const { source, timers, settings, log } = this.#options;
    const deadline = { ms: settings.closeTimeout, code: "unreachable" as const, message: `could not ${what}`, timers };
    try {
      await withDeadline(deadline, [], work);
    } catch (thrown) {
      log.warn(`could not ${what}`, { source, error: HubError.from(thrown).message });
    }
  }

  #unreachable(): HubError {
    const why = this.#lastError === undefined ? `it is ${this.#state}` : this.#lastError.message;
    return new HubError("unreachable", `${this.#options.source} is not connected: ${why}`);
  }

  #enter(state: SourceState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = this.#options.clock.now();
  }
}
