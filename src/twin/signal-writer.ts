import type { Change, Origin } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { CommitPort } from "../store/contract.ts";
import { type Batch, newBatch } from "./batch.ts";
import type { Matcher } from "./contract.ts";
import { deriveAll } from "./derive.ts";
import type { LinkState } from "./link-state.ts";
import { createPatientCommit, type PatientCommit } from "./patient-commit.ts";
import { drafted, type PendingState, supersede } from "./pending-state.ts";

/** Takes accepted states to the disk in the order in which they came, as few commits as the disk's pace asks for. */
export interface SignalWriter {
  /**
   * Resolves after the commit that carries the states, with the last of those that no store can keep: such a signal is
   * bad then. Rejects `aborted` only where the twin closes.
   */
  write(origin: Origin, pending: readonly PendingState[]): Promise<Unstorable | undefined>;
  /** States that wait or are on their way. */
  readonly queued: number;
  readonly refusal: PatientCommit["refusal"];
  /** Resolves once nothing waits. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface Unstorable {
  readonly state: LinkState;
  readonly error: HubError;
}

export interface SignalWriterParts {
  readonly store: CommitPort;
  readonly matcher: Matcher;
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: (change: Change) => void;
  /** Told of each state that the store cannot keep. */
  readonly onUnstorable: (unstorable: Unstorable) => void;
  /** Ms until a refused commit is tried again. */
  readonly retryAfter?: number;
}

interface Waiting {
  readonly batch: Batch;
  readonly done: (unstorable: Unstorable | undefined) => void;
  readonly failed: (error: HubError) => void;
}

/** Batches that share one call of the store; more wait their turn. */
const batchesPerCommit = 64;

export function createSignalWriter(parts: SignalWriterParts): SignalWriter {
  const { store, matcher, clock, log, announce, onUnstorable, retryAfter = 1000 } = parts;
  const waiting: Waiting[] = [];
  const closing = new AbortController();
  const patient = createPatientCommit({ store, clock, log, retryAfter, closing: closing.signal });
  let queued = 0;
  let pump: Promise<void> | undefined;

  function write(origin: Origin, accepted: readonly PendingState[]): Promise<Unstorable | undefined> {
    if (accepted.length === 0) return Promise.resolve(undefined);
    if (closing.signal.aborted) return Promise.reject(new HubError("aborted", "the twin is closing"));
    const at = clock.now();
    const changed = accepted.filter(({ live }) => live).map(({ state }) => state);
    const derived = deriveAll(changed, at).map(({ state, draft }) => supersede(state, draft, at));
    const batch = newBatch(origin, derived.length === 0 ? accepted : [...accepted, ...derived], at, matcher, log);
    return new Promise((done, failed) => {
      waiting.push({ batch, done, failed });
      queued += batch.pending.length;
      pump ??= run();
    });
  }

  async function run(): Promise<void> {
    // One turn of the event loop lets readings that arrived together share a commit.
    await Promise.resolve();
    while (waiting.length > 0) {
      const group = waiting.splice(0, batchesPerCommit);
      await settle(group);
      for (const { batch } of group) queued -= batch.pending.length;
    }
    pump = undefined;
  }

  async function settle(group: readonly Waiting[]): Promise<void> {
    const results = await patient.commit(group.map(({ batch }) => batch));
    const closed = new HubError("aborted", "the twin closed while the store refused");
    for (const [i, { batch }] of group.entries()) {
      const result = results?.[i];
      if (result?.ok === true) publish(batch, result.seq);
    }
    for (const [i, { batch, done, failed }] of group.entries()) {
      const result = results?.[i];
      if (result === undefined) failed(closed);
      else if (result.ok) done(undefined);
      else {
        // Batches of the same group that came later are on the disk already: what they changed is not the present's.
        const later = group.slice(i + 1).filter((_, j) => results?.[i + 1 + j]?.ok === true);
        const overtaken = new Set(later.flatMap((other) => other.batch.pending.map(({ state }) => state)));
        const pending = batch.pending.map((one) => (overtaken.has(one.state) ? { ...one, live: false } : one));
        const outcome = await isolate(batch.origin, pending, result.error);
        if (outcome === "closed") failed(closed);
        else done(outcome);
      }
    }
  }

  /** Halves what the store cannot keep until what is at fault stands alone; all else is committed. */
  async function isolate(
    origin: Origin,
    pending: readonly PendingState[],
    error: HubError,
  ): Promise<Unstorable | undefined | "closed"> {
    const [first] = pending;
    if (first === undefined) return undefined;
    if (pending.length === 1) return replace(origin, first, error);
    const middle = Math.ceil(pending.length / 2);
    let last: Unstorable | undefined;
    for (const half of [pending.slice(0, middle), pending.slice(middle)]) {
      const batch = newBatch(origin, half, clock.now(), matcher, log);
      const outcome = await commitAlone(batch);
      if (outcome === "closed") return outcome;
      const rest = outcome === undefined ? undefined : await isolate(origin, half, outcome);
      if (rest === "closed") return rest;
      last = rest ?? last;
    }
    return last;
  }

  /** What cannot be kept turns its signal bad: the value before it is never shown as good (rule 8). */
  async function replace(origin: Origin, pending: PendingState, error: HubError): Promise<Unstorable | "closed"> {
    const { state, after, live } = pending;
    const unstorable = { state, error };
    log.error("a state cannot be stored", { link: state.link.key, code: error.code, reason: error.message });
    onUnstorable(unstorable);
    if (!live) return unstorable;
    const now = clock.now();
    const last = state.signal;
    const draft = drafted(last?.value, "bad", "NotStorable", last?.at ?? now, now);
    // A newer state that waits behind it stays the accepted one.
    const newer = state.accepted === after ? undefined : state.accepted;
    const bad = supersede(state, draft, now);
    if (newer !== undefined) state.accepted = newer;
    for (const batch of [newBatch(origin, [bad], now, matcher, log), quiet(origin, bad)]) {
      const outcome = await commitAlone(batch);
      if (outcome === "closed") return outcome;
      if (outcome === undefined) break;
    }
    return unstorable;
  }

  /** Without notifications: it was perhaps one of them that could not be kept. */
  const quiet = (origin: Origin, pending: PendingState): Batch =>
    newBatch(origin, [pending], clock.now(), { match: () => [] }, log);

  async function commitAlone(batch: Batch): Promise<HubError | undefined | "closed"> {
    const result = (await patient.commit([batch]))?.[0];
    if (result === undefined) return "closed";
    if (!result.ok) return result.error;
    publish(batch, result.seq);
    return undefined;
  }

  function publish({ pending, origin, signals }: Batch, seq: number): void {
    let at = 0;
    for (const { state, after, live } of pending) {
      at = after.modifiedAt;
      if (!live) continue;
      state.signal = after;
      for (const document of state.documents) document.modifiedAt = Math.max(document.modifiedAt, at);
    }
    announce({ seq, at, origin, mutations: [], signals });
  }

  return {
    write,
    get queued() {
      return queued;
    },
    get refusal() {
      return patient.refusal;
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
