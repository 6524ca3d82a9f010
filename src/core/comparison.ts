import { type Conversion, convert, type TypedValue } from "./typed-value.ts";

export type Ordering = "=" | "<>" | ">" | ">=" | "<" | "<=";
/** The second text in the first; `match` takes it for a regular expression of RE2, found anywhere unless it is anchored. */
export type TextTest = "contains" | "starts-with" | "ends-with" | "match";

/** Where values come from: texts that are found in what is filtered, or one constant. */
export type ComparisonSide<Field> =
  | { readonly kind: "constant"; readonly value: TypedValue }
  /** `as`: what each text is turned into, step by step; it is a string at first. */
  | { readonly kind: "field"; readonly field: Field; readonly as: readonly Conversion[] };

export interface Comparison<Field> {
  readonly operator: Ordering | TextTest;
  readonly left: ComparisonSide<Field>;
  readonly right: ComparisonSide<Field>;
}

/**
 * Whether one of the left values stands to one of the right ones as the operator says; of no values none does.
 * `undefined`: unknown, since there are values but none that could be converted.
 */
export type CompiledComparison = (left: readonly string[], right: readonly string[]) => boolean | undefined;

/** Tells whether a pattern is found in a text; compiles once. `undefined` for what is no pattern. */
export type PatternPort = (pattern: string) => ((text: string) => boolean) | undefined;

export function compileComparison(comparison: Comparison<unknown>, patterns: PatternPort): CompiledComparison {
  const { operator } = comparison;
  const left = compileSide(comparison.left);
  const right = compileSide(comparison.right);
  const holds = compilePair(operator, patterns);
  return (leftTexts, rightTexts) => {
    const rights = right(rightTexts);
    let pairs = 0;
    let valid = 0;
    for (const one of left(leftTexts)) {
      for (const other of rights) {
        pairs++;
        const result = one === undefined || other === undefined ? undefined : holds(one, other);
        if (result === true) return true;
        if (result === false) valid++;
      }
    }
    return pairs > 0 && valid === 0 ? undefined : false;
  };
}

/** Whether a comparison can be unknown: some texts are no moment, no time, no boolean, no hexadecimal number, no pattern. */
export function canBeUnknown({ operator, left, right }: Comparison<unknown>): boolean {
  if (operator === "match" && right.kind === "field") return true;
  return [left, right].some(
    (side) => side.kind === "field" && side.as.some((to) => to !== "string" && to !== "number"),
  );
}

function compileSide(side: ComparisonSide<unknown>): (texts: readonly string[]) => readonly (TypedValue | undefined)[] {
  if (side.kind === "constant") {
    const constant = [side.value];
    return () => constant;
  }
  const { as } = side;
  return (texts) => texts.map((value) => convertAll({ type: "string", value }, as));
}

/** The value after all conversions; `undefined` where one of them fails. */
export function convertAll(value: TypedValue, as: readonly Conversion[]): TypedValue | undefined {
  return as.reduce<TypedValue | undefined>((one, to) => one && convert(one, to), value);
}

function compilePair(
  operator: Ordering | TextTest,
  patterns: PatternPort,
): (left: TypedValue, right: TypedValue) => boolean | undefined {
  switch (operator) {
    case "contains":
      return texts((text, part) => text.includes(part));
    case "starts-with":
      return texts((text, part) => text.startsWith(part));
    case "ends-with":
      return texts((text, part) => text.endsWith(part));
    case "match":
      return texts((text, pattern) => patterns(pattern)?.(text));
    default:
      return (left, right) => isOrdered(left, right, operator);
  }
}

function texts(
  test: (left: string, right: string) => boolean | undefined,
): (left: TypedValue, right: TypedValue) => boolean | undefined {
  return (left, right) => (left.type === "string" && right.type === "string" ? test(left.value, right.value) : false);
}

/** Values of two types are not equal and in no order; booleans are in none either. */
function isOrdered(left: TypedValue, right: TypedValue, operator: Ordering): boolean {
  const order = compare(left, right);
  switch (operator) {
    case "=":
      return order === 0;
    case "<>":
      return order !== 0;
    case ">":
      return order === 1;
    case "<":
      return order === -1;
    case ">=":
      return order === 1 || order === 0;
    case "<=":
      return order === -1 || order === 0;
  }
}

/** -1, 0 or 1; `undefined` where two values are neither equal nor in an order. */
function compare(left: TypedValue, right: TypedValue): -1 | 0 | 1 | undefined {
  if (left.type === "boolean" && right.type === "boolean") return left.value === right.value ? 0 : undefined;
  if (left.type === "string" && right.type === "string") return byCodePoints(left.value, right.value);
  if (left.type === "hex" && right.type === "hex") {
    return sign(left.digits.length, right.digits.length) || sign(left.digits, right.digits);
  }
  if (left.type === "number" && right.type === "number") return sign(left.value, right.value);
  if (left.type === "moment" && right.type === "moment") return sign(left.at, right.at);
  return left.type === "time" && right.type === "time" ? sign(left.at, right.at) : undefined;
}

function sign<T extends number | string>(left: T, right: T): -1 | 0 | 1 | undefined {
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : undefined;
}

/** In the order of Unicode code points, which for surrogates is not the order of JavaScript's code units. */
function byCodePoints(left: string, right: string): -1 | 0 | 1 {
  if (left === right) return 0;
  let at = 0;
  while (at < left.length && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  const rank = (text: string): number => {
    if (at >= text.length) return -1;
    const unit = text.charCodeAt(at);
    return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
  };
  return rank(left) < rank(right) ? -1 : 1;
}
