import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { Timers } from "../southbound/timers.ts";
import type { Weaver } from "./weaver.ts";

/** When the mappings are woven: at start, when a source is there, when somebody asks, and again after a failure. */
export interface Weaving extends Weaver {
  /** Resolves when they have been woven once. */
  readonly woven: Promise<void>;
  /** Resolves when they have been woven against every source. */
  readonly settled: Promise<void>;
  readonly ready: boolean;
  /** A source has a session: what it holds may have changed while it was away. */
  connected(source: string): void;
  /** Begins no further run, and waits for the one that is under way. */
  stop(): Promise<void>;
}

export interface WeavingParts {
  readonly weaver: Weaver;
  readonly sources: readonly string[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
}

/** Pauses after failures, ms. */
const firstRetry = 1_000;
const longestRetry = 60_000;
/** A source that comes and goes costs a tenth of the hub's time at most. */
const restPerRun = 9;
const longestRest = 60_000;

export function createWeaving({ weaver, sources, clock, timers, log }: WeavingParts): Weaving {
  const woven = Promise.withResolvers<void>();
  const settled = Promise.withResolvers<void>();
  const unseen = new Set(sources);
  let ready = false;
  let stopped = false;
  let failures = 0;
  /** Before this time a source that is merely there again waits. */
  let rested = 0;
  let underWay: Promise<unknown> = Promise.resolve();
  let cancelPlanned: (() => void) | undefined;

  async function weave(): ReturnType<Weaver["weave"]> {
    if (stopped) throw new HubError("aborted", "the hub stops");
    const startedAt = clock.now();
    const missing = unseen.size;
    const run = weaver.weave();
    underWay = run.catch(() => undefined);
    try {
      const report = await run;
      failures = 0;
      ready = true;
      woven.resolve();
      if (missing === 0) settled.resolve();
      return report;
    } catch (thrown) {
      plan(Math.min(longestRetry, firstRetry * 2 ** Math.min(failures, 16)));
      failures += 1;
      throw thrown;
    } finally {
      const took = Math.max(0, clock.now() - startedAt);
      rested = clock.now() + Math.min(longestRest, restPerRun * took);
    }
  }

  function weaveAside(): void {
    weave().catch((thrown) => {
      if (!stopped) log.error("mappings could not be woven", { reason: HubError.from(thrown).message });
    });
  }

  /** One run later; what is planned already is soon enough. */
  function plan(ms: number): void {
    if (stopped || cancelPlanned !== undefined) return;
    cancelPlanned = timers.after(ms, () => {
      cancelPlanned = undefined;
      weaveAside();
    });
  }

  return {
    weave,
    woven: woven.promise,
    settled: sources.length === 0 ? woven.promise : settled.promise,
    get ready() {
      return ready;
    },
    get report() {
      return weaver.report;
    },
    connected(source) {
      const isNew = unseen.delete(source);
      const rest = Math.min(longestRest, rested - clock.now());
      if (isNew || rest <= 0) weaveAside();
      else plan(rest);
    },
    async stop() {
      stopped = true;
      cancelPlanned?.();
      await underWay;
    },
  };
}
