import { RE2JS } from "re2js";
import type { Comparison, ComparisonSide } from "../../core/comparison.ts";
import { HubError } from "../../core/errors.ts";
import type { ValueTypeName } from "../../core/typed-value.ts";
import { isObject } from "../validation/check.ts";
import { at, Report, shown } from "../validation/report.ts";
import { checkMatch } from "./check-match.ts";
import { listPoints } from "./list-points.ts";
import { type Operand, type OperandContext, parseOperand, singleMember } from "./parse-operand.ts";
import { type Condition, fieldsOf, type Query, type QueryTarget, rootsOf } from "./query.ts";
import type { QueryField } from "./query-field.ts";

const deepest = 32;
const mostConditions = 256;
const mostSteps = 32;
/** Lists that one $match binds, those inside it included: each is a search within the one before. */
const mostLists = 16;
const longestPattern = 1_000;

const orderings = { $eq: "=", $ne: "<>", $gt: ">", $ge: ">=", $lt: "<", $le: "<=" } as const;
const textTests = {
  $contains: "contains",
  "$starts-with": "starts-with",
  "$ends-with": "ends-with",
  $regex: "match",
} as const;

const comparisonKeys = [...Object.keys(orderings), ...Object.keys(textTests)];
const matchKeys = ["$match", "$boolean", ...comparisonKeys];
const logicalKeys = ["$and", "$or", "$not", ...matchKeys];

/**
 * Reads a query in its JSON form (IDTA-01002 v3.1.2, "JSON Schema" of the query language).
 * @throws HubError `invalid` with every problem at once, `too-complex` beyond the bounds above
 */
export function parseQuery(json: unknown, target: QueryTarget): Query {
  const report = new Report();
  const parser = new QueryParser(report, target);
  const query = parser.query(json);
  const { problems } = report;
  if (query !== undefined && problems.length === 0) return query;
  throw new HubError(
    "invalid",
    `the query is wrong in ${problems.length} ${problems.length === 1 ? "place" : "places"}`,
    {
      problems,
    },
  );
}

class QueryParser {
  readonly #context: OperandContext;
  readonly #target: QueryTarget;
  #conditions = 0;

  constructor(report: Report, target: QueryTarget) {
    this.#target = target;
    this.#context = { report, roots: rootsOf[target] };
  }

  query(json: unknown): Query | undefined {
    const { report } = this.#context;
    if (!isObject(json)) {
      report.add("", `${shown(json)} is no query`, "an object with $condition");
      return undefined;
    }
    for (const key of Object.keys(json)) {
      if (key !== "$condition" && key !== "$select") {
        report.add(at("", key), `${shown(key)} is no part of a query`, "$condition, $select");
      }
    }
    if ("$select" in json && json.$select !== "id") report.add("/$select", `${shown(json.$select)}`, '"id"');
    if (!("$condition" in json)) {
      report.add("/$condition", "is missing", `an object with one of ${logicalKeys.join(", ")}`);
      return undefined;
    }
    const condition = this.#logical(json.$condition, "/$condition", 1);
    if (condition === undefined) return undefined;
    return json.$select === "id" ? { condition, select: "id" } : { condition };
  }

  #logical(json: unknown, pointer: string, depth: number): Condition | undefined {
    const entry = this.#choice(json, pointer, depth, logicalKeys);
    if (entry === undefined) return undefined;
    const [key, value] = entry;
    const place = at(pointer, key);
    if (key === "$not") {
      const of = this.#logical(value, place, depth + 1);
      return of && { kind: "not", of };
    }
    if (key !== "$and" && key !== "$or") return this.#simple(key, value, place, depth);
    const of = this.#several(value, place, 2, (one, where) => this.#logical(one, where, depth + 1));
    return of && { kind: key === "$and" ? "and" : "or", of };
  }

  /** What stands in a $match: comparisons, further $match, a constant. */
  #inMatch(json: unknown, pointer: string, depth: number): Condition | undefined {
    const entry = this.#choice(json, pointer, depth, matchKeys);
    return entry && this.#simple(entry[0], entry[1], at(pointer, entry[0]), depth);
  }

  #simple(key: string, value: unknown, place: string, depth: number): Condition | undefined {
    const { report } = this.#context;
    if (key === "$match") {
      const of = this.#several(value, place, 1, (one, where) => this.#inMatch(one, where, depth + 1));
      if (of === undefined) return undefined;
      checkMatch(of, place, this.#target, report);
      const lists = new Set(
        of
          .flatMap(fieldsOf)
          .flatMap(listPoints)
          .map((list) => list.key),
      );
      if (lists.size > mostLists) throw tooComplex(`has a $match of more than ${mostLists} lists`);
      return { kind: "match", of };
    }
    if (key !== "$boolean") return this.#comparison(key, value, place);
    if (typeof value === "boolean") return { kind: "constant", value };
    report.add(place, `${shown(value)} is no boolean`, "true or false");
    return undefined;
  }

  #comparison(key: string, value: unknown, place: string): Condition | undefined {
    const { report } = this.#context;
    const only = key in textTests ? "string" : undefined;
    if (!Array.isArray(value) || value.length !== 2) {
      report.add(place, `${shown(value)} is no pair`, "an array of two operands");
      return undefined;
    }
    const [left, right] = value.map((one: unknown, index) => parseOperand(one, at(place, index), this.#context, only));
    if (left === undefined || right === undefined) return undefined;
    const operator = { ...orderings, ...textTests }[key as keyof typeof orderings | keyof typeof textTests];
    if (operator === "match") checkPattern(right, at(place, 1), report);
    const comparison: Comparison<QueryField> = {
      operator,
      left: cast(left, right.type),
      right: cast(right, left.type),
    };
    return { kind: "compare", comparison };
  }

  #choice(json: unknown, pointer: string, depth: number, keys: readonly string[]) {
    this.#conditions += 1;
    if (depth > deepest) throw tooComplex(`nests deeper than ${deepest} levels`);
    if (this.#conditions > mostConditions) throw tooComplex(`has more than ${mostConditions} conditions`);
    return singleMember(json, pointer, this.#context.report, keys);
  }

  #several(
    json: unknown,
    place: string,
    least: number,
    parse: (one: unknown, where: string) => Condition | undefined,
  ): readonly Condition[] | undefined {
    if (!Array.isArray(json) || json.length < least) {
      this.#context.report.add(place, `${shown(json)} is too little`, `an array of ${least} conditions or more`);
      return undefined;
    }
    const found = json.map((one: unknown, index) => parse(one, at(place, index)));
    return found.every((one) => one !== undefined) ? found : undefined;
  }
}

/** A field is cast to what it is compared with ("Casting": implicit casts). */
function cast({ side, type }: Operand, other: ValueTypeName | undefined): ComparisonSide<QueryField> {
  if (side.kind === "constant") return side;
  if (side.field.path.length > mostSteps) throw tooComplex(`has a path of more than ${mostSteps} steps`);
  const needed = type === undefined && other !== undefined && other !== "string";
  return needed ? { ...side, as: [...side.as, other] } : side;
}

function checkPattern({ side }: Operand, place: string, report: Report): void {
  if (side.kind !== "constant" || side.value.type !== "string") return;
  const pattern = side.value.value;
  if (pattern.length > longestPattern) throw tooComplex(`has a pattern of more than ${longestPattern} characters`);
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report.add(place, `${shown(pattern)} is no regular expression: ${reason}`, "the syntax of RE2");
  }
}

function tooComplex(what: string): HubError {
  return new HubError("too-complex", `the query ${what}`);
}
