import type { SQLInputValue } from "node:sqlite";
import type { Collection } from "../../core/document.ts";
import type { Filter } from "../../core/filter.ts";
import { valueKind } from "./value-codec.ts";

/** A condition over `d`, a row of the collection's document table, with its parameters in order. */
export interface SqlCondition {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

/** Name of the function that `registerIdMatch` gives to a connection. */
export const ID_MATCH = "id_match";

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
    case "part":
      return partSql(filter.names, collection, now);
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
