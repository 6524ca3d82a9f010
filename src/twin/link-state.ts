import type { Link } from "../core/link.ts";
import type { Reading } from "../core/reading.ts";
import type { Signal } from "../core/signal.ts";

/** What is known of one document that has linked leaves. */
export interface LinkedDocument {
  readonly states: LinkState[];
  readonly byPart: Map<string, LinkState>;
  /** Commit time of the latest change of a signal in it (rule 10). */
  modifiedAt: number;
}

/** How far a signal has aged, judged apart from what the device itself said (rule 8). */
export type Staleness = "fresh" | "uncertain" | "bad";

/** A link while it lives: what readers see, what has been accepted and is on its way to the disk, and its liveness. */
export interface LinkState {
  readonly link: Link;
  readonly series: number;
  readonly documents: readonly LinkedDocument[];
  /** Derived links that this one feeds. */
  readonly feeds: LinkState[];
  /** Other points of the same asset, for derivations and `write.when`. */
  readonly siblings: ReadonlyMap<string, LinkState>;
  /** Committed: what readers see. */
  signal: Signal | undefined;
  /** The latest accepted one, perhaps not committed yet: what deadbands and late readings are judged against. */
  accepted: Signal | undefined;
  /** The device's own quality, to return to when a stale signal turns out to be alive. */
  device: Pick<Signal, "quality" | "code">;
  staleness: Staleness;
  /** When the link was last heard of by a reading of its own; 0 before the first one since it was joined. */
  seenAt: number;
  /** Times of the newest reading that became the signal: what comes before it is late. */
  newest: { readonly at: number; readonly receivedAt: number } | undefined;
  /** When the device took a client's value: what was received before it is late. */
  writtenAt: number;
  /** The reading that the signal was made of, for a mapping that makes something else of it. */
  raw: Reading | undefined;
  /** When a value was last reported (not held back). */
  reportedAt: number;
}

export function newLinkState(
  link: Link,
  series: number,
  documents: readonly LinkedDocument[],
  siblings: ReadonlyMap<string, LinkState>,
  signal: Signal | undefined,
): LinkState {
  return {
    link,
    series,
    documents,
    feeds: [],
    siblings,
    signal,
    accepted: signal,
    device: { quality: signal?.quality ?? "good", ...(signal?.code === undefined ? {} : { code: signal.code }) },
    staleness: "fresh",
    seenAt: 0,
    newest: signal,
    writtenAt: 0,
    raw: undefined,
    reportedAt: signal?.receivedAt ?? 0,
  };
}
