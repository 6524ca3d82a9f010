import type { HubError } from "../core/errors.ts";
import type { Reading } from "../core/reading.ts";
import { acceptReading } from "./accept-reading.ts";
import type { LinkIndex } from "./link-index.ts";
import type { AcceptedDraft } from "./signal-writer.ts";

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
): readonly AcceptedDraft[] {
  const drafts: AcceptedDraft[] = [];
  counts.readings += readings.length;
  for (const reading of readings) {
    const states = index.bySource.get(reading.source)?.byTag.get(reading.tag);
    if (states === undefined) {
      counts.unlinkedReadings += 1;
      continue;
    }
    for (const state of states) {
      const acceptance = acceptReading(state, reading);
      state.seenAt = Math.max(state.seenAt, reading.receivedTime);
      if (acceptance.kind === "held") {
        counts.suppressed += 1;
        continue;
      }
      const { draft } = acceptance;
      if (acceptance.kind === "late") {
        counts.late += 1;
        drafts.push({ state, draft, live: false, before: state.accepted });
        continue;
      }
      if (acceptance.failure !== undefined)
        noteFailure(counts, state.link.key, acceptance.failure, reading.receivedTime);
      state.staleness = "fresh";
      state.device =
        draft.code === undefined ? { quality: draft.quality } : { quality: draft.quality, code: draft.code };
      // Taken before its commit: the next reading of the same batch is judged against this one.
      const before = state.accepted;
      state.accepted = {
        ...draft,
        modifiedAt: reading.receivedTime,
        createdAt: before?.createdAt ?? reading.receivedTime,
      };
      state.reportedAt = reading.receivedTime;
      drafts.push({ state, draft, live: true, before });
    }
  }
  return drafts;
}

function noteFailure(counts: IngestCounts, link: string, failure: HubError, at: number): void {
  counts.failedTransforms += 1;
  counts.lastFailures.push({ link, message: failure.message, at });
  if (counts.lastFailures.length > failuresKept) counts.lastFailures.shift();
}
