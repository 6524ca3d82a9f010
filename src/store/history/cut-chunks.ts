import { type BlockExtent, extentOf, HistoryBlockBuilder } from "./history-block.ts";
import { encodeHistory, type HistoryBlob } from "./history-codec.ts";
import type { RowPointer } from "./history-window.ts";

/** Rows of a chunk: about a page, read and written whole. A last chunk below it is filled up, by writing it anew. */
export const CHUNK_ROWS = 256;

/** A chunk of one series as it is stored. */
export interface Chunk extends HistoryBlob, BlockExtent {
  readonly rows: number;
}

/** Cuts rows of one series, in any order, into chunks by time. */
export function* cutChunks(rows: readonly RowPointer[]): Generator<Chunk> {
  const sorted = rows
    .map(({ block, row }) => ({ block, row, at: block.at[row] ?? 0 }))
    .sort((a, b) => a.at - b.at || (a.block.instance[a.row] ?? 0) - (b.block.instance[b.row] ?? 0));
  for (let start = 0; start < sorted.length; start += CHUNK_ROWS) {
    const part = sorted.slice(start, start + CHUNK_ROWS);
    const builder = new HistoryBlockBuilder(part.length);
    for (const { block, row } of part) builder.addFrom(block, row);
    const chunk = builder.finish();
    yield { ...encodeHistory(chunk), ...extentOf(chunk), rows: chunk.count };
  }
}
