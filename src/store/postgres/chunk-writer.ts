import { cutChunks } from "../history/cut-chunks.ts";
import type { RowPointer } from "../history/history-window.ts";
import type { Session } from "./session.ts";
import type { Upkeep } from "./upkeep.ts";

/** Writes rows of one series, in any order, as chunks cut by time. */
export async function writeChunks(
  session: Session,
  tenant: number,
  upkeep: Upkeep,
  series: number,
  pointers: readonly RowPointer[],
): Promise<void> {
  for (const { first, last, firstCreated, lastModified, rows, checksum, body } of cutChunks(pointers)) {
    upkeep.chunk += 1;
    await session.change(
      `INSERT INTO history_chunk
         (tenant, id, series, first_at, last_at, first_created, last_modified, rows, checksum, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [tenant, upkeep.chunk, series, first, last, firstCreated, lastModified, rows, checksum, Buffer.from(body)],
    );
  }
}
