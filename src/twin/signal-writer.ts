import type { Change, Origin, SignalChange } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Signal } from "../core/signal.ts";
import type { Clock } from "../core/time.ts";
import type { CommitPort, CommitUnit, Sample } from "../store/contract.ts";
import type { Draft } from "./accept-reading.ts";
import type { Matcher } from "./contract.ts";
import { deriveAll } from "./derive.ts";
import type { LinkState } from "./link-state.ts";
import { waitFor } from "./wait-for.ts";

export interface AcceptedDraft {
  readonly state: LinkState;
  readonly draft: Draft;
  /** False: a late reading, for history alone. */
  readonly live: boolean;
  /** What the draft follows. */
  readonly before: Signal | undefined;
}

/** Takes accepted states to the disk in the order in which they came, as few commits as the disk's pace asks for. */
export interface SignalWriter {
  /** Resolves after the commit that carries the drafts. Rejects `aborted` only where the twin closes. */
  write(origin: Origin, drafts: readonly AcceptedDraft[]): Promise<void>;
  /** Drafts that wait or are on their way. */
  readonly queued: number;
  /** What the store said last, while it refuses. */
  readonly refusal: HubError | undefined;
  /** Resolves once nothing waits. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface SignalWriterParts {
  readonly store: CommitPort;
  readonly matcher: Matcher;
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: (change: Change) => void;
  /** Ms until a refused commit is tried again. */
  readonly retryAfter?: number;
}

interface Batch {
  readonly unit: CommitUnit;
  readonly origin: Origin;
  readonly signals: readonly SignalChange[];
  readonly states: readonly LinkState[];
  readonly at: number;
  readonly size: number;
  readonly done: () => void;
  readonly failed: (error: HubError) => void;
}

/** Batches that share one call of the store; more wait their turn. */
const batchesPerCommit = 64;

export function createSignalWriter(parts: SignalWriterParts): SignalWriter {
  const { store, matcher, clock, log, announce, retryAfter = 1000 } = parts;
  const waiting: Batch[] = [];
  const closing = new AbortController();
  let queued = 0;
  let refusal: HubError | undefined;
  let pump: Promise<void> | undefined;

  function write(origin: Origin, drafts: readonly AcceptedDraft[]): Promise<void> {
    if (drafts.length === 0) return Promise.resolve();
    if (closing.signal.aborted) return Promise.reject(new HubError("aborted", "the twin is closing"));
    const at = clock.now();
    const samples: Sample[] = [];
    const signals: SignalChange[] = [];
    const states: LinkState[] = [];
    for (const accepted of drafts) take(accepted, at, samples, signals, states);
    for (const { state, draft } of deriveAll(states, at)) {
      take({ state, draft, live: true, before: state.accepted }, at, samples, signals, states);
    }
    const deliveries = matcher.match({ at, origin, mutations: [], signals });
    return new Promise((done, failed) => {
      waiting.push({ unit: { samples, deliveries }, origin, signals, states, at, size: samples.length, done, failed });
      queued += samples.length;
      pump ??= run();
    });
  }

  async function run(): Promise<void> {
    // One turn of the event loop lets readings that arrived together share a commit.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batches = waiting.splice(0, batchesPerCommit);
      const error = await commitInOrder(batches);
      for (const batch of batches) {
        queued -= batch.size;
        if (error === undefined) batch.done();
        else batch.failed(error);
      }
    }
    pump = undefined;
  }

  /** Tries until the store takes them: a full disk holds ingest back and loses nothing. */
  async function commitInOrder(batches: readonly Batch[]): Promise<HubError | undefined> {
    const units = batches.map((batch) => batch.unit);
    for (;;) {
      try {
        const results = await store.commit(units, clock.now());
        refusal = undefined;
        results.forEach((result, i) => {
          const batch = batches[i];
          if (batch === undefined) return;
          if (result.ok) publish(batch, result.seq);
          else
            log.error("a batch of readings was refused by the store", {
              code: result.error.code,
              readings: batch.size,
            });
        });
        return undefined;
      } catch (thrown) {
        const error = HubError.from(thrown);
        if (refusal?.code !== error.code)
          log.error("readings wait: the store refuses", { code: error.code, reason: error.message });
        refusal = error;
        if (!(await waitFor(retryAfter, closing.signal)))
          return new HubError("aborted", "the twin closed while the store refused");
      }
    }
  }

  function publish(batch: Batch, seq: number): void {
    batch.signals.forEach(({ after }, i) => {
      const state = batch.states[i];
      if (state === undefined) return;
      state.signal = after;
      for (const document of state.documents) document.modifiedAt = Math.max(document.modifiedAt, after.modifiedAt);
    });
    announce({ seq, at: batch.at, origin: batch.origin, mutations: [], signals: batch.signals });
  }

  return {
    write,
    get queued() {
      return queued;
    },
    get refusal() {
      return refusal;
    },
    async idle() {
      while (pump !== undefined) await pump;
    },
    async close() {
      const running = pump;
      // What the store takes is waited for; only waiting for a refusing store is cut short.
      closing.abort();
      await running;
    },
  };
}

function take(
  { state, draft, live, before }: AcceptedDraft,
  at: number,
  samples: Sample[],
  signals: SignalChange[],
  states: LinkState[],
): void {
  samples.push({ ...draft, series: state.series, live, record: state.link.history });
  if (!live) return;
  const after: Signal = { ...draft, modifiedAt: at, createdAt: before?.createdAt ?? at };
  state.accepted = after;
  state.reportedAt = at;
  signals.push({ link: state.link, before, after });
  states.push(state);
}
