import { qualityNumber } from "../form/sample-columns.ts";
import { encodeValue } from "../form/value-codec.ts";
import type { AmendedState, RowKey } from "../series-contract.ts";
import { type BlockRow, createdAtOf, type HistoryBlock, HistoryBlockBuilder, metaOf } from "./history-block.ts";
import type { RowPointer } from "./history-window.ts";

/** The row's place in a block; -1 where it is not there. */
export function rowIn(block: HistoryBlock, { series, instance, createdAt }: RowKey): number {
  const wanted = Number(instance);
  for (let row = 0; row < block.count; row++) {
    const isIt = block.series[row] === series && block.instance[row] === wanted;
    if (isIt) return createdAtOf(block, row) === createdAt ? row : -1;
  }
  return -1;
}

/** All rows of a block but one. */
export const pointersBut = (block: HistoryBlock, row: number): readonly RowPointer[] =>
  Array.from({ length: block.count }, (_, index) => ({ block, row: index })).filter((one) => one.row !== row);

export function blockOf(row: BlockRow): HistoryBlock {
  const builder = new HistoryBlockBuilder(1);
  builder.addRow(row);
  return builder.finish();
}

/** A row with another state in its place. */
export function amended(row: BlockRow, state: AmendedState, at: number): BlockRow {
  const { kind, num, text } = encodeValue(state.value);
  return {
    ...row,
    meta: metaOf(kind, qualityNumber(state.quality), false, state.unobserved === true),
    num,
    text: text === "" ? undefined : text,
    code: state.code,
    at: state.at,
    modifiedAt: at,
    created: row.created ?? row.modifiedAt,
  };
}
