import { setTimeout } from "node:timers/promises";
import type { Change } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { emptyPlan, type Plan } from "../core/plan.ts";
import type { Scope } from "../core/scope.ts";
import type { Clock } from "../core/time.ts";
import type { Store } from "../store/contract.ts";
import { type PreparedPlan, preparePlan } from "./apply-plan.ts";
import { createChronicle } from "./chronicle.ts";
import type { DevicePort, LeafWrite, LiveLeaf, Matcher, PlanReceipt, Twin } from "./contract.ts";
import { commitDocuments, type DocumentCommitParts } from "./document-commits.ts";
import { acceptAll, newIngestCounts, noteFailure } from "./ingest.ts";
import { invokeOperation } from "./invoke.ts";
import { buildLinkIndex, type LinkIndex } from "./link-index.ts";
import type { LinkState } from "./link-state.ts";
import { createLiveness } from "./liveness.ts";
import { buildOperationIndex } from "./operation-index.ts";
import { reinterpretDerived, reinterpretReadings } from "./reinterpret.ts";
import { shownSignal } from "./shown-signal.ts";
import { createSignalWriter } from "./signal-writer.ts";
import { Turns } from "./turns.ts";
import { writeLinks } from "./write-links.ts";

export interface TwinParts {
  readonly tenant: string;
  readonly store: Store;
  readonly devices: DevicePort;
  readonly matcher: Matcher;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ms between two looks at what has aged; rule 8 allows one second. 0: only `sweep` looks. */
  readonly sweepEvery?: number;
}

/** Ms between two looks at whether the store refuses, while a plan waits for readings to be committed. */
const lookForRefusal = 100;

export interface SweepableTwin extends Twin {
  /** Looks for what has aged now; resolves when the flips are committed. */
  sweep(): Promise<void>;
}

/** The one writer of a tenant's twins. */
export function createTwin(parts: TwinParts): SweepableTwin {
  const { tenant, store, devices, matcher, clock, log, sweepEvery = 500 } = parts;
  let index = buildLinkIndex([], () => ({ series: 0, signal: undefined }));
  let plan = emptyPlan(tenant);
  let operations = buildOperationIndex(plan);
  /** Closed while a plan is being swapped in. */
  let gate: Promise<void> | undefined;
  let applying: Promise<unknown> = Promise.resolve();
  let closed = false;
  let committed = 0;
  const counts = newIngestCounts();
  const liveness = createLiveness(clock.now());
  const listeners = new Set<(change: Change) => void>();

  function announce(change: Change): void {
    committed += change.signals.length;
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (thrown) {
        log.error("a listener of the change feed failed", { reason: HubError.from(thrown).message });
      }
    }
  }

  const writer = createSignalWriter({
    store,
    matcher,
    clock,
    log,
    announce,
    onUnstorable: ({ state, error }) => noteFailure(counts, state.link.key, error, clock.now()),
  });
  const turns = new Turns();
  let joining: LinkIndex | undefined;
  const documents: DocumentCommitParts = {
    store,
    index: () => index,
    joining: () => joining,
    operations: () => operations,
    matcher,
    clock,
    announce,
    addressed: new Map(),
  };

  /** Flips what has aged; while a plan is being swapped in, the next look does it. */
  async function age(): Promise<void> {
    if (gate === undefined && !closed) await writer.write("hub", liveness.sweep(index, clock.now()));
  }

  /** Nobody waits for it; what keeps it from its commit is said. */
  function aside(what: string, work: () => Promise<void>): void {
    work().catch((thrown) => {
      if (!closed) log.warn(`${what} could not be committed`, { reason: HubError.from(thrown).message });
    });
  }

  const timer = sweepEvery === 0 ? undefined : setInterval(() => aside("stale signals", age), sweepEvery).unref();

  async function swapIn(next: Plan): Promise<PlanReceipt> {
    if (closed) throw new HubError("aborted", "the twin is closing");
    joining = buildLinkIndex(next.links, () => ({ series: 0, signal: undefined }));
    try {
      return await swapPrepared(next, await preparePlan(documents, next));
    } finally {
      joining = undefined;
    }
  }

  /** @throws what the store says, where it refuses: readings may wait for ever, who applies a plan does not */
  async function drained(): Promise<void> {
    while (writer.queued > 0 && !closed) {
      await Promise.race([writer.idle(), setTimeout(lookForRefusal, undefined, { ref: false })]);
      if (writer.queued > 0 && writer.refusal !== undefined) throw writer.refusal.error;
    }
  }

  async function swapPrepared(next: Plan, prepared: PreparedPlan): Promise<PlanReceipt> {
    const opened = Promise.withResolvers<void>();
    gate = opened.promise;
    try {
      await drained();
      index = prepared.index(index);
      plan = next;
      operations = buildOperationIndex(next);
    } finally {
      gate = undefined;
      opened.resolve();
    }
    aside("a mapping's change", async () => {
      const readings = writer.write("mapping", reinterpretReadings(index, clock.now()));
      await writer.write("mapping", reinterpretDerived(index, clock.now()));
      await readings;
    });
    aside("stale signals", age);
    return prepared.receipt;
  }

  const write: Twin["write"] = (scope, origin, writes) =>
    writeLinks({ index: () => index, devices, writer, turns, clock }, scope, origin, writes);

  const live = (part: string, state: LinkState): LiveLeaf => ({
    part,
    link: state.link,
    signal: shownSignal(state, writer.refusal?.since, clock),
  });

  return {
    tenant,
    chronicle: createChronicle(documents),
    async ingest(readings) {
      while (gate !== undefined) await gate;
      await writer.write("device", acceptAll(index, readings, counts, clock.now()));
    },
    alive: (source, at) => liveness.alive(source, at),
    lost(source) {
      liveness.lost(source, clock.now());
      aside("stale signals", age);
    },
    commit: (_scope, origin, units) => commitDocuments(documents, origin, units),
    write,
    operation: (...address) => operations.find(...address),
    invoke(scope, origin, operation, invocation) {
      const points = (within: Scope, writes: readonly LeafWrite[]) => write(within, origin, writes);
      const parts = { index: () => index, devices, write: points, clock, log };
      return invokeOperation(parts, scope, origin, operation, invocation);
    },
    async owe(deliveries) {
      if (deliveries.length === 0) return;
      const [result] = await store.commit([{ deliveries }], clock.now());
      if (result?.ok === false) throw result.error;
    },
    apply(next) {
      const result = applying.then(() => swapIn(next));
      applying = result.catch(() => undefined);
      return result;
    },
    get plan() {
      return plan;
    },
    leaves(collection, document) {
      const linked = index.document(collection, document);
      if (linked === undefined) return [];
      return [...linked.byPart].map(([part, state]) => live(part, state));
    },
    leaf(collection, document, part) {
      const state = index.leaf({ collection, document, part });
      return state === undefined ? undefined : live(part, state);
    },
    modifiedAt: (collection, document) => index.document(collection, document)?.modifiedAt ?? 0,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get stats() {
      const { readings, suppressed, late, unlinkedReadings, failedTransforms, lastFailures } = counts;
      const sums = { readings, suppressed, late, unlinkedReadings, failedTransforms, lastFailures };
      return {
        ...sums,
        committed,
        links: index.states.length,
        stale: liveness.stale,
        queued: writer.queued,
        refusal: writer.refusal?.error,
      };
    },
    async sweep() {
      await age();
      await writer.idle();
    },
    async close() {
      closed = true;
      clearInterval(timer);
      // A plan that waits for a store that refuses would wait for ever: the writer goes first.
      await writer.close();
      await applying;
      listeners.clear();
    },
  };
}
