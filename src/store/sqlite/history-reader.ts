import type { DatabaseSync } from "node:sqlite";
import { HubError } from "../../core/errors.ts";
import { decodeHistory, decodeHistoryOf } from "../history/history-codec.ts";
import { toRow } from "../history/history-row.ts";
import { HistoryWindow } from "../history/history-window.ts";
import type { HistoryQuery, HistoryRow } from "../series-contract.ts";
import { BlockSource, type StoredBlock } from "./block-source.ts";

type Windows = ReadonlyMap<number, HistoryWindow>;
/** Beyond it, asking every window whether it is closed costs more than reading the block. */
const ASKED_WINDOWS = 16;

/** Reads series' histories from their chunks and from the segments that are not brought together yet. */
export class HistoryReader {
  readonly #blocks: BlockSource;

  constructor(database: DatabaseSync) {
    this.#blocks = new BlockSource(database);
  }

  /** Series without rows in the range are left out. */
  histories(series: readonly number[], query: HistoryQuery): ReadonlyMap<number, readonly HistoryRow[]> {
    if (!Number.isInteger(query.limit) || query.limit < 0) {
      throw new HubError("invalid", `a history has a limit of 0 or more rows, not ${query.limit}`);
    }
    return this.#blocks.together(() => {
      const windows = new Map(series.map((id) => [id, new HistoryWindow(query, this.#blocks.erasedUpTo(id))]));
      // The end that is wanted is most likely in the chunks or in the segments; what was found there closes the rest.
      if (query.order === "oldest-first") this.#readChunks(windows, query);
      this.#readSegments(windows, query);
      if (query.order === "newest-first") this.#readChunks(windows, query);
      const found = [...windows].map(([id, window]) => [id, window.rows()] as const);
      return new Map(found.filter(([, rows]) => rows.length > 0).map(([id, rows]) => [id, rows.map(toRow)]));
    });
  }

  /** Segments hold late readings too, so none of them closes the next. */
  #readSegments(windows: Windows, query: HistoryQuery): void {
    const compacted = this.#blocks.compacted();
    const isDone = (series: number): boolean => series < compacted.series;
    const after = [...windows.keys()].every(isDone) ? compacted.upTo : 0;
    const [alone] = windows.size === 1 ? windows.keys() : [];
    const asked = windows.size <= ASKED_WINDOWS ? [...windows.values()] : undefined;
    for (const stored of this.#blocks.segments(query, query.order, after)) {
      if (asked?.every((window) => window.closedBefore(nearEdge(stored, query)))) continue;
      const block =
        alone === undefined
          ? decodeHistory(stored.body, stored.checksum)
          : decodeHistoryOf(alone, stored.body, stored.checksum);
      if (block === undefined) continue;
      for (let row = 0; row < block.count; row++) {
        const series = block.series[row] ?? 0;
        const window = windows.get(series);
        if (window !== undefined && (stored.id > compacted.upTo || !isDone(series))) window.add(block, row);
      }
    }
  }

  /** Chunks come in the order of their near edges, so that the first that is too far closes all others. */
  #readChunks(windows: Windows, query: HistoryQuery): void {
    for (const [series, window] of windows) {
      for (const stored of this.#blocks.chunks(query, query.order, series)) {
        if (window.closedBefore(nearEdge(stored, query))) break;
        const block = decodeHistory(stored.body, stored.checksum);
        for (let row = 0; row < block.count; row++) window.add(block, row);
      }
    }
  }
}

/** The time of a block at which a reader in this order comes to it. */
function nearEdge({ first, last }: StoredBlock, { order }: HistoryQuery): number {
  return order === "oldest-first" ? first : last;
}
