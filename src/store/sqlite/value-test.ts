import type { Operand, ValueTest } from "../../core/filter.ts";
import { compilePattern } from "./id-match.ts";

/** Whether a value passes; `isSet`: the value is an array of alternatives, each a value of its own. */
export type CompiledTest = (value: unknown, isSet: boolean) => boolean;

/** Throws HubError `invalid` for a pattern that RE2 does not know. */
export function compileTest(test: ValueTest): CompiledTest {
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
      const expression = compilePattern(pattern);
      return (value, isSet) =>
        alternatives(value, isSet).some((item) => typeof item === "string" && expression.test(item) !== not);
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

/** Below, equal or above zero; undefined for values of another type. Texts by code units. */
function compare(value: unknown, operand: Operand): number | undefined {
  switch (operand.type) {
    case "number":
      return typeof value === "number" || typeof value === "bigint" ? signOf(value, operand.value) : undefined;
    case "boolean":
      return typeof value === "boolean" ? signOf(value, operand.value) : undefined;
    case "string":
      return typeof value === "string" ? signOf(value, operand.value) : undefined;
    case "time": {
      const given = typeof value === "string" ? timeOf(value) : undefined;
      const wanted = timeOf(operand.value);
      return given === undefined || wanted === undefined || given.form !== wanted.form
        ? undefined
        : signOf(given.at, wanted.at);
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

const TIME_OF_DAY = /^T?\d{2}:\d{2}:\d{2}/;

/** A date and a time of a day are no moments: each is compared with its like. */
function timeOf(text: string): { readonly form: "moment" | "date" | "time"; readonly at: number } | undefined {
  const form = TIME_OF_DAY.test(text) ? "time" : text.includes("T") ? "moment" : "date";
  const at = Date.parse(form === "time" ? `1970-01-01T${text.replace(/^T/, "")}` : text.replace(",", "."));
  return Number.isNaN(at) ? undefined : { form, at };
}
