import { isBitTable, type Table } from "./point-address.ts";

/** Where one point lies: `length` registers, or bits in the bit tables, from `start`. */
export interface Span {
  readonly tag: string;
  readonly table: Table;
  readonly start: number;
  readonly length: number;
}

/** What one request reads, and the points in it. */
export interface Block<S extends Span = Span> {
  readonly table: Table;
  readonly start: number;
  readonly length: number;
  readonly spans: readonly S[];
}

export interface BlockLimits {
  readonly maxRegisters: number;
  readonly maxBits: number;
  /** Unused registers that may be read along; bits: 16 times as many. */
  readonly maxGap: number;
  /** Tags that must begin a request of their own, learnt from refused ones. */
  readonly cuts: ReadonlySet<string>;
}

/** The fewest requests, from low to high addresses, that read all points within the limits. */
export function planBlocks<S extends Span>(spans: readonly S[], limits: BlockLimits): readonly Block<S>[] {
  const byTable = Map.groupBy(spans, (span) => span.table);
  return [...byTable].flatMap(([table, members]) => planTable(table, members, limits));
}

function planTable<S extends Span>(table: Table, spans: readonly S[], limits: BlockLimits): Block<S>[] {
  const bits = isBitTable(table);
  const maxLength = bits ? limits.maxBits : limits.maxRegisters;
  const maxGap = bits ? limits.maxGap * 16 : limits.maxGap;
  const blocks: { table: Table; start: number; length: number; spans: S[] }[] = [];
  for (const span of inOrder(spans)) {
    const block = blocks.at(-1);
    const end = block ? block.start + block.length : 0;
    const joins =
      block !== undefined &&
      !limits.cuts.has(span.tag) &&
      span.start - end <= maxGap &&
      Math.max(end, span.start + span.length) - block.start <= maxLength;
    if (joins) {
      block.length = Math.max(end, span.start + span.length) - block.start;
      block.spans.push(span);
    } else {
      blocks.push({ table, start: span.start, length: span.length, spans: [span] });
    }
  }
  return blocks;
}

/** Both halves of a block that was refused; undefined where one point is left. */
export function halve<S extends Span>(block: Block<S>): readonly [Block<S>, Block<S>] | undefined {
  if (block.spans.length < 2) return undefined;
  const middle = Math.ceil(block.spans.length / 2);
  return [around(block.table, block.spans.slice(0, middle)), around(block.table, block.spans.slice(middle))];
}

function around<S extends Span>(table: Table, spans: readonly S[]): Block<S> {
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.start + span.length));
  return { table, start, length: end - start, spans };
}

function inOrder<S extends Span>(spans: readonly S[]): S[] {
  return spans.toSorted((a, b) => a.start - b.start || a.length - b.length || (a.tag < b.tag ? -1 : 1));
}
