import type { Change } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { emptyPlan } from "../core/plan.ts";
import type { Clock } from "../core/time.ts";
import type { Store } from "../store/contract.ts";
import { preparePlan } from "./apply-plan.ts";
import type { DevicePort, LiveLeaf, Matcher, Twin } from "./contract.ts";
import { commitDocuments, type DocumentCommitParts } from "./document-commits.ts";
import { acceptAll, newIngestCounts } from "./ingest.ts";
import { buildLinkIndex } from "./link-index.ts";
import type { LinkState } from "./link-state.ts";
import { createLiveness } from "./liveness.ts";
import { createSignalWriter } from "./signal-writer.ts";
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

export interface SweepableTwin extends Twin {
  /** Looks for what has aged now; resolves when the flips are committed. */
  sweep(): Promise<void>;
}

/** The one writer of a tenant's twins. */
export function createTwin(parts: TwinParts): SweepableTwin {
  const { tenant, store, devices, matcher, clock, log, sweepEvery = 500 } = parts;
  let index = buildLinkIndex([], () => ({ series: 0, signal: undefined }));
  let plan = emptyPlan(tenant);
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

  const writer = createSignalWriter({ store, matcher, clock, log, announce });
  const documents: DocumentCommitParts = { store, index: () => index, matcher, clock, announce, addressed: new Set() };

  async function sweep(): Promise<void> {
    if (gate !== undefined || closed) return;
    await writer.write("hub", liveness.sweep(index, clock.now()));
    await writer.idle();
  }

  const timer =
    sweepEvery === 0
      ? undefined
      : setInterval(() => {
          sweep().catch((thrown) =>
            log.warn("stale signals could not be committed", { reason: HubError.from(thrown).message }),
          );
        }, sweepEvery).unref();

  async function swapIn(next: Parameters<Twin["apply"]>[0]): Promise<Awaited<ReturnType<Twin["apply"]>>> {
    const prepared = await preparePlan(documents, next);
    const opened = Promise.withResolvers<void>();
    gate = opened.promise;
    try {
      while (writer.queued > 0) await writer.idle();
      index = prepared.index(index);
      plan = next;
    } finally {
      gate = undefined;
      opened.resolve();
    }
    return prepared.receipt;
  }

  const live = (part: string, state: LinkState): LiveLeaf => ({ part, link: state.link, signal: state.signal });

  return {
    tenant,
    async ingest(readings) {
      while (gate !== undefined) await gate;
      await writer.write("device", acceptAll(index, readings, counts));
    },
    alive: (source, at) => liveness.alive(source, at),
    lost(source) {
      liveness.lost(source, clock.now());
      sweep().catch((thrown) =>
        log.warn("a lost source could not be committed", { source, reason: HubError.from(thrown).message }),
      );
    },
    commit: (_scope, origin, units) => commitDocuments(documents, origin, units),
    write: (scope, origin, writes) => writeLinks({ index: () => index, devices, writer, clock }, scope, origin, writes),
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
        refusal: writer.refusal,
      };
    },
    sweep,
    async close() {
      closed = true;
      clearInterval(timer);
      await applying;
      await writer.close();
      listeners.clear();
    },
  };
}
