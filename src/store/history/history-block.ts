/** Rows of history by column: of many series in a segment, of one in a chunk. */
export interface HistoryBlock {
  readonly count: number;
  readonly series: Uint32Array;
  /** Kind of the value in the low four bits, then two of quality, one for `deleted`, one for `unobserved`. */
  readonly meta: Uint8Array;
  readonly num: Float64Array;
  readonly at: Float64Array;
  readonly receivedAt: Float64Array;
  readonly modifiedAt: Float64Array;
  /** Counts the rows of the store in order of their commit. */
  readonly instance: Float64Array;
  readonly texts: ReadonlyMap<number, string>;
  readonly codes: ReadonlyMap<number, string>;
  /** When rows were committed that were amended since. */
  readonly created: ReadonlyMap<number, number>;
}

/** One row, as it goes into a block. */
export interface BlockRow {
  readonly series: number;
  readonly meta: number;
  readonly num: number;
  readonly at: number;
  readonly receivedAt: number;
  readonly modifiedAt: number;
  readonly instance: number;
  readonly text: string | undefined;
  readonly code: string | undefined;
  readonly created: number | undefined;
}

export const metaOf = (kind: number, quality: number, deleted: boolean, unobserved = false): number =>
  kind | (quality << 4) | (deleted ? 64 : 0) | (unobserved ? 128 : 0);
export const kindOf = (meta: number): number => meta & 15;
export const qualityBits = (meta: number): number => (meta >> 4) & 3;
export const isDeleted = (meta: number): boolean => (meta & 64) !== 0;
export const isUnobserved = (meta: number): boolean => (meta & 128) !== 0;

/** When a row was first committed. */
export const createdAtOf = (block: HistoryBlock, row: number): number =>
  block.created.get(row) ?? block.modifiedAt[row] ?? 0;

export function rowOf(block: HistoryBlock, row: number): BlockRow {
  return {
    series: block.series[row] ?? 0,
    meta: block.meta[row] ?? 0,
    num: block.num[row] ?? 0,
    at: block.at[row] ?? 0,
    receivedAt: block.receivedAt[row] ?? 0,
    modifiedAt: block.modifiedAt[row] ?? 0,
    instance: block.instance[row] ?? 0,
    text: block.texts.get(row),
    code: block.codes.get(row),
    created: block.created.get(row),
  };
}

/** What is said about a block beside it, so that readers pass over it unread. */
export interface BlockExtent {
  readonly first: number;
  readonly last: number;
  readonly firstCreated: number;
  readonly lastModified: number;
}

export function extentOf(block: HistoryBlock): BlockExtent {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let firstCreated = Number.POSITIVE_INFINITY;
  let lastModified = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < block.count; row++) {
    const at = block.at[row] ?? 0;
    const modified = block.modifiedAt[row] ?? 0;
    if (at < first) first = at;
    if (at > last) last = at;
    if (modified < firstCreated) firstCreated = modified;
    if (modified > lastModified) lastModified = modified;
  }
  for (const created of block.created.values()) firstCreated = Math.min(firstCreated, created);
  return { first, last, firstCreated, lastModified };
}

/** Fills a block of a known greatest size. */
export class HistoryBlockBuilder {
  #count = 0;
  readonly #series: Uint32Array;
  readonly #meta: Uint8Array;
  readonly #num: Float64Array;
  readonly #at: Float64Array;
  readonly #receivedAt: Float64Array;
  readonly #modifiedAt: Float64Array;
  readonly #instance: Float64Array;
  readonly #texts = new Map<number, string>();
  readonly #codes = new Map<number, string>();
  readonly #created = new Map<number, number>();

  constructor(size: number) {
    this.#series = new Uint32Array(size);
    this.#meta = new Uint8Array(size);
    this.#num = new Float64Array(size);
    this.#at = new Float64Array(size);
    this.#receivedAt = new Float64Array(size);
    this.#modifiedAt = new Float64Array(size);
    this.#instance = new Float64Array(size);
  }

  get count(): number {
    return this.#count;
  }

  add(
    series: number,
    meta: number,
    num: number,
    at: number,
    receivedAt: number,
    modifiedAt: number,
    instance: number,
    text: string | undefined,
    code: string | undefined,
  ): void {
    const index = this.#count++;
    this.#series[index] = series;
    this.#meta[index] = meta;
    this.#num[index] = num;
    this.#at[index] = at;
    this.#receivedAt[index] = receivedAt;
    this.#modifiedAt[index] = modifiedAt;
    this.#instance[index] = instance;
    if (text !== undefined) this.#texts.set(index, text);
    if (code !== undefined) this.#codes.set(index, code);
  }

  addRow(row: BlockRow): void {
    const { series, meta, num, at, receivedAt, modifiedAt, instance, text, code, created } = row;
    if (created !== undefined) this.#created.set(this.#count, created);
    this.add(series, meta, num, at, receivedAt, modifiedAt, instance, text, code);
  }

  addFrom(block: HistoryBlock, row: number): void {
    const created = block.created.get(row);
    if (created !== undefined) this.#created.set(this.#count, created);
    this.add(
      block.series[row] ?? 0,
      block.meta[row] ?? 0,
      block.num[row] ?? 0,
      block.at[row] ?? 0,
      block.receivedAt[row] ?? 0,
      block.modifiedAt[row] ?? 0,
      block.instance[row] ?? 0,
      block.texts.get(row),
      block.codes.get(row),
    );
  }

  finish(): HistoryBlock {
    const count = this.#count;
    return {
      count,
      series: this.#series.subarray(0, count),
      meta: this.#meta.subarray(0, count),
      num: this.#num.subarray(0, count),
      at: this.#at.subarray(0, count),
      receivedAt: this.#receivedAt.subarray(0, count),
      modifiedAt: this.#modifiedAt.subarray(0, count),
      instance: this.#instance.subarray(0, count),
      texts: this.#texts,
      codes: this.#codes,
      created: this.#created,
    };
  }
}
