import type { Collection } from "../../core/document.ts";
import type { Filter, OwnTest, PartTest } from "../../core/filter.ts";
import { valueKind } from "../form/value-codec.ts";
import {
  documentLevel,
  type FilterContext,
  innermost,
  isUncertain,
  type SqlCondition,
  within,
} from "./filter-level.ts";
import { compareSql, elementSql, itemSql, relatedSql } from "./nested-sql.ts";

/** Name of the function that `registerIdMatch` gives to a connection. */
export const ID_MATCH = "id_match";
/** Names of the functions that `registerPartSays` gives to a connection. */
export const PART_SAYS = "part_says";
export const OWN_SAYS = "own_says";
export const PART_NAMES = "part_names";

const always: SqlCondition = { sql: "1", parameters: [] };
const oneOf = "IN (SELECT value FROM json_each(?))";

/**
 * A condition over `d`, a row of the collection's document table. `now`: parts past their time do not count. `walking`:
 * for rows that are looked at one by one.
 */
export function filterSql(
  filter: Filter | undefined,
  collection: Collection,
  now: number,
  walking = false,
): SqlCondition {
  if (filter === undefined) return always;
  return conditionSql(filter, { levels: [documentLevel(collection, "d")], now, walking }, true);
}

function conditionSql(filter: Filter, context: FilterContext, outermost = false): SqlCondition {
  switch (filter.kind) {
    case "all":
      return outermost || !isUncertain(filter)
        ? join(filter.of, " AND ", "1", context, outermost)
        : join(filter.of, " * ", "1", context);
    case "any": {
      if (!isUncertain(filter)) return join(filter.of, " OR ", "0", context);
      const { sql, parameters } = join(filter.of, " + ", "0", context);
      return { sql: `(${sql}) > 0`, parameters };
    }
    case "not": {
      const { sql, parameters } = conditionSql(filter.of, context);
      return { sql: `NOT (${sql})`, parameters };
    }
    case "id":
      return { sql: `${innermost(context).document}.id ${oneOf}`, parameters: [JSON.stringify(filter.in)] };
    case "id-pattern":
      return { sql: `${ID_MATCH}(?, ${innermost(context).document}.id)`, parameters: [filter.pattern] };
    case "key":
      return keySql(filter.name, filter.in, context);
    case "key-pattern":
      return keyPatternSql(filter, context);
    case "part":
      return partSql(filter.names, context);
    case "said":
      return saidSql(filter, context);
    case "own":
      return ownSql(filter, context);
    case "linked":
      return linkedSql(filter, context);
    case "related":
      return relatedSql(filter, context, conditionSql);
    case "element":
      return elementSql(filter, context, conditionSql);
    case "item":
      return itemSql(filter, context, conditionSql);
    case "compare":
      return compareSql(filter, context);
  }
}

/** By + and * one unknown member makes the whole unknown, which AND and OR do not. */
function join(
  filters: readonly Filter[],
  operator: " AND " | " OR " | " + " | " * ",
  empty: string,
  context: FilterContext,
  outermost = false,
): SqlCondition {
  const conditions = filters.map((filter) => conditionSql(filter, context, outermost));
  if (conditions.length === 0) return { sql: empty, parameters: [] };
  return {
    sql: balanced(
      conditions.map(({ sql }) => `(${sql})`),
      operator,
    ),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

/** Many members side by side as a flat tree: SQLite bounds the depth of expressions, and reads a chain as a deep one. */
function balanced(members: readonly string[], operator: string): string {
  if (members.length <= 2) return members.join(operator);
  const half = Math.ceil(members.length / 2);
  return `(${balanced(members.slice(0, half), operator)})${operator}(${balanced(members.slice(half), operator)})`;
}

/**
 * One value is the common case (all entities of a type): its rows of the key table are in the order of pages, so that a
 * look-up a document stops as soon as the page is full.
 */
function keySql(name: string, values: readonly string[], context: FilterContext): SqlCondition {
  const one = values.length === 1;
  const parameters = [name, one ? (values[0] ?? "") : JSON.stringify(values)];
  return keyedSql(`name = ? AND value ${one ? "= ?" : oneOf}`, parameters, context);
}

const lastCodePoint = "\u{10ffff}";

/** The prefix bounds the keys that are looked at. */
function keyPatternSql(
  { name, prefix, pattern }: { readonly name: string; readonly prefix: string; readonly pattern: string },
  context: FilterContext,
): SqlCondition {
  const parameters = [name, prefix, prefix + lastCodePoint, pattern];
  return keyedSql(`name = ? AND value >= ? AND value < ? AND ${ID_MATCH}(?, value)`, parameters, context);
}

function keyedSql(where: string, parameters: readonly string[], context: FilterContext): SqlCondition {
  const { collection, document } = innermost(context);
  if (context.walking || context.levels.length > 1) {
    return {
      sql: `EXISTS (SELECT 1 FROM ${collection}_key WHERE document = ${document}.ordinal AND ${where})`,
      parameters,
    };
  }
  return { sql: `${document}.ordinal IN (SELECT document FROM ${collection}_key WHERE ${where})`, parameters };
}

/** What `part_says` and its likes are given of a part `p` and of its signal `v`. */
export const SAID_COLUMNS =
  "p.kind, p.body, p.created_at, p.modified_at, v.kind, v.num, v.text, v.quality, v.at, v.created_at, v.modified_at";

/** The signal `v` of a part `p`, where it is linked. */
export const signalOf = (collection: Collection, document: string): string => `
  LEFT JOIN series_address l ON l.collection = '${collection}' AND l.document = ${document}.id AND l.part = p.key
    AND l.to_at IS NULL AND l.linked
  LEFT JOIN signal v ON v.series = l.series`;

/**
 * The name of a part `p` of a document that is known. Entities have few parts and an index of names and values, in which
 * SQLite must not look for the name of all entities.
 */
export const partName = (collection: Collection): string => (collection === "entity" ? "+p.name" : "p.name");

/** Found by the part's name; what it says is judged with its signal laid over it (rule 11). */
function saidSql({ name, under, values, test, overlay }: PartTest, context: FilterContext): SqlCondition {
  const { collection, document } = innermost(context);
  return {
    sql: `EXISTS (SELECT 1 FROM ${collection}_part p ${signalOf(collection, document)}
      WHERE p.document = ${document}.ordinal AND ${partName(collection)} = ? AND ${shownSignal}
      AND ${PART_SAYS}(?, ${SAID_COLUMNS}))`,
    parameters: [name, context.now, JSON.stringify({ under, values, test, overlay })],
  };
}

/** As `shownPart`, where the signal `v` of the part `p` is joined. */
const shownSignal = `(p.expires_at IS NULL OR p.expires_at > ?) AND (l.series IS NULL OR v.kind <> ${valueKind.none})`;

/** When a document was last changed, its signals included (rule 10). */
export const modifiedAt = (collection: Collection, document: string): string => `max(${document}.modified_at,
  coalesce((SELECT max(v.modified_at) FROM series_address l JOIN signal v ON v.series = l.series
    WHERE l.collection = '${collection}' AND l.document = ${document}.id AND l.to_at IS NULL AND l.linked), 0))`;

function ownSql({ values, test, overlay }: OwnTest, context: FilterContext): SqlCondition {
  const { collection, document } = innermost(context);
  return {
    sql: `${OWN_SAYS}(?, ${document}.body, ${document}.created_at, ${modifiedAt(collection, document)})`,
    parameters: [JSON.stringify({ values, test, overlay })],
  };
}

/** From what the part names to documents by their ids, each of which is judged like one that is listed. */
function linkedSql(
  { collection: target, part, of }: Extract<Filter, { kind: "linked" }>,
  context: FilterContext,
): SqlCondition {
  const { collection, document } = innermost(context);
  const { name, under, values, overlay } = part;
  const other = `d${context.levels.length}`;
  const inner = conditionSql(of, within(context, documentLevel(target, other)));
  return {
    sql: `EXISTS (SELECT 1 FROM ${collection}_part p ${signalOf(collection, document)}
      CROSS JOIN json_each(${PART_NAMES}(?, ${SAID_COLUMNS})) named
      CROSS JOIN ${target}_document ${other} ON ${other}.id = named.value
      WHERE p.document = ${document}.ordinal AND ${partName(collection)} = ? AND ${shownSignal}
      AND (${other}.expires_at IS NULL OR ${other}.expires_at > ?) AND (${inner.sql}))`,
    parameters: [JSON.stringify({ under, values, overlay }), name, context.now, context.now, ...inner.parameters],
  };
}

function partSql(names: readonly string[], context: FilterContext): SqlCondition {
  const { collection, document } = innermost(context);
  return {
    sql: `EXISTS (SELECT 1 FROM ${collection}_part p
      WHERE p.document = ${document}.ordinal AND ${partName(collection)} ${oneOf} AND ${shownPart(collection, document)})`,
    parameters: [JSON.stringify(names), context.now],
  };
}

/**
 * Whether a part `p` of a document is shown at a time, its one parameter: a linked one is shown by its signal alone, so
 * it counts once that has a value (rule 9 of the twin).
 */
export const shownPart = (collection: Collection, document = "d"): string => `(p.expires_at IS NULL OR p.expires_at > ?)
  AND NOT EXISTS (SELECT 1 FROM series_address a LEFT JOIN signal s ON s.series = a.series
    WHERE a.collection = '${collection}' AND a.document = ${document}.id AND a.part = p.key AND a.to_at IS NULL
    AND coalesce(s.kind = ${valueKind.none}, a.linked))`;
