import type { SQLInputValue } from "node:sqlite";
import type { Collection } from "../../core/document.ts";
import type { Filter, PartTest } from "../../core/filter.ts";
import { valueKind } from "./value-codec.ts";

/** A condition over `d`, a row of the collection's document table, with its parameters in order. */
export interface SqlCondition {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

/** Name of the function that `registerIdMatch` gives to a connection. */
export const ID_MATCH = "id_match";
/** Name of the function that `registerPartSays` gives to a connection. */
export const PART_SAYS = "part_says";

const always: SqlCondition = { sql: "1", parameters: [] };
const oneOf = "IN (SELECT value FROM json_each(?))";

/** `now`: parts past their time do not count. */
export function filterSql(filter: Filter | undefined, collection: Collection, now: number): SqlCondition {
  if (filter === undefined) return always;
  switch (filter.kind) {
    case "all":
      return join(filter.of, " AND ", "1", collection, now);
    case "any":
      return join(filter.of, " OR ", "0", collection, now);
    case "not": {
      const { sql, parameters } = filterSql(filter.of, collection, now);
      return { sql: `NOT (${sql})`, parameters };
    }
    case "id":
      return { sql: `d.id ${oneOf}`, parameters: [JSON.stringify(filter.in)] };
    case "id-pattern":
      return { sql: `${ID_MATCH}(?, d.id)`, parameters: [filter.pattern] };
    case "key":
      return keySql(filter.name, filter.in, collection);
    case "key-pattern":
      return keyPatternSql(filter, collection);
    case "part":
      return partSql(filter.names, collection, now);
    case "said":
      return saidSql(filter, collection, now);
  }
}

function join(
  filters: readonly Filter[],
  operator: string,
  empty: string,
  collection: Collection,
  now: number,
): SqlCondition {
  const conditions = filters.map((filter) => filterSql(filter, collection, now));
  if (conditions.length === 0) return { sql: empty, parameters: [] };
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(operator),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

/**
 * One value is the common case (all entities of a type): its rows of the key table are in the order of pages, so that a
 * look-up a document stops as soon as the page is full.
 */
function keySql(name: string, values: readonly string[], collection: Collection): SqlCondition {
  const keys = `SELECT document FROM ${collection}_key WHERE name = ? AND value`;
  if (values.length === 1) return { sql: `d.ordinal IN (${keys} = ?)`, parameters: [name, values[0] ?? ""] };
  return { sql: `d.ordinal IN (${keys} ${oneOf})`, parameters: [name, JSON.stringify(values)] };
}

const lastCodePoint = "\u{10ffff}";

/** The prefix bounds the keys that are looked at. */
function keyPatternSql(
  { name, prefix, pattern }: { readonly name: string; readonly prefix: string; readonly pattern: string },
  collection: Collection,
): SqlCondition {
  return {
    sql: `d.ordinal IN (SELECT document FROM ${collection}_key
      WHERE name = ? AND value >= ? AND value < ? AND ${ID_MATCH}(?, value))`,
    parameters: [name, prefix, prefix + lastCodePoint, pattern],
  };
}

/** Found by the part's name; what it says is judged with its signal laid over it (rule 11). */
function saidSql(test: PartTest, collection: Collection, now: number): SqlCondition {
  const { name, ...rest } = test;
  return {
    sql: `EXISTS (SELECT 1 FROM ${collection}_part p
      LEFT JOIN series_address l ON l.collection = '${collection}' AND l.document = d.id AND l.part = p.key
        AND l.to_at IS NULL AND l.linked
      LEFT JOIN signal v ON v.series = l.series
      WHERE p.document = d.ordinal AND p.name = ? AND ${shownPart(collection)}
      AND ${PART_SAYS}(?, p.kind, p.body, v.kind, v.num, v.text, v.quality, v.at))`,
    parameters: [name, now, JSON.stringify(rest)],
  };
}

function partSql(names: readonly string[], collection: Collection, now: number): SqlCondition {
  return {
    sql: `EXISTS (SELECT 1 FROM ${collection}_part p
      WHERE p.document = d.ordinal AND p.name ${oneOf} AND ${shownPart(collection)})`,
    parameters: [JSON.stringify(names), now],
  };
}

/**
 * Whether a part `p` of a document `d` is shown at a time, its one parameter: a linked one is shown by its signal alone,
 * so it counts once that has a value (rule 9 of the twin).
 */
export const shownPart = (collection: Collection): string => `(p.expires_at IS NULL OR p.expires_at > ?)
  AND NOT EXISTS (SELECT 1 FROM series_address a LEFT JOIN signal s ON s.series = a.series
    WHERE a.collection = '${collection}' AND a.document = d.id AND a.part = p.key AND a.to_at IS NULL
    AND coalesce(s.kind = ${valueKind.none}, a.linked))`;
