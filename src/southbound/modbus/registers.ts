import { HubError } from "../../core/errors.ts";
import type { Value } from "../../core/value.ts";
import { type ModbusAddress, type NumberType, octets } from "./point-address.ts";

/** Registers as they came, high octet first, to the value. 64-bit integers beyond 2^53 are bigint, NaN stays NaN. */
export function decodeRegisters(raw: Buffer, address: ModbusAddress): Value {
  const { type } = address;
  const bytes = reorder(raw, address);
  if (type === "bool") return ((bytes.readUInt16BE(0) >> (address.bit ?? 0)) & 1) === 1;
  if (type === "string") {
    const text = bytes.toString("utf8", 0, address.length);
    const end = text.indexOf("\0");
    return (end < 0 ? text : text.slice(0, end)).trimEnd();
  }
  return scaled(readNumber(bytes, type), address);
}

/** The value to registers, high octet first. Throws HubError `invalid` where it does not fit. */
export function encodeRegisters(value: Value, address: ModbusAddress): Buffer {
  const { type } = address;
  if (type === "bool") throw new HubError("invalid", "one bit of a register cannot be written");
  if (type === "string") return reorder(encodeText(value, address.length), address);
  const bytes = Buffer.alloc(octets[type]);
  writeNumber(bytes, type, unscaled(value, address));
  return reorder(bytes, address);
}

/** Between the wire's order and big endian; its own inverse. Strings have no words to swap. */
function reorder(bytes: Buffer, address: ModbusAddress): Buffer {
  const result = Buffer.from(bytes);
  if (address.byteOrder === "little") result.swap16();
  if (address.wordOrder === "little" && address.type !== "string") {
    const words: Buffer[] = [];
    for (let at = result.length - 2; at >= 0; at -= 2) words.push(result.subarray(at, at + 2));
    return Buffer.concat(words);
  }
  return result;
}

function readNumber(bytes: Buffer, type: NumberType): number | bigint {
  switch (type) {
    case "int16":
      return bytes.readInt16BE();
    case "uint16":
      return bytes.readUInt16BE();
    case "int32":
      return bytes.readInt32BE();
    case "uint32":
      return bytes.readUInt32BE();
    case "int64":
      return narrow(bytes.readBigInt64BE());
    case "uint64":
      return narrow(bytes.readBigUInt64BE());
    case "float32":
      return bytes.readFloatBE();
    case "float64":
      return bytes.readDoubleBE();
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function scaled(raw: number | bigint, { scale, offset }: ModbusAddress): number | bigint {
  if (scale === 1 && offset === 0) return raw;
  return multiply(Number(raw), scale) + offset;
}

/** 3 × 0.1 is 0.30000000000000004, 3 ÷ 10 is 0.3: devices scale by powers of ten, so the reciprocal is divided by. */
function multiply(value: number, scale: number): number {
  const reciprocal = Math.round(1 / scale);
  return Math.abs(scale) < 1 && 1 / reciprocal === scale ? value / reciprocal : value * scale;
}

function unscaled(value: Value, { scale, offset }: ModbusAddress): number | bigint {
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw new HubError("invalid", `the register takes a number, not ${value === null ? "null" : typeof value}`);
  }
  if (scale === 1 && offset === 0) return value;
  return multiply(Number(value) - offset, 1 / scale);
}

function writeNumber(bytes: Buffer, type: NumberType, value: number | bigint): void {
  if (type === "float64") {
    bytes.writeDoubleBE(Number(value));
  } else if (type === "float32") {
    const number = Number(value);
    if (Number.isFinite(number) && !Number.isFinite(Math.fround(number))) throw outOfRange(value, type);
    bytes.writeFloatBE(number);
  } else {
    writeInteger(bytes, type, value);
  }
}

function writeInteger(bytes: Buffer, type: NumberType, value: number | bigint): void {
  if (typeof value === "number" && !Number.isFinite(value)) throw outOfRange(value, type);
  const whole = typeof value === "bigint" ? value : BigInt(Math.round(value));
  const bits = bytes.length * 8;
  const signed = type.startsWith("int");
  if ((signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole)) !== whole) throw outOfRange(whole, type);
  const unsigned = BigInt.asUintN(bits, whole);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes.writeUInt8(Number((unsigned >> BigInt(bits - 8 * (at + 1))) & 0xffn), at);
  }
}

function outOfRange(value: number | bigint, type: NumberType): HubError {
  return new HubError("invalid", `${value} does not fit into ${type}`);
}

function encodeText(value: Value, length: number): Buffer {
  if (typeof value !== "string") throw new HubError("invalid", `the registers take a string, not ${typeof value}`);
  const text = Buffer.from(value, "utf8");
  if (text.length > length)
    throw new HubError("invalid", `the text has ${text.length} octets, there is room for ${length}`);
  const bytes = Buffer.alloc(Math.ceil(length / 2) * 2);
  text.copy(bytes);
  return bytes;
}
