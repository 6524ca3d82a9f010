import type { SQLInputValue } from "node:sqlite";
import type { Ordering } from "../../core/comparison.ts";
import type { BodyField, ElementStep, Filter } from "../../core/filter.ts";
import {
  type CompileFilter,
  documentLevel,
  type FilterContext,
  fieldsOf,
  isUncertain,
  levelAt,
  looksLive,
  type SqlCondition,
  within,
} from "./filter-level.ts";

/** Name of the function that `registerCompares` gives to a connection. */
export const COMPARES = "compares";

type Kind<K extends Filter["kind"]> = Extract<Filter, { kind: K }>;

const alive = (alias: string): string => `(${alias}.expires_at IS NULL OR ${alias}.expires_at > ?)`;

/** Documents that a key names, by their id, or whose key names this one's. */
export function relatedSql(filter: Kind<"related">, context: FilterContext, compile: CompileFilter): SqlCondition {
  const { collection, document } = levelAt(context, filter.level);
  const depth = context.levels.length;
  const other = `d${depth}`;
  const key = `k${depth}`;
  const named = filter.direction === "named";
  const from = named
    ? `${collection}_key ${key} JOIN ${filter.collection}_document ${other} ON ${other}.id = ${key}.value
        WHERE ${key}.document = ${document}.ordinal AND ${key}.name = ?`
    : `${filter.collection}_key ${key} JOIN ${filter.collection}_document ${other} ON ${other}.ordinal = ${key}.document
        WHERE ${key}.value = ${document}.id AND ${key}.name = ?`;
  const inner = compile(filter.of, within(context, documentLevel(filter.collection, other)));
  return someOf(filter.of, `${from} AND ${alive(other)}`, [filter.key, context.now], inner);
}

/** The part at the end of the path is looked up by its name, the ones above it by their keys. */
export function elementSql(filter: Kind<"element">, context: FilterContext, compile: CompileFilter): SqlCondition {
  const base = levelAt(context, filter.level);
  const depth = context.levels.length;
  const table = `${base.collection}_part`;
  const part = `p${depth}`;
  const address = `l${depth}`;
  const signal = `v${depth}`;
  const isLive = looksLive(filter.of, depth);
  const above = filter.path.slice(0, -1).toReversed();
  const joins = above.map((step, index) => {
    const { sql, parameters } = stepSql(step, `${part}_${index}`);
    const below = index === 0 ? part : `${part}_${index - 1}`;
    return {
      sql: ` JOIN ${table} ${part}_${index} ON ${part}_${index}.document = ${part}.document
        AND ${part}_${index}.key = ${below}.parent AND ${sql}`,
      parameters,
    };
  });
  const live = isLive
    ? ` LEFT JOIN series_address ${address} ON ${address}.collection = '${base.collection}'
        AND ${address}.document = ${base.document}.id AND ${address}.part = ${part}.key AND ${address}.to_at IS NULL
        AND ${address}.linked
      LEFT JOIN signal ${signal} ON ${signal}.series = ${address}.series`
    : "";
  const last = filter.path.at(-1);
  const own = last === undefined ? undefined : stepSql(last, part);
  const first = above.length === 0 ? part : `${part}_${above.length - 1}`;
  const start = filter.anywhere ? "" : ` AND ${first}.parent ${base.part === undefined ? "IS NULL" : `= ${base.part}`}`;
  const level = {
    collection: base.collection,
    document: base.document,
    body: `${part}.body`,
    part: `${part}.key`,
    ...(isLive ? { live: { address, signal, part } } : {}),
  };
  const inner = compile(filter.of, within(context, level));
  return someOf(
    filter.of,
    `${table} ${part}${joins.map(({ sql }) => sql).join("")}${live}
      WHERE ${part}.document = ${base.document}.ordinal${own === undefined ? "" : ` AND ${own.sql}`}${start}
        AND ${alive(part)}`,
    [...joins.flatMap(({ parameters }) => parameters), ...(own?.parameters ?? []), context.now],
    inner,
  );
}

/** Items of a list are parts that are named by their index. */
function stepSql(step: ElementStep, alias: string): SqlCondition {
  if (typeof step === "string") return { sql: `${alias}.name = ?`, parameters: [step] };
  if (step.index === "any") return { sql: `${alias}.name GLOB '[0-9]*'`, parameters: [] };
  return { sql: `${alias}.name = ?`, parameters: [String(step.index)] };
}

export function itemSql(filter: Kind<"item">, context: FilterContext, compile: CompileFilter): SqlCondition {
  const item = `i${context.levels.length}`;
  const base = levelAt(context, filter.level);
  const path = filter.path.map((step) => (typeof step === "string" ? `.${JSON.stringify(step)}` : `[${step.index}]`));
  const { part: _part, live: _live, ...place } = base;
  const inner = compile(filter.of, within(context, { ...place, body: `${item}.value` }));
  const from = `json_each(${base.body}, ?) ${item} WHERE ${item}.type = 'object' AND typeof(${item}.key) = 'integer'`;
  return someOf(filter.of, from, [`$${path.join("")}`], inner);
}

/** Whether one of some rows passes; unknown where all that there are give an unknown result. */
function someOf(of: Filter, from: string, parameters: readonly SQLInputValue[], inner: SqlCondition): SqlCondition {
  if (!isUncertain(of)) {
    return {
      sql: `EXISTS (SELECT 1 FROM ${from} AND (${inner.sql}))`,
      parameters: [...parameters, ...inner.parameters],
    };
  }
  return {
    sql: `(SELECT CASE WHEN count(*) = 0 THEN 0 ELSE max(${inner.sql}) END FROM ${from})`,
    parameters: [...inner.parameters, ...parameters],
  };
}

/** The function gets the comparison, then of each field the body and, for a live one, what its signal says. */
export function compareSql(filter: Kind<"compare">, context: FilterContext): SqlCondition {
  const columns = fieldsOf(filter).map((field) => fieldSql(field, context));
  const judged = {
    sql: `${COMPARES}(${["?", ...columns].join(", ")})`,
    parameters: [JSON.stringify(filter.comparison)],
  };
  const quick = columnSql(filter, context);
  if (quick === undefined) return judged;
  return {
    sql: `CASE WHEN ${quick.when} THEN ${quick.sql} ELSE ${judged.sql} END`,
    parameters: [...quick.parameters, ...judged.parameters],
  };
}

/** What an unlinked part says as its one text or number stands in columns: these need no look into its body. */
function columnSql(
  { comparison: { operator, left, right } }: Kind<"compare">,
  context: FilterContext,
): (SqlCondition & { readonly when: string }) | undefined {
  if (left.kind !== "field" || right.kind !== "constant" || left.field.live !== true) return undefined;
  const { live } = levelAt(context, left.field.level);
  if (live === undefined) return undefined;
  const unlinked = `${live.address}.series IS NULL AND ${live.part}`;
  const { value } = right;
  if (value.type === "number" && left.as.join() === "number" && isOrdering(operator)) {
    return { when: `${unlinked}.num IS NOT NULL`, sql: `${live.part}.num ${operator} ?`, parameters: [value.value] };
  }
  if (value.type !== "string" || left.as.length > 0) return undefined;
  const when = `${unlinked}.text IS NOT NULL`;
  if (isOrdering(operator)) return { when, sql: `${live.part}.text ${operator} ?`, parameters: [value.value] };
  const isFound = operator === "contains" && value.value !== "";
  return isFound ? { when, sql: `instr(${live.part}.text, ?) > 0`, parameters: [value.value] } : undefined;
}

const orderings: readonly string[] = ["=", "<>", ">", ">=", "<", "<="] satisfies readonly Ordering[];
const isOrdering = (operator: string): boolean => orderings.includes(operator);

function fieldSql({ level, live }: BodyField, context: FilterContext): string {
  const { body, live: joined } = levelAt(context, level);
  if (live !== true) return body;
  if (joined === undefined) return `${body}, NULL, NULL, NULL, NULL`;
  const { address, signal } = joined;
  return `${body}, ${address}.series, ${signal}.kind, ${signal}.num, ${signal}.text`;
}
