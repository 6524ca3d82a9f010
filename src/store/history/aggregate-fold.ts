import { type AggregateMethod, Aggregation } from "../../core/aggregate.ts";
import { HubError } from "../../core/errors.ts";
import { isMeasurement } from "../../core/measurement.ts";
import { addPeriods, type Period, periodsUntil } from "../../core/period.ts";
import type { Value } from "../../core/value.ts";
import { qualityOf } from "../form/sample-columns.ts";
import { decodeValue } from "../form/value-codec.ts";
import type { AggregateQuery, AggregateSource, SeriesAggregates } from "../series-contract.ts";
import { createdAtOf, type HistoryBlock, isDeleted, kindOf, qualityBits } from "./history-block.ts";
import { timeOfRow } from "./history-window.ts";

const MOST_PERIODS = 10_000;

interface GroupState {
  readonly periods: Map<number, Aggregation>;
  before: { readonly at: number; readonly value: Value | undefined } | undefined;
  type: string | undefined;
}

/** A source of a group, and up to which instance its series was erased (-1: it was not). */
export interface FoldedSource extends AggregateSource {
  readonly group: number;
  readonly erasedUpTo: number;
}

/**
 * Brings rows together by periods while they are read, so that no more than the periods is ever held. Where the first
 * period's beginning is not said, all rows pass `measure` first; then all pass `add`, in the same order.
 */
export class AggregateFold {
  readonly #query: AggregateQuery;
  readonly #groups: readonly GroupState[];
  readonly #isWhole: boolean;
  #first = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(groups: number, query: AggregateQuery) {
    this.#query = query;
    this.#groups = Array.from({ length: groups }, () => ({ periods: new Map(), before: undefined, type: undefined }));
    this.#isWhole = query.period.months === 0 && query.period.ms === 0;
  }

  /** Whether rows have to be measured before they are added. */
  get needsMeasure(): boolean {
    return this.#query.origin === undefined || this.#isWhole;
  }

  measure(source: FoldedSource, block: HistoryBlock, row: number): void {
    this.#look(source, block, row, (_state, at) => {
      this.#first = Math.min(this.#first, at);
      this.#latest = Math.max(this.#latest, at);
    });
  }

  measured(): void {
    for (const state of this.#groups) state.before = undefined;
  }

  add(source: FoldedSource, block: HistoryBlock, row: number): void {
    const { period, methods } = this.#query;
    this.#look(source, block, row, (state, at, value, counted) => {
      const index = this.#isWhole ? 0 : periodsUntil(this.#origin, period, at);
      aggregationOf(state.periods, index, methods).add(value, counted);
    });
  }

  results(): readonly SeriesAggregates[] {
    const { methods, period, to } = this.#query;
    const end = to ?? this.#latest;
    const spans = (index: number) =>
      this.#isWhole ? { start: this.#origin, end } : spanOf(this.#origin, period, index);
    return this.#groups.map((state) => resultOf(state, methods, spans));
  }

  get #origin(): number {
    return this.#query.origin ?? this.#first;
  }

  #look(
    source: FoldedSource,
    block: HistoryBlock,
    row: number,
    take: (state: GroupState, at: number, value: Value, counted: boolean) => void,
  ): void {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, by = "at", members } = this.#query;
    const state = this.#groups[source.group];
    const at = timeOfRow(block, row, by);
    if (state === undefined || at === undefined || at < from || at >= to) return;
    if ((block.instance[row] ?? 0) <= source.erasedUpTo) return;
    const committed = createdAtOf(block, row);
    if (committed < (source.from ?? committed) || committed >= (source.to ?? Number.POSITIVE_INFINITY)) return;
    const meta = block.meta[row] ?? 0;
    const value = decodeValue(kindOf(meta), block.num[row] ?? 0, block.texts.get(row) ?? "");
    const now = { at: block.at[row] ?? 0, value, quality: qualityOf(qualityBits(meta)), deleted: isDeleted(meta) };
    const before = state.before;
    state.before = now;
    if (!isMeasurement(now, before === undefined ? undefined : { ...before, quality: "good" })) return;
    const said = saidBy(value, members);
    if (said.type !== undefined) state.type = said.type;
    if (said.value !== undefined && said.value !== null) take(state, at, said.value, said.counted);
  }
}

function aggregationOf(
  periods: Map<number, Aggregation>,
  index: number,
  methods: readonly AggregateMethod[],
): Aggregation {
  const known = periods.get(index);
  if (known !== undefined) return known;
  if (periods.size >= MOST_PERIODS) {
    throw new HubError(
      "too-complex",
      `more than ${MOST_PERIODS} periods hold values; take longer ones, or a shorter range`,
    );
  }
  const made = new Aggregation(methods);
  periods.set(index, made);
  return made;
}

const spanOf = (origin: number, period: Period, index: number) => ({
  start: addPeriods(origin, period, index),
  end: addPeriods(origin, period, index + 1),
});

function resultOf(
  { periods, type }: GroupState,
  methods: readonly AggregateMethod[],
  spans: (index: number) => { readonly start: number; readonly end: number },
): SeriesAggregates {
  const eligible = new Set<AggregateMethod>();
  const shown = [...periods]
    .sort(([a], [b]) => a - b)
    .map(([index, aggregation]) => {
      const results: Partial<Record<AggregateMethod, Value>> = {};
      for (const method of methods) {
        const result = aggregation.result(method);
        if (result === undefined) continue;
        results[method] = result;
        eligible.add(method);
      }
      return { ...spans(index), results };
    });
  const ineligible = methods.filter((method) => !eligible.has(method));
  return { ...(type === undefined ? {} : { type }), ineligible, periods: shown };
}

/** The value that is brought together: of a body, what its kind's member holds. */
function saidBy(value: Value | undefined, members: AggregateQuery["members"]) {
  if (members === undefined || typeof value !== "object" || value === null || Array.isArray(value)) {
    return { type: undefined, value, counted: false };
  }
  const body = value as { readonly [member: string]: Value };
  const type = typeof body.type === "string" ? body.type : "Property";
  const member = members[type];
  return { type, value: body[member?.name ?? "value"], counted: member?.counted === true };
}
