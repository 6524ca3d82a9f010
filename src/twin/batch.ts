import type { Origin, SignalChange } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { CommitUnit, NewDelivery } from "../store/contract.ts";
import type { Matcher, PendingChange } from "./contract.ts";
import { type PendingState, sampleOf, stamp } from "./pending-state.ts";

/** States that are committed together, with what they owe to subscribers. */
export interface Batch {
  readonly origin: Origin;
  readonly pending: readonly PendingState[];
  /** Of those that are live. */
  readonly signals: readonly SignalChange[];
  readonly unit: CommitUnit;
}

export function newBatch(
  origin: Origin,
  pending: readonly PendingState[],
  at: number,
  matcher: Matcher,
  log: Logger,
): Batch {
  const signals: SignalChange[] = [];
  for (const { state, before, after, live } of pending) if (live) signals.push({ link: state.link, before, after });
  const deliveries = owed(matcher, { at, origin, mutations: [], signals }, log);
  return { origin, pending, signals, unit: { samples: pending.map(sampleOf), deliveries } };
}

export function stampAll({ pending }: Batch, at: number): void {
  for (const one of pending) stamp(one, at);
}

/** A matcher that fails costs a notification, never a reading. */
function owed(matcher: Matcher, change: PendingChange, log: Logger): readonly NewDelivery[] {
  try {
    return matcher.match(change);
  } catch (thrown) {
    log.error("subscriptions could not be matched: these changes are not notified", {
      reason: HubError.from(thrown).message,
      links: change.signals.slice(0, 5).map(({ link }) => link.key),
    });
    return [];
  }
}
