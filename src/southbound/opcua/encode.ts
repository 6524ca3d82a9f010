import { HubError } from "../../core/errors.ts";
import type { Value } from "../../core/value.ts";
import { BuiltIn } from "./decode.ts";

/** What the library makes a Variant of. */
export interface VariantParts {
  readonly dataType: number;
  /** 0: scalar, 1: array. */
  readonly arrayType: 0 | 1;
  readonly value: unknown;
}

const INTEGERS: Readonly<Record<number, readonly [low: bigint, high: bigint, name: string]>> = {
  [BuiltIn.SByte]: [-(2n ** 7n), 2n ** 7n - 1n, "SByte"],
  [BuiltIn.Byte]: [0n, 2n ** 8n - 1n, "Byte"],
  [BuiltIn.Int16]: [-(2n ** 15n), 2n ** 15n - 1n, "Int16"],
  [BuiltIn.UInt16]: [0n, 2n ** 16n - 1n, "UInt16"],
  [BuiltIn.Int32]: [-(2n ** 31n), 2n ** 31n - 1n, "Int32"],
  [BuiltIn.UInt32]: [0n, 2n ** 32n - 1n, "UInt32"],
  [BuiltIn.Int64]: [-(2n ** 63n), 2n ** 63n - 1n, "Int64"],
  [BuiltIn.UInt64]: [0n, 2n ** 64n - 1n, "UInt64"],
};

const FLOAT_MAX = 3.4028234663852886e38;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A value in the node's own built-in type. `invalid` where it does not fit: nothing is rounded or cut. */
export function encodeValue(value: Value, dataType: number): VariantParts {
  if (Array.isArray(value)) {
    return { dataType, arrayType: 1, value: value.map((element) => encodeScalar(element, dataType)) };
  }
  return { dataType, arrayType: 0, value: encodeScalar(value, dataType) };
}

function encodeScalar(value: Value, dataType: number): unknown {
  const integer = INTEGERS[dataType];
  if (integer !== undefined) return encodeInteger(value, dataType, ...integer);
  switch (dataType) {
    case BuiltIn.Boolean:
      if (typeof value === "boolean") return value;
      return wrong(value, "true or false");
    case BuiltIn.Float:
      return encodeFloat(value);
    case BuiltIn.Double:
      if (typeof value === "number") return value;
      if (typeof value === "bigint" && BigInt(Number(value)) === value) return Number(value);
      return wrong(value, "a number");
    case BuiltIn.String:
    case BuiltIn.XmlElement:
      return text(value);
    case BuiltIn.LocalizedText:
      return { text: text(value) };
    case BuiltIn.Guid:
      return GUID.test(text(value)) ? text(value) : wrong(value, "a GUID");
    case BuiltIn.DateTime:
      return encodeTime(value);
    case BuiltIn.ByteString:
      return encodeOctets(value);
    default:
      throw new HubError("unsupported", `values of the OPC UA built-in type ${dataType} cannot be written`);
  }
}

function encodeInteger(value: Value, dataType: number, low: bigint, high: bigint, name: string): unknown {
  if (typeof value !== "bigint" && !(typeof value === "number" && Number.isInteger(value))) {
    return wrong(value, `a whole number (${name})`);
  }
  const exact = BigInt(value);
  if (exact < low || exact > high) return wrong(value, `a whole number from ${low} to ${high} (${name})`);
  if (dataType !== BuiltIn.Int64 && dataType !== BuiltIn.UInt64) return Number(exact);
  const bits = BigInt.asUintN(64, exact);
  return [Number(bits >> 32n), Number(bits & 0xffffffffn)];
}

function encodeFloat(value: Value): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number") return wrong(value, "a number");
  if (Number.isFinite(number) && Math.abs(number) > FLOAT_MAX) return wrong(value, "a number that a Float holds");
  return number;
}

function encodeTime(value: Value): Date {
  const time = typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value) ? new Date(value) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) return wrong(value, "a time such as 2026-11-22T10:00:00Z");
  return time;
}

function encodeOctets(value: Value): Buffer {
  const octets = Buffer.from(text(value), "base64");
  if (octets.toString("base64").replaceAll("=", "") !== text(value).replaceAll("=", "")) return wrong(value, "base64");
  return octets;
}

function text(value: Value): string {
  return typeof value === "string" ? value : wrong(value, "a text");
}

function wrong(value: Value, expected: string): never {
  const shown = typeof value === "object" ? "a structure" : String(value).slice(0, 40);
  throw new HubError("invalid", `${shown} does not fit the node: expected ${expected}`);
}
