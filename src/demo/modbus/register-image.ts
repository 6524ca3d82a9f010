import type { MeterReading } from "../model/energy-meter.ts";
import { type Register, registerMap, wordCount } from "./register-map.ts";

/** The registers of one space as bytes, and which of them exist: a read that touches a gap is refused. */
export interface RegisterImage {
  /** The registers' bytes, or undefined where one of them does not exist. */
  read(address: number, count: number): Buffer | undefined;
}

export function makeImage(space: Register["space"], meter: MeterReading): RegisterImage {
  const entries = registerMap.filter((entry) => entry.space === space);
  const words = new Map<number, Buffer>();
  for (const entry of entries) {
    encode(entry, meter).forEach((word, offset) => {
      words.set(entry.address + offset, word);
    });
  }
  return {
    read(address, count) {
      const wanted = Array.from({ length: count }, (_, offset) => words.get(address + offset));
      return wanted.every((word) => word !== undefined) ? Buffer.concat(wanted) : undefined;
    },
  };
}

/** The words of one value in the order of their addresses. */
function encode(entry: Register, meter: MeterReading): Buffer[] {
  const bytes = Buffer.alloc(2 * wordCount(entry.type));
  writeValue(bytes, entry, entry.value(meter) / entry.scale);
  const words = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.subarray(2 * i, 2 * i + 2));
  return entry.wordOrder === "low-first" ? words.reverse() : words;
}

function writeValue(bytes: Buffer, { type }: Register, raw: number): void {
  switch (type) {
    case "uint16":
      return void bytes.writeUInt16BE(within(raw, 0, 0xffff));
    case "int16":
      return void bytes.writeInt16BE(within(raw, -0x8000, 0x7fff));
    case "uint32":
      return void bytes.writeUInt32BE(within(raw, 0, 0xffff_ffff));
    case "int32":
      return void bytes.writeInt32BE(within(raw, -0x8000_0000, 0x7fff_ffff));
    case "int64":
      return void bytes.writeBigInt64BE(BigInt(Math.round(raw)));
    case "float32":
      return void bytes.writeFloatBE(raw);
    case "float64":
      return void bytes.writeDoubleBE(raw);
  }
}

/** Whole numbers only, and at the end of the range rather than wrapped. */
function within(raw: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Math.round(raw)));
}
