import type { Quality } from "../core/quality.ts";
import type { Signal } from "../core/signal.ts";
import type { Value } from "../core/value.ts";
import type { Sample } from "../store/series-contract.ts";
import type { LinkState } from "./link-state.ts";

/** A new state of a link, before its commit gives it the commit's time. */
export type Draft = Omit<Signal, "modifiedAt" | "createdAt">;

/** A signal whose commit is still to come: `stamp` gives it the commit's time. */
type Unstamped = { -readonly [Key in keyof Signal]: Signal[Key] };

/** An accepted state on its way to the disk. */
export interface PendingState {
  readonly state: LinkState;
  /** What it follows. */
  readonly before: Signal | undefined;
  readonly after: Unstamped;
  /** False: a late one, for history alone. */
  readonly live: boolean;
}

export function drafted(
  value: Value | undefined,
  quality: Quality,
  code: string | undefined,
  at: number,
  receivedAt: number,
): Draft {
  return code === undefined ? { value, quality, at, receivedAt } : { value, quality, code, at, receivedAt };
}

/** Makes `draft` the link's accepted state, before its commit: what comes next is judged against it. */
export function supersede(state: LinkState, draft: Draft, now: number): PendingState {
  const before = state.accepted;
  const after: Unstamped = { ...draft, modifiedAt: now, createdAt: now };
  state.accepted = after;
  state.reportedAt = now;
  return { state, before, after, live: true };
}

/** A state that leaves the present alone. */
export function forHistory(state: LinkState, draft: Draft, now: number): PendingState {
  return { state, before: state.accepted, after: { ...draft, modifiedAt: now, createdAt: now }, live: false };
}

/** Gives a state its commit's time (rule 10); called in the order of the commits. */
export function stamp({ before, after }: PendingState, at: number): void {
  after.modifiedAt = at;
  after.createdAt = before === undefined || before.value === undefined ? at : before.createdAt;
}

export function sampleOf({ state, after, live }: PendingState): Sample {
  const { value, quality, code, at, receivedAt } = after;
  const sample = { series: state.series, value, quality, at, receivedAt, live, record: state.link.history };
  return code === undefined ? sample : { ...sample, code };
}
