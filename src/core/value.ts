/**
 * A value on its way through the hub. 64-bit integers are `bigint` where they pass 2^53; NaN and infinities are legal
 * numbers here (what an end cannot show is decided by the link). Octets travel as base64 strings, times as ISO 8601.
 */
export type Value = null | boolean | number | bigint | string | readonly Value[] | { readonly [key: string]: Value };

/** The type of a link's signal, named after the XSD types that both standards build on; `json` is any structure. */
export const valueTypes = [
  "boolean",
  "byte",
  "short",
  "int",
  "long",
  "unsignedByte",
  "unsignedShort",
  "unsignedInt",
  "unsignedLong",
  "integer",
  "float",
  "double",
  "decimal",
  "string",
  "dateTime",
  "date",
  "duration",
  "anyURI",
  "base64Binary",
  "json",
] as const;

export type ValueType = (typeof valueTypes)[number];
