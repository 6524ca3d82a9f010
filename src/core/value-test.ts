import type { Operand, ValueTest } from "./filter.ts";
import type { GeometryPort } from "./geometry.ts";
import { isRawNumber } from "./raw-number.ts";

/** Whether a value passes; `isSet`: the value is an array of alternatives, each a value of its own. */
export type CompiledTest = (value: unknown, isSet: boolean) => boolean;

/** What tests of values need of libraries. */
export interface TestPorts {
  /** Tells whether a pattern of RE2 is found in a text. Throws HubError `invalid` for what is no pattern. */
  readonly pattern: (pattern: string) => (text: string) => boolean;
  readonly geometries: GeometryPort;
}

/** Throws HubError `invalid` for a pattern that RE2 does not know. */
export function compileTest(test: ValueTest, ports: TestPorts): CompiledTest {
  switch (test.kind) {
    case "there":
      return () => true;
    case "equal": {
      const { any, not } = test;
      return (value) => items(value).some((item) => any.some((operand) => compare(item, operand) === 0)) !== not;
    }
    case "within": {
      const { from, to, not } = test;
      const isWithin = (item: unknown): boolean => (compare(item, from) ?? -1) >= 0 && (compare(item, to) ?? 1) <= 0;
      return (value) => items(value).some(isWithin) !== not;
    }
    case "order": {
      const { operator, than } = test;
      return (value, isSet) => alternatives(value, isSet).some((item) => isOrdered(compare(item, than), operator));
    }
    case "match": {
      const { pattern, not } = test;
      const isFound = ports.pattern(pattern);
      return (value, isSet) =>
        alternatives(value, isSet).some((item) => typeof item === "string" && isFound(item) !== not);
    }
    case "geometry": {
      const passes = ports.geometries.compile(test);
      return (value) => passes(value);
    }
  }
}

/** An array equals what it includes, and what it is: one value for a comparison of a whole. */
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const alternatives = (value: unknown, isSet: boolean): readonly unknown[] =>
  isSet && Array.isArray(value) ? value : [value];

function isOrdered(order: number | undefined, operator: ">" | ">=" | "<" | "<="): boolean {
  if (order === undefined) return false;
  if (order === 0) return operator === ">=" || operator === "<=";
  return order > 0 ? operator.startsWith(">") : operator.startsWith("<");
}

/** What a JSON-LD typed value (`{"@type": …, "@value": …}`) holds, an integer beyond 2^53 exactly; else the value itself. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isRawNumber(value)) return /^-?\d+$/.test(value.rawJSON) ? BigInt(value.rawJSON) : Number(value.rawJSON);
  return Object.hasOwn(value, "@value") ? plain((value as { readonly "@value": unknown })["@value"]) : value;
}

/** Below, equal or above zero; undefined for values of another type. Texts by code units. */
function compare(given: unknown, operand: Operand): number | undefined {
  const value = plain(given);
  switch (operand.type) {
    case "number":
      return typeof value === "number" || typeof value === "bigint" ? signOf(value, operand.value) : undefined;
    case "boolean":
      return typeof value === "boolean" ? signOf(value, operand.value) : undefined;
    case "string":
      return typeof value === "string" ? signOf(value, operand.value) : undefined;
    case "time": {
      const found = typeof value === "string" ? timeOf(value) : undefined;
      const wanted = timeOf(operand.value);
      return found === undefined || wanted === undefined || found.form !== wanted.form
        ? undefined
        : signOf(found.at, wanted.at);
    }
  }
}

/** A bigint and a double are compared by what they stand for; NaN is neither equal nor ordered. */
function signOf<T extends number | bigint | boolean | string>(
  value: T | number,
  wanted: T | number,
): number | undefined {
  if (value < wanted) return -1;
  if (value > wanted) return 1;
  return Number.isNaN(value) ? undefined : 0;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?Z$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?Z$/;

/** What a text says as a time, in ms, in ISO 8601 with all its components and `Z`: a date and a time of a day are no moments. */
export function timeOf(text: string): { readonly form: "moment" | "date" | "time"; readonly at: number } | undefined {
  const form = MOMENT.test(text) ? "moment" : DATE.test(text) ? "date" : TIME.test(text) ? "time" : undefined;
  if (form === undefined) return undefined;
  const at = Date.parse((form === "time" ? `1970-01-01T${text}` : text).replace(",", "."));
  return Number.isNaN(at) ? undefined : { form, at };
}
