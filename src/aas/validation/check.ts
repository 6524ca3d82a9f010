import { nearestWord } from "../../core/nearest-word.ts";
import { at, type Report, shown } from "./report.ts";

/** Judges one value; says what is wrong and where. */
export type Check = (value: unknown, pointer: string, report: Report) => void;

export interface Field {
  readonly check: Check;
  readonly required: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

export type JsonObject = Readonly<Record<string, unknown>>;

export const needed = (check: Check): Field => ({ check, required: true });
export const optional = (check: Check): Field => ({ check, required: false });

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** AASd-130: the characters that XML 1.0 can carry, so that every format can. */
const xmlText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** A string of a length, in characters of UTF-16 as the schemas count, and of a form. */
export function text(
  min: number,
  max: number,
  form?: { readonly grammar: { test(value: string): boolean }; readonly expected: string; readonly rule?: string },
): Check {
  return (value, pointer, report) => {
    if (typeof value !== "string") return report.add(pointer, `${shown(value)} is no string`, "a string");
    if (!xmlText.test(value)) {
      report.add(
        pointer,
        `${shown(value)} holds characters that XML cannot carry`,
        "no control characters",
        "AASd-130",
      );
    }
    if (value.length < min || value.length > max) {
      const expected = max === Number.POSITIVE_INFINITY ? `at least ${min} characters` : `${min} to ${max} characters`;
      return report.add(pointer, `has ${value.length} characters`, expected);
    }
    if (form !== undefined && !form.grammar.test(value)) {
      report.add(pointer, `${shown(value)} has not the form that it needs`, form.expected, form.rule);
    }
  };
}

export function oneOf(values: readonly string[]): Check {
  return (value, pointer, report) => {
    if (typeof value === "string" && values.includes(value)) return;
    report.add(pointer, `${shown(value)} is none of the values of this enumeration`, () => oneOfText(value, values));
  };
}

export const bool: Check = (value, pointer, report) => {
  if (typeof value !== "boolean") report.add(pointer, `${shown(value)} is no boolean`, "true or false");
};

/** An array of at least one item: the metamodel leaves out what is empty. */
export function list(item: Check): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) return report.add(pointer, `${shown(value)} is no array`, "an array");
    if (value.length === 0) return report.add(pointer, "the array is empty", "at least one item, or no such member");
    for (const [index, entry] of value.entries()) item(entry, at(pointer, index), report);
  };
}

/** An object with exactly these members; `invariants` see it once its members have been judged. */
export function object(what: string, fields: Fields, ...invariants: readonly Invariant[]): Check {
  const members: Members = {
    checks: new Map(Object.entries(fields).map(([name, { check }]) => [name, check])),
    required: Object.keys(fields).filter((name) => fields[name]?.required === true),
  };
  return (value, pointer, report) => {
    if (!isObject(value)) return report.add(pointer, `${shown(value)} is no ${what}`, `a JSON object (${what})`);
    checkMembers(what, value, members, pointer, report);
    for (const invariant of invariants) invariant(value, pointer, report);
  };
}

/** A rule over several members of one object. */
export type Invariant = (value: JsonObject, pointer: string, report: Report) => void;

/** Fields, as every object is judged by them: looked up once a shape, not once a value. */
interface Members {
  readonly checks: ReadonlyMap<string, Check>;
  readonly required: readonly string[];
}

function checkMembers(what: string, value: JsonObject, members: Members, pointer: string, report: Report): void {
  const { checks, required } = members;
  for (const key of Object.keys(value)) {
    const check = checks.get(key);
    if (check !== undefined) check(value[key], at(pointer, key), report);
    else
      report.add(at(pointer, key), `${what} has no member "${key.slice(0, 80)}"`, () =>
        oneOfText(key, [...checks.keys()]),
      );
  }
  for (const name of required) {
    if (!Object.hasOwn(value, name)) {
      report.add(pointer, `the member "${name}" of ${what} is missing`, `"${name}"`);
    }
  }
}

function oneOfText(value: unknown, words: readonly string[]): string {
  const near = typeof value === "string" ? nearestWord(value, words) : undefined;
  const all = `one of ${words.join(", ")}`;
  return near === undefined ? all : `"${near}"? (${all})`;
}
