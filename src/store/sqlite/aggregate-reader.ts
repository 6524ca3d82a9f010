import type { DatabaseSync } from "node:sqlite";
import { AggregateFold, type FoldedSource } from "../history/aggregate-fold.ts";
import type { HistoryBlock } from "../history/history-block.ts";
import { decodeHistory } from "../history/history-codec.ts";
import type { AggregateQuery, AggregateSource, HistoryQuery, SeriesAggregates } from "../series-contract.ts";
import { BlockSource } from "./block-source.ts";

const order: HistoryQuery["order"] = "oldest-first";

type Sources = ReadonlyMap<number, readonly FoldedSource[]>;
type Take = (source: FoldedSource, block: HistoryBlock, row: number) => void;

/** Brings rows together by periods while it reads them. */
export class AggregateReader {
  readonly #blocks: BlockSource;

  constructor(database: DatabaseSync) {
    this.#blocks = new BlockSource(database);
  }

  aggregates(groups: readonly (readonly AggregateSource[])[], query: AggregateQuery): readonly SeriesAggregates[] {
    return this.#blocks.together(() => {
      const fold = new AggregateFold(groups.length, query);
      const sources = groups.flatMap((group, index) =>
        group.map((source): FoldedSource => {
          return { ...source, group: index, erasedUpTo: this.#blocks.erasedUpTo(source.series) };
        }),
      );
      const bySeries = Map.groupBy(sources, ({ series }) => series);
      if (fold.needsMeasure) {
        this.#each(bySeries, query, (...row) => fold.measure(...row));
        fold.measured();
      }
      this.#each(bySeries, query, (...row) => fold.add(...row));
      return fold.results();
    });
  }

  /** Every row that may count, of each series in the order of its commits as good as it is kept. */
  #each(sources: Sources, query: AggregateQuery, take: Take): void {
    for (const [series, own] of sources) {
      for (const { body, checksum } of this.#blocks.chunks(query, order, series)) {
        const block = decodeHistory(body, checksum);
        for (let row = 0; row < block.count; row++) for (const source of own) take(source, block, row);
      }
    }
    const compacted = this.#blocks.compacted();
    for (const { id, body, checksum } of this.#blocks.segments(query, order, 0)) {
      const block = decodeHistory(body, checksum);
      for (let row = 0; row < block.count; row++) {
        const series = block.series[row] ?? 0;
        if (id <= compacted.upTo && series < compacted.series) continue;
        for (const source of sources.get(series) ?? []) take(source, block, row);
      }
    }
  }
}
