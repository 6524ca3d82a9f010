import { rawNumber } from "../../core/raw-number.ts";
import { JsonNumber } from "../json/exact-json.ts";
import type { XsdType } from "../metamodel/literals.ts";
import { isFloatType, isNumericType } from "../xsd/xsd-type.ts";

const jsonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * A lexical value as the JSON value of ValueOnly: numbers keep all their digits. What JSON has no number for (NaN, INF)
 * stays a string, which the schema of PropertyValue allows and `lexicalFromJson` takes back.
 */
export function jsonFromLexical(text: string, type: XsdType): unknown {
  if (type === "xs:boolean") return text === "true" || text === "1";
  if (!isNumericType(type)) return text;
  const plain = jsonNumber.test(text) ? text : withoutLexicalFreedom(text);
  return jsonNumber.test(plain) ? rawNumber(plain) : text;
}

/**
 * The lexical form of a ValueOnly JSON value, `undefined` where its JSON type is not the one that the XSD type maps to
 * (IDTA-01001 v3.1, data type to value mapping). Numbers come as `JsonNumber`; the lexical space is not checked here.
 */
export function lexicalFromJson(value: unknown, type: XsdType): string | undefined {
  if (type === "xs:boolean") return typeof value === "boolean" ? String(value) : undefined;
  if (!isNumericType(type)) return typeof value === "string" ? value : undefined;
  if (value instanceof JsonNumber) return isFloatType(type) ? value.source : integerText(value.source);
  return isFloatType(type) && typeof value === "string" && /^(?:-?INF|NaN)$/.test(value) ? value : undefined;
}

/** The JSON type that ValueOnly wants, for messages. */
export function jsonTypeName(type: XsdType): string {
  if (type === "xs:boolean") return "true or false";
  return isNumericType(type) ? "a JSON number" : "a JSON string";
}

/** `+5`, `007`, `.5` and `5.` are right in XSD and no JSON. */
function withoutLexicalFreedom(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = ""] =
    /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eE][+-]?[0-9]+)?$/.exec(text) ?? [];
  if (whole === "" && fraction === "" && !/[0-9]/.test(text)) return text;
  return `${sign === "-" ? "-" : ""}${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}${exponent}`;
}

/** `5.0` and `1e3` are integers in JSON's eyes; XSD's integers and decimals have no exponent. */
function integerText(source: string): string {
  if (!/[eE]/.test(source) && !/\.0+$/.test(source)) return source;
  const number = Number(source);
  return Number.isSafeInteger(number) ? String(number) : source;
}
