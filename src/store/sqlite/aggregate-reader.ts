import type { DatabaseSync } from "node:sqlite";
import { type AggregateMethod, Aggregation } from "../../core/aggregate.ts";
import { HubError } from "../../core/errors.ts";
import { isMeasurement } from "../../core/measurement.ts";
import { addPeriods, type Period, periodsUntil } from "../../core/period.ts";
import type { Value } from "../../core/value.ts";
import type { AggregateQuery, AggregateSource, HistoryQuery, SeriesAggregates } from "../series-contract.ts";
import { BlockSource } from "./block-source.ts";
import { createdAtOf, type HistoryBlock, isDeleted, kindOf, qualityBits } from "./history-block.ts";
import { decodeHistory } from "./history-codec.ts";
import { timeOfRow } from "./history-window.ts";
import { qualityOf } from "./sample-columns.ts";
import { decodeValue } from "./value-codec.ts";

const MOST_PERIODS = 10_000;
const order: HistoryQuery["order"] = "oldest-first";

interface GroupState {
  readonly periods: Map<number, Aggregation>;
  before: { readonly at: number; readonly value: Value | undefined } | undefined;
  type: string | undefined;
}

interface SourceState extends AggregateSource {
  readonly state: GroupState;
  readonly erasedUpTo: number;
}

/** Brings rows together by periods while it reads them, so that no more than the periods is ever held. */
export class AggregateReader {
  readonly #blocks: BlockSource;

  constructor(database: DatabaseSync) {
    this.#blocks = new BlockSource(database);
  }

  aggregates(groups: readonly (readonly AggregateSource[])[], query: AggregateQuery): readonly SeriesAggregates[] {
    return this.#blocks.together(() => {
      const all = groups.map((): GroupState => ({ periods: new Map(), before: undefined, type: undefined }));
      const sources = groups.flatMap((group, index) =>
        group.map((source): SourceState => {
          const state = all[index] as GroupState;
          return { ...source, state, erasedUpTo: this.#blocks.erasedUpTo(source.series) };
        }),
      );
      const states = Map.groupBy(sources, ({ series }) => series);
      let { origin } = query;
      let latest = Number.NEGATIVE_INFINITY;
      const isWhole = query.period.months === 0 && query.period.ms === 0;
      if (origin === undefined || isWhole) {
        let first = Number.POSITIVE_INFINITY;
        this.#each(states, query, (_state, at) => {
          first = Math.min(first, at);
          latest = Math.max(latest, at);
        });
        origin ??= first;
        for (const state of all) state.before = undefined;
      }
      const from = origin;
      this.#each(states, query, (state, at, value, counted) => {
        const index = isWhole ? 0 : periodsUntil(from, query.period, at);
        aggregationOf(state.periods, index, query.methods).add(value, counted);
      });
      const end = query.to ?? latest;
      const spans = (index: number) => (isWhole ? { start: from, end } : spanOf(from, query.period, index));
      return all.map((state) => resultOf(state, query.methods, spans));
    });
  }

  /** Every value that counts, of each series in the order of its commits as good as it is kept. */
  #each(
    states: ReadonlyMap<number, readonly SourceState[]>,
    query: AggregateQuery,
    take: (state: GroupState, at: number, value: Value, counted: boolean) => void,
  ): void {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, by = "at" } = query;
    const look = (source: SourceState, block: HistoryBlock, row: number): void => {
      const { state, erasedUpTo } = source;
      const at = timeOfRow(block, row, by);
      if (at === undefined || at < from || at >= to || (block.instance[row] ?? 0) <= erasedUpTo) return;
      const committed = createdAtOf(block, row);
      if (committed < (source.from ?? committed) || committed >= (source.to ?? Number.POSITIVE_INFINITY)) return;
      const meta = block.meta[row] ?? 0;
      const value = decodeValue(kindOf(meta), block.num[row] ?? 0, block.texts.get(row) ?? "");
      const now = { at: block.at[row] ?? 0, value, quality: qualityOf(qualityBits(meta)), deleted: isDeleted(meta) };
      const before = state.before;
      state.before = now;
      if (!isMeasurement(now, before === undefined ? undefined : { ...before, quality: "good" })) return;
      const said = saidBy(value, query.members);
      if (said.type !== undefined) state.type = said.type;
      if (said.value !== undefined && said.value !== null) take(state, at, said.value, said.counted);
    };
    for (const [series, sources] of states) {
      for (const { body, checksum } of this.#blocks.chunks(query, order, series)) {
        const block = decodeHistory(body, checksum);
        for (let row = 0; row < block.count; row++) for (const source of sources) look(source, block, row);
      }
    }
    const compacted = this.#blocks.compacted();
    for (const { id, body, checksum } of this.#blocks.segments(query, order, 0)) {
      const block = decodeHistory(body, checksum);
      for (let row = 0; row < block.count; row++) {
        const series = block.series[row] ?? 0;
        if (id <= compacted.upTo && series < compacted.series) continue;
        for (const source of states.get(series) ?? []) look(source, block, row);
      }
    }
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
