import { extentOf, HistoryBlockBuilder } from "../history/history-block.ts";
import { encodeHistory } from "../history/history-codec.ts";
import type { RowPointer } from "../history/history-window.ts";
import type { Session } from "./session.ts";
import type { Upkeep } from "./upkeep.ts";

/** Rows of a chunk: read and written whole. A last chunk below it is filled up, by writing it anew. */
export const CHUNK_ROWS = 256;

/** Writes rows of one series, in any order, as chunks cut by time. */
export async function writeChunks(
  session: Session,
  tenant: number,
  upkeep: Upkeep,
  series: number,
  rows: readonly RowPointer[],
): Promise<void> {
  const sorted = rows
    .map(({ block, row }) => ({ block, row, at: block.at[row] ?? 0 }))
    .sort((a, b) => a.at - b.at || (a.block.instance[a.row] ?? 0) - (b.block.instance[b.row] ?? 0));
  for (let start = 0; start < sorted.length; start += CHUNK_ROWS) {
    const part = sorted.slice(start, start + CHUNK_ROWS);
    const builder = new HistoryBlockBuilder(part.length);
    for (const { block, row } of part) builder.addFrom(block, row);
    const chunk = builder.finish();
    const { body, checksum } = encodeHistory(chunk);
    const { first, last, firstCreated, lastModified } = extentOf(chunk);
    upkeep.chunk += 1;
    await session.change(
      `INSERT INTO history_chunk
         (tenant, id, series, first_at, last_at, first_created, last_modified, rows, checksum, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [tenant, upkeep.chunk, series, first, last, firstCreated, lastModified, chunk.count, checksum, Buffer.from(body)],
    );
  }
}
