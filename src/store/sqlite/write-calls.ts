import type { LeafAddress } from "../../core/document.ts";
import type { HubErrorCode } from "../../core/errors.ts";
import type { Mutation, Precondition } from "../../core/mutation.ts";
import type { BlobRef, NewDelivery, RecordKind } from "../contract.ts";
import type { AmendedState, RowKey } from "../series-contract.ts";

/** A unit on its way to the writer. Its samples travel in the group's columns, in order, so that only their number is here. */
export interface WireUnit {
  readonly samples: number;
  readonly preconditions?: readonly Precondition[];
  readonly mutations?: readonly Mutation[];
  readonly deliveries?: readonly NewDelivery[];
}

/** A HubError without its class, which does not cross threads. */
export interface WireError {
  readonly code: HubErrorCode;
  readonly message: string;
}

export interface WriteCall<Args, Result> {
  readonly args: Args;
  readonly result: Result;
}

/** All that the writer does, by name. Calls that come at the same time are carried out in one transaction, in order. */
export interface WriteCalls {
  /** A `seq` for each unit that was carried out. */
  commit: WriteCall<{ units: readonly WireUnit[]; at: number }, readonly (number | WireError)[]>;
  ensureSeries: WriteCall<
    { keys: readonly string[]; at: number; leaves: readonly (LeafAddress | undefined)[] },
    readonly number[]
  >;
  addressSeries: WriteCall<
    { series: ReadonlyMap<number, readonly LeafAddress[]>; at: number; linked: boolean },
    undefined
  >;
  eraseSeries: WriteCall<{ series: readonly number[] }, undefined>;
  /** False: there is no such row. */
  amendRow: WriteCall<{ row: RowKey; state: AmendedState | undefined; at: number }, boolean>;
  delivered: WriteCall<{ ids: readonly number[] }, undefined>;
  retryDelivery: WriteCall<{ id: number; next: number; error: string }, undefined>;
  buryDelivery: WriteCall<{ id: number; error: string }, undefined>;
  dropTarget: WriteCall<{ target: string }, number>;
  putRecord: WriteCall<
    { kind: RecordKind; id: string; body: string; at: number; must: "exist" | "be-absent" | undefined },
    undefined
  >;
  deleteRecord: WriteCall<{ kind: RecordKind; id: string }, boolean>;
  /** Makes room for contents that are on their way, or throws `store-full`. */
  reserveBlob: WriteCall<{ bytes: number }, undefined>;
  putBlob: WriteCall<BlobRef & { at: number }, undefined>;
  /** The digests of contents that no file refers to any more, forgotten. */
  dropBlobs: WriteCall<{ now: number; limit: number }, readonly string[]>;
  /** One bounded step; true: there is more to do. */
  sweep: WriteCall<{ now: number }, boolean>;
}

export type WriteName = keyof WriteCalls;
export type WriteArgs<Name extends WriteName> = WriteCalls[Name]["args"];
export type WriteResult<Name extends WriteName> = WriteCalls[Name]["result"];

export type WriteJob = { [Name in WriteName]: { readonly name: Name; readonly args: WriteArgs<Name> } }[WriteName];
/** What became of one job of a group. */
export type WriteOutcome = { readonly result: unknown } | { readonly error: WireError };

/** What the writer alone knows; told with every group, so that `stats()` waits for nobody. */
export interface WriterFigures {
  readonly commits: number;
  readonly units: number;
  readonly samples: number;
  readonly historyRows: number;
  readonly historyDropped: number;
  readonly outboxDropped: number;
  readonly blobBytes: number;
  readonly lastCommitMs: number;
}
