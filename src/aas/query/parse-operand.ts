import { type ComparisonSide, convertAll } from "../../core/comparison.ts";
import { type Conversion, convert, type TypedValue, type ValueTypeName } from "../../core/typed-value.ts";
import { isObject } from "../validation/check.ts";
import { at, type Report, shown } from "../validation/report.ts";
import { parseField, type QueryField, type Root } from "./query-field.ts";

/** One side of a comparison; `type` is what it surely is, `undefined` for a field as it stands. */
export interface Operand {
  readonly side: ComparisonSide<QueryField>;
  readonly type: ValueTypeName | undefined;
}

export interface OperandContext {
  readonly report: Report;
  /** The roots that fields can have in this query. */
  readonly roots: readonly Root[];
}

const casts: Readonly<Record<string, ValueTypeName>> = {
  $strCast: "string",
  $numCast: "number",
  $hexCast: "hex",
  $boolCast: "boolean",
  $dateTimeCast: "moment",
  $timeCast: "time",
};
const dateParts: Readonly<Record<string, Conversion>> = {
  $dayOfWeek: "day-of-week",
  $dayOfMonth: "day-of-month",
  $month: "month",
  $year: "year",
};

type Literal = (value: unknown) => TypedValue | undefined;

const text = (value: unknown): TypedValue => ({ type: "string", value: String(value) });

/** Each literal with what it has to look like (JSON schema of queries, and the grammar where that allows more). */
const literals: Readonly<Record<string, { readonly read: Literal; readonly expected: string }>> = {
  $strVal: {
    read: (value) => (typeof value === "string" && !value.startsWith("$") ? text(value) : undefined),
    expected: "a string that does not begin with $",
  },
  $numVal: {
    read: (value) => (typeof value === "number" ? { type: "number", value } : undefined),
    expected: "a JSON number",
  },
  $boolean: {
    read: (value) => (typeof value === "boolean" ? { type: "boolean", value } : undefined),
    expected: "true or false",
  },
  $hexVal: {
    read: (value) =>
      typeof value === "string" && /^16#[0-9A-F]{1,2000}$/.test(value) ? convert(text(value), "hex") : undefined,
    expected: "16# and digits 0-9, A-F",
  },
  $dateTimeVal: {
    read: (value) => (typeof value === "string" ? convert(text(value), "moment") : undefined),
    expected: "a time such as 2026-11-22T18:30:00Z",
  },
  $timeVal: {
    read: (value) => (typeof value === "string" ? convert(text(value), "time") : undefined),
    expected: "a time of day such as 18:30:00",
  },
};

const stringKeys = ["$field", "$strVal", "$strCast"] as const;
const valueKeys = ["$field", ...Object.keys(literals), ...Object.keys(casts), ...Object.keys(dateParts)];

/** @param only `string`: an operand of $contains, $starts-with, $ends-with or $regex */
export function parseOperand(
  json: unknown,
  pointer: string,
  context: OperandContext,
  only?: "string",
): Operand | undefined {
  const { report } = context;
  const entry = singleMember(json, pointer, report, only === "string" ? stringKeys : valueKeys);
  if (entry === undefined) return undefined;
  const [key, value] = entry;
  const place = at(pointer, key);
  if (key === "$field") return fieldOperand(value, place, context);
  const literal = literals[key];
  if (literal !== undefined) {
    const constant = literal.read(value);
    if (constant !== undefined) return { side: { kind: "constant", value: constant }, type: constant.type };
    report.add(place, `${shown(value)} is no ${key}`, literal.expected);
    return undefined;
  }
  const to = casts[key] ?? dateParts[key];
  if (to === undefined) return undefined;
  // The JSON schema has a literal in a date operator, the grammar any value that is a time.
  const inner = key in dateParts && typeof value === "string" ? { $dateTimeVal: value } : value;
  const operand = parseOperand(inner, place, context);
  return operand && converted(operand, to, place, context.report);
}

/** A date operator takes a field's text for a time, as its grammar casts it. */
function converted({ side, type }: Operand, to: Conversion, place: string, report: Report): Operand | undefined {
  const isPart = Object.values(dateParts).includes(to);
  const resultType: ValueTypeName = isPart ? "number" : (to as ValueTypeName);
  if (isPart && type !== undefined && type !== "moment") {
    report.add(place, `takes a time, not a ${type}`, "$dateTimeVal, $dateTimeCast or $field");
    return undefined;
  }
  const steps: readonly Conversion[] = isPart && type === undefined ? ["moment", to] : [to];
  if (side.kind === "field") return { side: { ...side, as: [...side.as, ...steps] }, type: resultType };
  const value = convertAll(side.value, steps);
  if (value !== undefined) return { side: { kind: "constant", value }, type: resultType };
  report.add(place, `the value cannot be cast to ${resultType}`, "a value in the form of that type");
  return undefined;
}

function fieldOperand(value: unknown, place: string, { report, roots }: OperandContext): Operand | undefined {
  if (typeof value !== "string") {
    report.add(place, `${shown(value)} is no field identifier`, "a text such as $sm#idShort");
    return undefined;
  }
  const parsed = parseField(value);
  if ("message" in parsed) {
    report.add(place, `${shown(value)}: ${parsed.message}`, parsed.expected, "FieldIdentifier");
    return undefined;
  }
  const { field } = parsed;
  if (!roots.includes(field.root)) {
    report.add(place, `${field.root} has no meaning in this query`, `fields of ${roots.join(", ")}`);
    return undefined;
  }
  return { side: { kind: "field", field, as: [] }, type: undefined };
}

/** The one member of an object that is a choice. */
export function singleMember(
  json: unknown,
  pointer: string,
  report: Report,
  known: readonly string[],
): readonly [key: string, value: unknown] | undefined {
  if (!isObject(json)) {
    report.add(pointer, `${shown(json)} is no object`, `an object with one of ${known.join(", ")}`);
    return undefined;
  }
  const entries = Object.entries(json);
  for (const [key] of entries) {
    if (known.includes(key)) continue;
    const message = key === "$attribute" ? "$attribute belongs to access rules" : `${shown(key)} is not known here`;
    report.add(at(pointer, key), message, `one of ${known.join(", ")}`);
  }
  const [first, ...others] = entries.filter(([key]) => known.includes(key));
  if (others.length > 0 || entries.length === 0) {
    report.add(pointer, `has ${entries.length} members`, `one of ${known.join(", ")}`);
    return undefined;
  }
  return entries.length === 1 ? first : undefined;
}
