import { setImmediate as otherWork } from "node:timers/promises";
import { HubError } from "../../core/errors.ts";
import { AggregateFold, type FoldedSource } from "../history/aggregate-fold.ts";
import type { HistoryBlock } from "../history/history-block.ts";
import { decodeHistory, decodeHistoryOf } from "../history/history-codec.ts";
import { toRow } from "../history/history-row.ts";
import { HistoryWindow } from "../history/history-window.ts";
import type {
  AggregateQuery,
  AggregateSource,
  HistoryQuery,
  HistoryRow,
  SeriesAggregates,
} from "../series-contract.ts";
import { BlockSource, type StoredBlock } from "./block-source.ts";
import type { TenantDatabase } from "./tenant-database.ts";

type Windows = ReadonlyMap<number, HistoryWindow>;
/** Beyond it, asking every window whether it is closed costs more than reading the block. */
const ASKED_WINDOWS = 16;
/** Blocks that are unpacked before other work has its turn. */
const TURN_BLOCKS = 8;

/** Reads series' histories from their chunks and from the segments that are not brought together yet. */
export class HistoryReader {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /** Series without rows in the range are left out. */
  async histories(series: readonly number[], query: HistoryQuery): Promise<ReadonlyMap<number, readonly HistoryRow[]>> {
    if (!Number.isInteger(query.limit) || query.limit < 0) {
      throw new HubError("invalid", `a history has a limit of 0 or more rows, not ${query.limit}`);
    }
    const windows = await this.#database.snapshot(async (session) => {
      const blocks = new BlockSource(session, this.#database.tenant);
      const erased = await blocks.erasedUpTo(series);
      const opened = new Map(series.map((id) => [id, new HistoryWindow(query, erased.get(id) ?? -1)]));
      // The end that is wanted is most likely in the chunks or in the segments; what was found there closes the rest.
      if (query.order === "oldest-first") await readChunks(blocks, opened, query);
      await readSegments(blocks, opened, query);
      if (query.order === "newest-first") await readChunks(blocks, opened, query);
      return opened;
    });
    const found = [...windows].map(([id, window]) => [id, window.rows()] as const);
    return new Map(found.filter(([, rows]) => rows.length > 0).map(([id, rows]) => [id, rows.map(toRow)]));
  }

  aggregates(
    groups: readonly (readonly AggregateSource[])[],
    query: AggregateQuery,
  ): Promise<readonly SeriesAggregates[]> {
    return this.#database.snapshot(async (session) => {
      const blocks = new BlockSource(session, this.#database.tenant);
      const erased = await blocks.erasedUpTo(groups.flat().map(({ series }) => series));
      const sources = groups.flatMap((group, index) =>
        group.map((source): FoldedSource => {
          return { ...source, group: index, erasedUpTo: erased.get(source.series) ?? -1 };
        }),
      );
      const bySeries = Map.groupBy(sources, ({ series }) => series);
      const fold = new AggregateFold(groups.length, query);
      if (fold.needsMeasure) {
        await eachRow(blocks, bySeries, query, (...row) => fold.measure(...row));
        fold.measured();
      }
      await eachRow(blocks, bySeries, query, (...row) => fold.add(...row));
      return fold.results();
    });
  }
}

/** Segments hold late readings too, so none of them closes the next. */
async function readSegments(blocks: BlockSource, windows: Windows, query: HistoryQuery): Promise<void> {
  const compacted = await blocks.compacted();
  const isDone = (series: number): boolean => series < compacted.series;
  const after = [...windows.keys()].every(isDone) ? compacted.upTo : 0;
  const [alone] = windows.size === 1 ? windows.keys() : [];
  const asked = windows.size <= ASKED_WINDOWS ? [...windows.values()] : undefined;
  let turn = 0;
  for await (const stored of blocks.segments(query, query.order, after)) {
    if (asked?.every((window) => window.closedBefore(nearEdge(stored, query)))) continue;
    const block =
      alone === undefined
        ? decodeHistory(stored.body, stored.checksum)
        : decodeHistoryOf(alone, stored.body, stored.checksum);
    if (++turn % TURN_BLOCKS === 0) await otherWork();
    if (block === undefined) continue;
    for (let row = 0; row < block.count; row++) {
      const series = block.series[row] ?? 0;
      const window = windows.get(series);
      if (window !== undefined && (stored.id > compacted.upTo || !isDone(series))) window.add(block, row);
    }
  }
}

/** Chunks come in the order of their near edges, so that the first that is too far closes all others. */
async function readChunks(blocks: BlockSource, windows: Windows, query: HistoryQuery): Promise<void> {
  let turn = 0;
  for (const [series, window] of windows) {
    for await (const stored of blocks.chunks(query, query.order, series)) {
      if (window.closedBefore(nearEdge(stored, query))) break;
      const block = decodeHistory(stored.body, stored.checksum);
      for (let row = 0; row < block.count; row++) window.add(block, row);
      if (++turn % TURN_BLOCKS === 0) await otherWork();
    }
  }
}

/** The time of a block at which a reader in this order comes to it. */
const nearEdge = ({ first, last }: StoredBlock, { order }: HistoryQuery): number =>
  order === "oldest-first" ? first : last;

/** Every row that may count, of each series in the order of its commits as good as it is kept. */
async function eachRow(
  blocks: BlockSource,
  sources: ReadonlyMap<number, readonly FoldedSource[]>,
  query: AggregateQuery,
  take: (source: FoldedSource, block: HistoryBlock, row: number) => void,
): Promise<void> {
  let turn = 0;
  for (const [series, own] of sources) {
    for await (const { body, checksum } of blocks.chunks(query, "oldest-first", series)) {
      const block = decodeHistory(body, checksum);
      for (let row = 0; row < block.count; row++) for (const source of own) take(source, block, row);
      if (++turn % TURN_BLOCKS === 0) await otherWork();
    }
  }
  const compacted = await blocks.compacted();
  for await (const { id, body, checksum } of blocks.segments(query, "oldest-first", 0)) {
    const block = decodeHistory(body, checksum);
    for (let row = 0; row < block.count; row++) {
      const series = block.series[row] ?? 0;
      if (id <= compacted.upTo && series < compacted.series) continue;
      for (const source of sources.get(series) ?? []) take(source, block, row);
    }
    if (++turn % TURN_BLOCKS === 0) await otherWork();
  }
}
