import type { DataValue, Variant } from "node-opcua-client";
import type { Reading } from "../../core/reading.ts";
import type { Value } from "../../core/value.ts";
import { codeName, qualityOf } from "./status.ts";

/** Numbers of OPC 10000-6, 5.1.2. */
export const BuiltIn = {
  Null: 0,
  Boolean: 1,
  SByte: 2,
  Byte: 3,
  Int16: 4,
  UInt16: 5,
  Int32: 6,
  UInt32: 7,
  Int64: 8,
  UInt64: 9,
  Float: 10,
  Double: 11,
  String: 12,
  DateTime: 13,
  Guid: 14,
  ByteString: 15,
  XmlElement: 16,
  NodeId: 17,
  ExpandedNodeId: 18,
  StatusCode: 19,
  QualifiedName: 20,
  LocalizedText: 21,
  ExtensionObject: 22,
  DataValue: 23,
  Variant: 24,
  DiagnosticInfo: 25,
} as const;

/** Structures nest deeper only by mistake. */
const MAX_DEPTH = 16;

export function toReading(source: string, tag: string, data: DataValue, now: number): Reading {
  const code = codeName(data.statusCode);
  const sourceTime = (data.sourceTimestamp ?? data.serverTimestamp)?.getTime();
  // A server may declare a million dimensions of one element each: nobody could walk what that makes.
  if ((data.value?.dimensions?.length ?? 0) > MAX_DEPTH) {
    return { source, tag, value: null, quality: "bad", code: "BadEncodingLimitsExceeded", receivedTime: now };
  }
  return {
    source,
    tag,
    value: decodeVariant(data.value),
    quality: qualityOf(data.statusCode),
    ...(code !== undefined && { code }),
    ...(sourceTime !== undefined && Number.isFinite(sourceTime) && { sourceTime }),
    receivedTime: now,
  };
}

export function decodeVariant(variant: Variant | null | undefined, depth = 0): Value {
  if (variant === null || variant === undefined || variant.value === null || variant.value === undefined) return null;
  if (depth > MAX_DEPTH) return null;
  const type: number = variant.dataType;
  if (variant.arrayType === 0) return decodeScalar(type, variant.value, depth);
  const flat = Array.from(variant.value as ArrayLike<unknown>, (element) => decodeScalar(type, element, depth));
  return variant.arrayType === 2 ? nest(flat, variant.dimensions ?? []) : flat;
}

function decodeScalar(type: number, value: unknown, depth: number): Value {
  if (value === null || value === undefined) return null;
  switch (type) {
    case BuiltIn.Boolean:
      return value === true;
    case BuiltIn.Int64:
      return decode64(value as readonly [number, number], true);
    case BuiltIn.UInt64:
      return decode64(value as readonly [number, number], false);
    case BuiltIn.ByteString:
      return Buffer.from(value as Uint8Array).toString("base64");
    case BuiltIn.Variant:
      return decodeVariant(value as Variant, depth + 1);
    case BuiltIn.DataValue:
      return decodeVariant((value as DataValue).value, depth + 1);
    default:
      return plain(value, depth);
  }
}

/** [upper, lower] 32 bits, as the library has them. */
function decode64([upper, lower]: readonly [number, number], signed: boolean): number | bigint {
  const bits = (BigInt(upper >>> 0) << 32n) | BigInt(lower >>> 0);
  const exact = signed ? BigInt.asIntN(64, bits) : bits;
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
}

/** Row by row (OPC 10000-6, 5.2.2.16): the last dimension runs fastest. */
function nest(flat: readonly Value[], dimensions: readonly number[]): Value {
  if (dimensions.length > MAX_DEPTH) return flat;
  let rows: readonly Value[] = flat;
  for (const size of dimensions.slice(1).reverse()) {
    if (size <= 0) return flat;
    rows = Array.from({ length: Math.ceil(rows.length / size) }, (_, row) => rows.slice(row * size, (row + 1) * size));
  }
  return rows;
}

/** Everything that is no number: texts as texts, structures as plain objects. */
function plain(value: unknown, depth: number): Value {
  if (value === null || value === undefined || depth > MAX_DEPTH) return null;
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Date) return Number.isFinite(value.getTime()) ? value.toISOString() : null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map((element) => plain(element, depth + 1));
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (typeof value !== "object") return null;
  return object(value, depth);
}

function object(value: object, depth: number): Value {
  // LocalizedText, QualifiedName, Variant, StatusCode and NodeId, told apart by their members: the library's classes
  // are not loaded here.
  if ("text" in value && "locale" in value) return plain(value.text, depth + 1);
  if ("namespaceIndex" in value && "name" in value) return plain(value.name, depth + 1);
  if ("dataType" in value && "arrayType" in value) return decodeVariant(value as unknown as Variant, depth + 1);
  if ("identifierType" in value) return String(value);
  if ("description" in value && "name" in value && "value" in value) return plain(value.name, depth + 1);
  const members = Object.entries(value).filter(([name, member]) => name !== "schema" && typeof member !== "function");
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member, depth + 1)]));
}
