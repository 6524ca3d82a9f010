import type { HubErrorCode } from "../core/errors.ts";
import type { Quality } from "../core/quality.ts";
import type { Value } from "../core/value.ts";

/** `waiting`: not connected, the next attempt is at `nextAttemptAt`. */
export type SourceState = "stopped" | "connecting" | "connected" | "waiting";

export interface SourceError {
  readonly code: HubErrorCode;
  readonly message: string;
  readonly at: number;
}

/** What an operator sees of one source. Times are milliseconds since the epoch. */
export interface SourceStatus {
  readonly source: string;
  readonly type: string;
  readonly state: SourceState;
  /** Of the state. */
  readonly since: number;
  /** Failed attempts since the last session. */
  readonly attempts: number;
  /** Sessions since the start of the hub. */
  readonly sessions: number;
  readonly nextAttemptAt?: number;
  /** Kept after a recovery, with its time. */
  readonly lastError?: SourceError;
  readonly lastReadingAt?: number;
  readonly lastAliveAt?: number;
  readonly readings: { readonly total: number; readonly perSecond: number };
  readonly queue: {
    /** Readings that are not committed yet. */
    readonly depth: number;
    readonly batches: number;
    /** Refused because the connector pushed past the queue's bound. */
    readonly refused: number;
    /** Of batches whose commit failed; the session was ended, so that the protocol delivers anew. */
    readonly failed: number;
  };
  /** The protocol's own counters of this session. */
  readonly counters: Readonly<Record<string, number>>;
  readonly tags: {
    readonly wanted: number;
    readonly subscribed: number;
    readonly seen: number;
    readonly problems: number;
  };
  /** The first ones; the rest is in the pages of tags. */
  readonly problems: readonly { readonly tag: string; readonly code: HubErrorCode; readonly message: string }[];
}

export interface TagStatus {
  readonly tag: string;
  readonly value?: Value;
  readonly quality?: Quality;
  readonly code?: string;
  readonly sourceTime?: number;
  readonly receivedTime?: number;
  /** Milliseconds since the reading was received. */
  readonly age?: number;
  readonly problem?: { readonly code: HubErrorCode; readonly message: string };
}

export interface TagPage {
  readonly total: number;
  readonly tags: readonly TagStatus[];
  /** Offset of the next page; absent on the last. */
  readonly next?: number;
}
