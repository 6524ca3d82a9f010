import { qualityOf } from "../form/sample-columns.ts";
import { decodeValue } from "../form/value-codec.ts";
import type { HistoryRow } from "../series-contract.ts";
import { isDeleted, isUnobserved, kindOf, qualityBits } from "./history-block.ts";
import type { RowPointer } from "./history-window.ts";

export function toRow({ block, row }: RowPointer): HistoryRow {
  const meta = block.meta[row] ?? 0;
  const code = block.codes.get(row);
  const createdAt = block.created.get(row);
  return {
    value: decodeValue(kindOf(meta), block.num[row] ?? 0, block.texts.get(row) ?? ""),
    quality: qualityOf(qualityBits(meta)),
    ...(code === undefined ? {} : { code }),
    at: block.at[row] ?? 0,
    receivedAt: block.receivedAt[row] ?? 0,
    modifiedAt: block.modifiedAt[row] ?? 0,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(isDeleted(meta) ? { deleted: true } : {}),
    ...(isUnobserved(meta) ? { unobserved: true } : {}),
    instance: String(block.instance[row] ?? 0),
  };
}
