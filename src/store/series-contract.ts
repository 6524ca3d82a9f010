import type { AggregateMethod, AggregatePeriod } from "../core/aggregate.ts";
import type { Collection, LeafAddress } from "../core/document.ts";
import type { Period } from "../core/period.ts";
import type { Quality } from "../core/quality.ts";
import type { Value } from "../core/value.ts";

/** One new state of a series. */
export interface Sample {
  readonly series: number;
  /** `undefined`: no value. bigint, NaN and infinities are kept exactly. */
  readonly value: Value | undefined;
  readonly quality: Quality;
  readonly code?: string;
  readonly at: number;
  readonly receivedAt: number;
  /** Becomes the current signal of the series. */
  readonly live: boolean;
  /** Is appended to history. */
  readonly record: boolean;
  /** The attribute was deleted at this time (NGSI-LD `deletedAt` instance); with `live` the current signal is gone too. */
  readonly deleted?: boolean;
  /** Nobody said when this was so: `at` is the commit's time, for the order. */
  readonly unobserved?: boolean;
}

export interface SignalRow {
  readonly series: number;
  readonly value: Value | undefined;
  readonly quality: Quality;
  readonly code?: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface HistoryRow {
  readonly value: Value | undefined;
  readonly quality: Quality;
  readonly code?: string;
  readonly at: number;
  readonly receivedAt: number;
  /** When it was committed, or last amended. */
  readonly modifiedAt: number;
  /** When it was committed, where it was amended since. */
  readonly createdAt?: number;
  readonly deleted?: boolean;
  readonly unobserved?: boolean;
  /** Tells instances of equal time apart; stable. */
  readonly instance: string;
}

/**
 * By which time rows are chosen and ordered. `at` takes all rows; `observed` those alone of which somebody said when they
 * were so; `deleted` the deletions alone, by their commit; `created` and `modified` all rows by `createdAt` and `modifiedAt`.
 */
export type HistoryTime = "at" | "observed" | "created" | "modified" | "deleted";

export interface HistoryRange {
  /** Milliseconds since the epoch; `from` inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Default `at`. */
  readonly by?: HistoryTime;
}

export interface HistoryQuery extends HistoryRange {
  readonly limit: number;
  readonly order: "oldest-first" | "newest-first";
}

/** A series that is or was shown at a part of a document. */
export interface PartSeries {
  readonly part: string;
  readonly series: number;
  /** The link's series: its values are the signal's, not bodies of the part. */
  readonly linked: boolean;
  readonly from: number;
  readonly to?: number;
}

export interface AggregateQuery extends HistoryRange {
  readonly methods: readonly AggregateMethod[];
  readonly period: Period;
  /** Where the first period begins; absent: at the first row that counts in any of the groups. */
  readonly origin?: number;
  /** In values that are bodies of parts: the member with the value, by the body's `type`; `counted`: it is no literal. */
  readonly members?: Readonly<Record<string, { readonly name: string; readonly counted?: boolean }>>;
}

/** Rows of a series, of those that were committed in a time. */
export interface AggregateSource {
  readonly series: number;
  readonly from?: number;
  readonly to?: number;
}

export interface SeriesAggregates {
  /** The `type` of the last body. */
  readonly type?: string;
  /** Methods that no value of the series had a meaning for. */
  readonly ineligible: readonly AggregateMethod[];
  /** Oldest first; periods without values are left out. */
  readonly periods: readonly AggregatePeriod[];
}

export interface SeriesPort {
  /**
   * The ids of these series, made where they are new (a write of its own). Same order as `keys`, as are the `leaves`: where
   * there is one, the series is shown at it from now on, as `address` would do without `linked`.
   */
  ensure(
    keys: readonly string[],
    at: number,
    leaves?: readonly (LeafAddress | undefined)[],
  ): Promise<readonly number[]>;
  /**
   * Which leaves a series is shown at from now on; earlier addresses stay with the time at which they ended. `linked`:
   * the leaves show the series' signal, so a `part` filter passes them over until that has a value (rule 9); without it
   * the series only keeps the history of what the document itself says.
   */
  address(
    series: ReadonlyMap<number, readonly LeafAddress[]>,
    at: number,
    options?: { readonly linked?: boolean },
  ): Promise<void>;
  /** The series ever shown at this leaf, with the times between which they were. */
  at(leaf: LeafAddress): Promise<readonly { readonly series: number; readonly from: number; readonly to?: number }[]>;
  signals(series: readonly number[]): Promise<readonly SignalRow[]>;
  history(series: number, query: HistoryQuery): Promise<readonly HistoryRow[]>;
  /** Every series ever shown at parts of these documents, by document id; none where there are none. */
  of(collection: Collection, documents: readonly string[]): Promise<ReadonlyMap<string, readonly PartSeries[]>>;
  /** Many histories in one read; `limit` holds for each. Series without a row in the range are left out. */
  histories(series: readonly number[], query: HistoryQuery): Promise<ReadonlyMap<number, readonly HistoryRow[]>>;
  /**
   * Values of rows that count (see `isMeasurement`) brought together by periods; the sources of a group count as one
   * series. In the order of the groups. `too-complex` for more than 10,000 periods of one, or 100,000 distinct values.
   */
  aggregates(
    groups: readonly (readonly AggregateSource[])[],
    query: AggregateQuery,
  ): Promise<readonly SeriesAggregates[]>;
  /** Takes the history until now away, for good; addresses and signals stay. Synced when it resolves. */
  erase(series: readonly number[]): Promise<void>;
  /** Puts another state in the place of a row, or takes it away. False: there is no such row. Synced when it resolves. */
  amend(row: RowKey, state: AmendedState | undefined, at: number): Promise<boolean>;
}

/** A row by what never changes. */
export interface RowKey {
  readonly series: number;
  readonly instance: string;
  /** `createdAt`, or `modifiedAt` in a row without one. */
  readonly createdAt: number;
}

export type AmendedState = Pick<Sample, "value" | "quality" | "code" | "at" | "unobserved">;
