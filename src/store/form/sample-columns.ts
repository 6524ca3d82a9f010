import { HubError } from "../../core/errors.ts";
import type { Quality } from "../../core/quality.ts";
import type { Sample } from "../series-contract.ts";
import { checkText } from "./text-check.ts";
import { encodeValue } from "./value-codec.ts";

export const sampleFlag = { live: 1, record: 2, deleted: 4, unobserved: 8 } as const;
const qualities: readonly Quality[] = ["good", "uncertain", "bad"];

export const qualityNumber = (quality: Quality): number => qualities.indexOf(quality);
export const qualityOf = (number: number): Quality => qualities[number] ?? "bad";

/** Samples by column, so that many of them cross to another thread, or into one blob, as a few typed arrays. */
export interface SampleColumns {
  readonly count: number;
  readonly series: Uint32Array<ArrayBuffer>;
  readonly flags: Uint8Array<ArrayBuffer>;
  readonly quality: Uint8Array<ArrayBuffer>;
  readonly kind: Uint8Array<ArrayBuffer>;
  readonly num: Float64Array<ArrayBuffer>;
  readonly at: Float64Array<ArrayBuffer>;
  readonly receivedAt: Float64Array<ArrayBuffer>;
  /** Where a sample has text: its index, and the text at the same place of `texts`. Ascending. */
  readonly textIndex: readonly number[];
  readonly texts: readonly string[];
  /** Where a sample has a status code: its index, and the code's number in `codes`. Ascending. */
  readonly codeIndex: readonly number[];
  readonly codeNumber: readonly number[];
  readonly codes: readonly string[];
}

interface Columns {
  series: Uint32Array<ArrayBuffer>;
  flags: Uint8Array<ArrayBuffer>;
  quality: Uint8Array<ArrayBuffer>;
  kind: Uint8Array<ArrayBuffer>;
  num: Float64Array<ArrayBuffer>;
  at: Float64Array<ArrayBuffer>;
  receivedAt: Float64Array<ArrayBuffer>;
}

/** Bytes of one sample in all columns. */
const ROW_BYTES = 3 * 8 + 4 + 3;

/** Columns in one buffer, which crosses threads at the cost of one; the widest first, so that each is aligned. */
function makeColumns(size: number): Columns {
  const buffer = new ArrayBuffer(size * ROW_BYTES);
  return {
    num: new Float64Array(buffer, 0, size),
    at: new Float64Array(buffer, size * 8, size),
    receivedAt: new Float64Array(buffer, size * 16, size),
    series: new Uint32Array(buffer, size * 24, size),
    flags: new Uint8Array(buffer, size * 28, size),
    quality: new Uint8Array(buffer, size * 29, size),
    kind: new Uint8Array(buffer, size * 30, size),
  };
}

const noColumns = makeColumns(0);

/** Collects samples of one group commit. Columns are made with the first one: most commits of documents have none. */
export class SampleCollector {
  #columns = noColumns;
  readonly #firstSize: number;
  #size = 0;
  #count = 0;
  readonly #textIndex: number[] = [];
  readonly #texts: string[] = [];
  readonly #codeIndex: number[] = [];
  readonly #codeNumber: number[] = [];
  readonly #codes = new Map<string, number>();

  constructor(size = 64) {
    this.#firstSize = size;
  }

  get count(): number {
    return this.#count;
  }

  /** Throws `invalid` for text that cannot be kept; then nothing is added. */
  add(sample: Sample): void {
    const value = encodeValue(sample.value);
    if (sample.code !== undefined) checkText(sample.code, "code");
    checkTime(sample.at, "at");
    checkTime(sample.receivedAt, "receivedAt");
    const index = this.#count;
    if (index === this.#size) this.#grow();
    const columns = this.#columns;
    columns.series[index] = sample.series;
    columns.flags[index] =
      (sample.live ? sampleFlag.live : 0) |
      (sample.record ? sampleFlag.record : 0) |
      (sample.deleted ? sampleFlag.deleted : 0) |
      (sample.unobserved ? sampleFlag.unobserved : 0);
    columns.quality[index] = qualityNumber(sample.quality);
    columns.kind[index] = value.kind;
    columns.num[index] = value.num;
    columns.at[index] = sample.at;
    columns.receivedAt[index] = sample.receivedAt;
    if (value.text !== "") {
      this.#textIndex.push(index);
      this.#texts.push(value.text);
    }
    if (sample.code !== undefined) {
      this.#codeIndex.push(index);
      this.#codeNumber.push(this.#numberOf(sample.code));
    }
    this.#count = index + 1;
  }

  /** Takes back what was added since `count` was this. */
  truncate(count: number): void {
    this.#count = count;
    while ((this.#textIndex.at(-1) ?? -1) >= count) {
      this.#textIndex.pop();
      this.#texts.pop();
    }
    while ((this.#codeIndex.at(-1) ?? -1) >= count) {
      this.#codeIndex.pop();
      this.#codeNumber.pop();
    }
  }

  finish(): SampleColumns {
    return {
      count: this.#count,
      ...this.#columns,
      textIndex: this.#textIndex,
      texts: this.#texts,
      codeIndex: this.#codeIndex,
      codeNumber: this.#codeNumber,
      codes: [...this.#codes.keys()],
    };
  }

  #numberOf(code: string): number {
    const known = this.#codes.get(code);
    if (known !== undefined) return known;
    const number = this.#codes.size;
    this.#codes.set(code, number);
    return number;
  }

  #grow(): void {
    const old = this.#columns;
    this.#size = Math.max(this.#firstSize, this.#size * 2);
    const wide = makeColumns(this.#size);
    for (const name of Object.keys(wide) as (keyof Columns)[]) wide[name].set(old[name]);
    this.#columns = wide;
  }
}

export const noSamples: SampleColumns = new SampleCollector().finish();

function checkTime(time: number, name: string): void {
  if (Number.isFinite(time)) return;
  throw new HubError("invalid", `a sample's ${name} is ${time}, not a time in milliseconds`);
}

/** The buffer to hand over with a message. */
export function bufferOf(columns: SampleColumns): ArrayBuffer {
  return columns.num.buffer;
}
