import { constants, crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { HubError } from "../../core/errors.ts";
import type { HistoryBlock } from "./history-block.ts";

const FORMAT_PLAIN = 0;
const FORMAT_ZSTD = 1;
/** Below it, compressing costs more than it saves. */
const COMPRESS_ROWS = 16;
const LARGEST = 256 * 1024 * 1024;
const FLOAT_COLUMNS = ["num", "at", "receivedAt", "modifiedAt", "instance"] as const;
const FLOAT_BYTES = FLOAT_COLUMNS.length * 8;
const PREAMBLE = 16;
const zstdFast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

interface Sparse {
  /** Columns that hold differences: times and instances repeat in steps, which compresses well. */
  readonly deltas: readonly number[];
  readonly texts: readonly (readonly [number, string])[];
  readonly codes: readonly (readonly [number, string])[];
  /** Absent where no row was amended. */
  readonly created?: readonly (readonly [number, number])[];
}

export interface HistoryBlob {
  readonly body: Uint8Array;
  readonly checksum: number;
}

/** One blob: format, lengths, sparse texts as JSON, then the columns, the widest first so that each is aligned. */
export function encodeHistory(block: HistoryBlock): HistoryBlob {
  const { count } = block;
  const columns = FLOAT_COLUMNS.map((name) => (name === "num" ? undefined : differences(block[name])));
  const sparse: Sparse = {
    deltas: columns.flatMap((column, index) => (column === undefined ? [] : [index])),
    texts: [...block.texts],
    codes: [...block.codes],
    ...(block.created.size === 0 ? {} : { created: [...block.created] }),
  };
  const header = Buffer.from(JSON.stringify(sparse));
  const start = aligned(PREAMBLE + header.length);
  const bytes = new Uint8Array(start + count * (FLOAT_BYTES + 5));
  new Uint32Array(bytes.buffer, 0, 2).set([count, header.length]);
  bytes.set(header, PREAMBLE);
  let offset = start;
  for (const [index, name] of FLOAT_COLUMNS.entries()) {
    new Float64Array(bytes.buffer, offset, count).set(columns[index] ?? block[name]);
    offset += count * 8;
  }
  new Uint32Array(bytes.buffer, offset, count).set(block.series);
  bytes.set(block.meta, offset + count * 4);
  const packed = count < COMPRESS_ROWS ? bytes : zstdCompressSync(bytes, zstdFast);
  const body = new Uint8Array(packed.length + 1);
  body[0] = packed === bytes ? FORMAT_PLAIN : FORMAT_ZSTD;
  body.set(packed, 1);
  return { body, checksum: crc32(body) };
}

/** `store-corrupt` when the blob is not what was written. */
export function decodeHistory(body: Uint8Array, checksum: number): HistoryBlock {
  return decodeColumns(unpack(body, checksum));
}

/** The same, but nothing, and at less cost, where the block has no row of this series. */
export function decodeHistoryOf(series: number, body: Uint8Array, checksum: number): HistoryBlock | undefined {
  const bytes = unpack(body, checksum);
  return seriesColumn(bytes).includes(series) ? decodeColumns(bytes) : undefined;
}

/** The columns' bytes, aligned. */
function unpack(body: Uint8Array, checksum: number): Uint8Array<ArrayBuffer> {
  if (crc32(body) !== checksum) throw new HubError("store-corrupt", "a block of history is damaged");
  if (body[0] !== FORMAT_ZSTD) return new Uint8Array(body.subarray(1));
  const bytes = zstdDecompressSync(body.subarray(1), { maxOutputLength: LARGEST });
  // A decompressed buffer may lie anywhere in a pool.
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}

function layout({ buffer, byteOffset }: Uint8Array<ArrayBuffer>) {
  const [count = 0, headerLength = 0] = new Uint32Array(buffer, byteOffset, 2);
  const floats = byteOffset + aligned(PREAMBLE + headerLength);
  return { buffer, count, header: byteOffset + PREAMBLE, headerLength, floats, series: floats + count * FLOAT_BYTES };
}

function seriesColumn(bytes: Uint8Array<ArrayBuffer>): Uint32Array {
  const { buffer, series, count } = layout(bytes);
  return new Uint32Array(buffer, series, count);
}

function decodeColumns(bytes: Uint8Array<ArrayBuffer>): HistoryBlock {
  const { buffer, count, header, headerLength, floats, series } = layout(bytes);
  const sparse = JSON.parse(Buffer.from(buffer, header, headerLength).toString()) as Sparse;
  const [num, at, receivedAt, modifiedAt, instance] = FLOAT_COLUMNS.map((_, index) => {
    const column = new Float64Array(buffer, floats + index * count * 8, count);
    if (sparse.deltas.includes(index)) accumulate(column);
    return column;
  }) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const meta = new Uint8Array(buffer, series + count * 4, count);
  const texts = new Map(sparse.texts);
  const codes = new Map(sparse.codes);
  const created = new Map(sparse.created);
  return { count, series: seriesColumn(bytes), meta, num, at, receivedAt, modifiedAt, instance, texts, codes, created };
}

const aligned = (offset: number): number => (offset + 7) & ~7;

/** Undefined where a difference would not be exact. */
function differences(column: Float64Array): Float64Array | undefined {
  const result = new Float64Array(column.length);
  let last = 0;
  for (let index = 0; index < column.length; index++) {
    const value = column[index] ?? 0;
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return undefined;
    result[index] = value - last;
    last = value;
  }
  return result;
}

function accumulate(column: Float64Array): void {
  let last = 0;
  for (let index = 0; index < column.length; index++) {
    last += column[index] ?? 0;
    column[index] = last;
  }
}
