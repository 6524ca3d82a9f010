import type { ValueType } from "../../core/value.ts";
import type { XsdType } from "../metamodel/literals.ts";

/** Bounds of the integer types, inclusive; `undefined` where a type has none (XML Schema 1.0 part 2, 3.3). */
const integers: Readonly<Partial<Record<XsdType, { readonly min?: bigint; readonly max?: bigint }>>> = {
  "xs:byte": { min: -128n, max: 127n },
  "xs:short": { min: -32768n, max: 32767n },
  "xs:int": { min: -2147483648n, max: 2147483647n },
  "xs:long": { min: -(2n ** 63n), max: 2n ** 63n - 1n },
  "xs:integer": {},
  "xs:negativeInteger": { max: -1n },
  "xs:nonPositiveInteger": { max: 0n },
  "xs:nonNegativeInteger": { min: 0n },
  "xs:positiveInteger": { min: 1n },
  "xs:unsignedByte": { min: 0n, max: 255n },
  "xs:unsignedShort": { min: 0n, max: 65535n },
  "xs:unsignedInt": { min: 0n, max: 4294967295n },
  "xs:unsignedLong": { min: 0n, max: 2n ** 64n - 1n },
};

export function integerBounds(type: XsdType): { readonly min?: bigint; readonly max?: bigint } | undefined {
  return integers[type];
}

export function isFloatType(type: XsdType): boolean {
  return type === "xs:double" || type === "xs:float";
}

/** Types that ValueOnly writes as JSON numbers (IDTA-01001 v3.1, data type to value mapping). */
export function isNumericType(type: XsdType): boolean {
  return integers[type] !== undefined || isFloatType(type) || type === "xs:decimal";
}

/** The XSD types that show every value of a signal's type, the natural one first. */
const shownAs: Readonly<Record<Exclude<ValueType, "json">, readonly XsdType[]>> = {
  boolean: ["xs:boolean"],
  byte: ["xs:byte", "xs:short", "xs:int", "xs:long", "xs:integer", "xs:decimal", "xs:float", "xs:double"],
  short: ["xs:short", "xs:int", "xs:long", "xs:integer", "xs:decimal", "xs:float", "xs:double"],
  int: ["xs:int", "xs:long", "xs:integer", "xs:decimal", "xs:double"],
  long: ["xs:long", "xs:integer", "xs:decimal"],
  unsignedByte: [
    "xs:unsignedByte",
    "xs:unsignedShort",
    "xs:unsignedInt",
    "xs:unsignedLong",
    "xs:nonNegativeInteger",
    "xs:short",
    "xs:int",
    "xs:long",
    "xs:integer",
    "xs:decimal",
    "xs:float",
    "xs:double",
  ],
  unsignedShort: [
    "xs:unsignedShort",
    "xs:unsignedInt",
    "xs:unsignedLong",
    "xs:nonNegativeInteger",
    "xs:int",
    "xs:long",
    "xs:integer",
    "xs:decimal",
    "xs:float",
    "xs:double",
  ],
  unsignedInt: [
    "xs:unsignedInt",
    "xs:unsignedLong",
    "xs:nonNegativeInteger",
    "xs:long",
    "xs:integer",
    "xs:decimal",
    "xs:double",
  ],
  unsignedLong: ["xs:unsignedLong", "xs:nonNegativeInteger", "xs:integer", "xs:decimal"],
  integer: ["xs:integer", "xs:decimal"],
  float: ["xs:float", "xs:double"],
  double: ["xs:double"],
  decimal: ["xs:decimal"],
  string: ["xs:string"],
  dateTime: ["xs:dateTime", "xs:string"],
  date: ["xs:date", "xs:string"],
  duration: ["xs:duration", "xs:string"],
  anyURI: ["xs:anyURI", "xs:string"],
  base64Binary: ["xs:base64Binary", "xs:string"],
};

/** None for `json`: a Property holds one simple value. */
export function xsdTypesFor(type: ValueType): readonly XsdType[] {
  return type === "json" ? [] : shownAs[type];
}

/** The signal type that a Property of this XSD type shows, for links that name none themselves. */
export function valueTypeOf(type: XsdType): ValueType {
  const name = type.slice("xs:".length);
  if (Object.hasOwn(shownAs, name)) return name as ValueType;
  return integers[type] === undefined ? "string" : "integer";
}
