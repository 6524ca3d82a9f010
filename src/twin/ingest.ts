import type { HubError } from "../core/errors.ts";
import type { Reading } from "../core/reading.ts";
import { acceptReading, timeOf } from "./accept-reading.ts";
import type { LinkIndex } from "./link-index.ts";
import type { LinkState } from "./link-state.ts";
import { forHistory, type PendingState, supersede } from "./pending-state.ts";

export interface IngestCounts {
  readings: number;
  suppressed: number;
  late: number;
  unlinkedReadings: number;
  failedTransforms: number;
  readonly lastFailures: { readonly link: string; readonly message: string; readonly at: number }[];
}

export const newIngestCounts = (): IngestCounts => ({
  readings: 0,
  suppressed: 0,
  late: 0,
  unlinkedReadings: 0,
  failedTransforms: 0,
  lastFailures: [],
});

const failuresKept = 20;

/** Every reading finds its links by one look-up; what they accept is to be committed. */
export function acceptAll(
  index: LinkIndex,
  readings: readonly Reading[],
  counts: IngestCounts,
  now: number,
): readonly PendingState[] {
  const pending: PendingState[] = [];
  counts.readings += readings.length;
  for (const reading of readings) {
    const states = index.bySource.get(reading.source)?.byTag.get(reading.tag);
    if (states === undefined) {
      counts.unlinkedReadings += 1;
      continue;
    }
    for (const state of states) {
      const accepted = acceptOne(state, reading, counts, now);
      if (accepted !== undefined) pending.push(accepted);
    }
  }
  return pending;
}

function acceptOne(state: LinkState, reading: Reading, counts: IngestCounts, now: number): PendingState | undefined {
  const { receivedTime } = reading;
  const acceptance = acceptReading(state, reading, now);
  // A clock that was set back counts from there: what was seen "later" says nothing any more.
  state.seenAt = state.seenAt > now ? receivedTime : Math.max(state.seenAt, receivedTime);
  if (acceptance.kind === "held") {
    counts.suppressed += 1;
    return undefined;
  }
  const { draft } = acceptance;
  if (acceptance.kind === "late") {
    counts.late += 1;
    return forHistory(state, draft, now);
  }
  if (acceptance.failure !== undefined) noteFailure(counts, state.link.key, acceptance.failure, receivedTime);
  state.staleness = "fresh";
  state.device = draft.code === undefined ? { quality: draft.quality } : { quality: draft.quality, code: draft.code };
  state.newest = { at: timeOf(reading), receivedAt: receivedTime };
  state.raw = reading;
  return supersede(state, draft, now);
}

export function noteFailure(counts: IngestCounts, link: string, failure: HubError, at: number): void {
  counts.failedTransforms += 1;
  counts.lastFailures.push({ link, message: failure.message, at });
  if (counts.lastFailures.length > failuresKept) counts.lastFailures.shift();
}
