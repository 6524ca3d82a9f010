import type { BoundOperation } from "../core/bound-operation.ts";
import type { ArgumentValues } from "../core/browse.ts";
import type { Change, Origin, SignalChange } from "../core/change.ts";
import type { Collection, LeafAddress } from "../core/document.ts";
import type { HubError } from "../core/errors.ts";
import type { Link } from "../core/link.ts";
import type { Mutation } from "../core/mutation.ts";
import type { Plan } from "../core/plan.ts";
import type { Reading } from "../core/reading.ts";
import type { Scope } from "../core/scope.ts";
import type { Signal } from "../core/signal.ts";
import type { Value } from "../core/value.ts";
import type { CommitUnit, NewDelivery, UnitResult } from "../store/contract.ts";
import type { RowKey } from "../store/series-contract.ts";

/** One linked leaf of a document with what it shows now. */
export interface LiveLeaf {
  /** Key of the part that is linked. */
  readonly part: string;
  readonly link: Link;
  /** `undefined` until the first reading (rule 9). */
  readonly signal: Signal | undefined;
}

/** The live signals that readers lay over their stored documents. Synchronous: from memory. */
export interface Overlay {
  /** The linked leaves of a document, in no order; empty where it has none. */
  leaves(collection: Collection, document: string): readonly LiveLeaf[];
  leaf(collection: Collection, document: string, part: string): LiveLeaf | undefined;
  /** Of the latest change of any signal in the document: its commit's time, 0 without one (rule 10). */
  modifiedAt(collection: Collection, document: string): number;
}

/** A client's write to one linked leaf, in the signal's own type and unit. */
export interface LeafWrite {
  readonly link: Link;
  readonly value: Value;
}

export type LeafWriteResult =
  | { readonly link: Link; readonly outcome: "written"; readonly signal: Signal }
  | { readonly link: Link; readonly outcome: "refused"; readonly error: HubError }
  /** An earlier leaf of the request was refused: this one was never sent. */
  | { readonly link: Link; readonly outcome: "not-tried" };

/** What a client gives to an operation, and how long it may take, in ms. */
export interface Invocation {
  readonly inputs: ArgumentValues;
  readonly timeout: number;
}

/** What a leaf said, or says to have said, at some time. */
export interface PastInstance {
  readonly leaf: LeafAddress;
  /** What the part's body was; of a deletion, its type. */
  readonly body: Value | undefined;
  /** The same as the signal's value, for a leaf that is linked. */
  readonly value?: Value;
  /** When it was so, in ms; absent where nobody says. */
  readonly at?: number;
  readonly deleted?: boolean;
}

/** The past, written by clients beside the present: no device, no signal, no notification (rule 12). */
export interface Chronicle {
  /** Adds instances, with the document changes that they need; those of a linked leaf go into its series, marked. */
  record(scope: Scope, unit: DocumentUnit, instances: readonly PastInstance[]): Promise<UnitResult>;
  /** Replaces an instance, or takes it away; `linked`: it is of a link's series. False: there is none. */
  amend(scope: Scope, row: RowKey, linked: boolean, instance: PastInstance | undefined): Promise<boolean>;
  /** Takes the history of series away, for good. */
  erase(scope: Scope, series: readonly number[]): Promise<void>;
}

/** The one writer of a tenant's twins. */
export interface Twin extends Overlay {
  readonly tenant: string;
  readonly chronicle: Chronicle;
  /** Readings of one source; resolves after the commit that carries them. Held back while the writer is behind. */
  ingest(readings: readonly Reading[]): Promise<void>;
  /** A sign of life of a source, or of its loss. */
  alive(source: string, at: number): void;
  lost(source: string): void;
  /**
   * Commits document changes of a client; the caller has already kept linked leaves out of them (rules 5 and 6, see
   * `leaves`), so nothing here actuates. A result for each unit.
   */
  commit(scope: Scope, origin: Origin, units: readonly DocumentUnit[]): Promise<readonly UnitResult[]>;
  /**
   * Rule 4, device first: all validated (`read-only`, `invalid`: nothing is sent if one fails), then written in order,
   * stopped at the first refusal (`device-refused`, `device-timeout`); what devices took is committed before it resolves.
   */
  write(scope: Scope, origin: Origin, writes: readonly LeafWrite[]): Promise<readonly LeafWriteResult[]>;
  /** Commits deliveries that no change owes: an operation was invoked, an interval without an event is over. */
  owe(deliveries: readonly NewDelivery[]): Promise<void>;
  /** What the plan binds to an operation of a document; `undefined`: nobody has. */
  operation(collection: Collection, document: string, part: string): BoundOperation | undefined;
  /**
   * Carries an operation out and gives its output arguments by name; one line of the log tells of it. An operation that
   * writes points writes them by rule 4. @throws HubError `invalid`, `conflict` (a point's guard) where nothing was
   * sent; `device-refused`, `device-timeout` (also past the invocation's own time), `unreachable`, with a problem a
   * point where some of several were written; `aborted` where who asked has gone
   */
  invoke(scope: Scope, origin: Origin, operation: BoundOperation, invocation: Invocation): Promise<ArgumentValues>;
  /** Makes the plan the tenant's plan: documents made, links joined and parted. Refuses whole with `config` and problems. */
  apply(plan: Plan): Promise<PlanReceipt>;
  readonly plan: Plan;
  /** Changes after their commit, in order of `seq`. The listener must not block; one that throws is logged and kept. */
  onChange(listener: (change: Change) => void): () => void;
  readonly stats: TwinStats;
  /** Commits what is under way, then stops. */
  close(): Promise<void>;
}

/** A part of a client's request that is carried out whole or not at all. */
export type DocumentUnit = Pick<CommitUnit, "preconditions"> & { readonly mutations: readonly Mutation[] };

export interface PlanReceipt {
  readonly created: number;
  readonly updated: number;
  readonly linked: number;
  readonly unlinked: number;
}

export interface TwinStats {
  readonly links: number;
  readonly readings: number;
  readonly committed: number;
  /** Held back by a deadband. */
  readonly suppressed: number;
  /** Readings whose tag no link has. */
  readonly unlinkedReadings: number;
  /** Readings that a transform refused; the last refusals with their links. */
  readonly failedTransforms: number;
  readonly lastFailures: readonly { readonly link: string; readonly message: string; readonly at: number }[];
  readonly queued: number;
  /** Older than what was there: history only. */
  readonly late: number;
  /** Links that have aged beyond their `staleAfter`, or whose source is lost. */
  readonly stale: number;
  /** What the store said last, while it refuses commits and readings wait. */
  readonly refusal: HubError | undefined;
}

/** What a commit is about to do; who owes somebody a message about it says so before the commit, so that it is part of it. */
export interface PendingChange {
  readonly at: number;
  readonly origin: Origin;
  readonly mutations: readonly Mutation[];
  readonly signals: readonly SignalChange[];
}

/** Matches changes against subscriptions. Fast and synchronous: it stands between a reading and its commit. */
export interface Matcher {
  match(change: PendingChange): readonly NewDelivery[];
}

/** How the twin reaches devices; `southbound/runtime.ts` is behind it. */
export interface DevicePort {
  /** `device-refused`, `device-timeout`, `unreachable`. */
  write(source: string, tag: string, value: Value, abort: AbortSignal): Promise<void>;
  read(source: string, tag: string, abort: AbortSignal): Promise<Reading>;
  /** As connections call; `unsupported` where the source knows no methods. */
  call(
    source: string,
    method: string,
    inputs: ArgumentValues,
    timeout: number,
    abort: AbortSignal,
  ): Promise<ArgumentValues>;
}
