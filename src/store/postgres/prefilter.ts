import type { Collection } from "../../core/document.ts";
import type { Filter, Operand, PartTest, ValueTest } from "../../core/filter.ts";
import { boxOf } from "../../core/geometry.ts";
import { around } from "../search/around.ts";
import { HEAD_CHARACTERS, headOf } from "./document-flush.ts";
import type { Parameter } from "./parameters.ts";
import { alive, shownPart } from "./shown-part.ts";

/** A condition over `d` that holds for all documents which pass; `isExact`: and for no other. */
export interface Prefilter {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  readonly isExact: boolean;
}

const possibly: Prefilter = { sql: "true", parameters: [], isExact: false };
const always: Prefilter = { ...possibly, isExact: true };
const LAST = "\u{10ffff}";

/** What indexes can say about a filter. */
export function prefilter(filter: Filter | undefined, collection: Collection, tenant: number, now: number): Prefilter {
  if (filter === undefined) return always;
  const of = (inner: Filter): Prefilter => prefilter(inner, collection, tenant, now);
  const keyed = (where: string, parameters: readonly Parameter[], isExact: boolean): Prefilter => ({
    sql: `d.ordinal IN (SELECT k.document FROM document_key k WHERE k.tenant = ? AND k.collection = ? AND ${where})`,
    parameters: [tenant, collection, ...parameters],
    isExact,
  });
  switch (filter.kind) {
    case "all":
      return join(filter.of.map(of), " AND ", "true");
    case "any":
      return join(filter.of.map(of), " OR ", "false");
    case "not": {
      const inner = of(filter.of);
      return inner.isExact ? { ...inner, sql: `NOT (${inner.sql})` } : possibly;
    }
    case "id":
      return { sql: "d.id = ANY(?::text[])", parameters: [filter.in], isExact: true };
    case "key":
      return keyed("k.name = ? AND k.value = ANY(?::text[])", [filter.name, filter.in], true);
    case "key-pattern":
      return keyed(
        "k.name = ? AND k.value >= ? AND k.value < ?",
        [filter.name, filter.prefix, filter.prefix + LAST],
        false,
      );
    case "part":
      return {
        sql: `EXISTS (SELECT 1 FROM part p WHERE p.tenant = ? AND p.document = d.ordinal AND p.name = ANY(?::text[])
          AND ${alive("p")} AND ${shownPart()})`,
        parameters: [tenant, filter.names, now],
        isExact: true,
      };
    case "said":
      return { ...saidSql(filter, collection, tenant), isExact: false };
    case "linked":
      return { ...byName(filter.part.name, collection, tenant), isExact: false };
    case "element": {
      const name = filter.path.findLast((step) => typeof step === "string");
      return name === undefined ? possibly : { ...byName(name, collection, tenant), isExact: false };
    }
    default:
      return possibly;
  }
}

function join(members: readonly Prefilter[], operator: " AND " | " OR ", empty: string): Prefilter {
  if (members.length === 0) return { sql: empty, parameters: [], isExact: true };
  return {
    sql: members.map(({ sql }) => `(${sql})`).join(operator),
    parameters: members.flatMap(({ parameters }) => parameters),
    isExact: members.every(({ isExact }) => isExact),
  };
}

type Condition = Omit<Prefilter, "isExact">;

const among = (selects: readonly Condition[]): Condition => ({
  sql: `d.ordinal IN (${selects.map(({ sql }) => sql).join(" UNION ALL ")})`,
  parameters: selects.flatMap(({ parameters }) => parameters),
});

const PARTS = "SELECT p.document FROM part p WHERE p.tenant = ? AND p.collection = ? AND p.name = ?";

const byName = (name: string, collection: Collection, tenant: number): Condition =>
  among([{ sql: PARTS, parameters: [tenant, collection, name] }]);

/** By its value or the box around its geometry; linked parts, and those whose value no column has, by their name. */
function saidSql(part: PartTest, collection: Collection, tenant: number): Condition {
  const { name, test } = part;
  if (part.under.length > 0 || collection !== "entity") return byName(name, collection, tenant);
  const of = [tenant, collection, name];
  const linked: Condition = {
    sql: `${PARTS} AND EXISTS (SELECT 1 FROM document o JOIN series_address l ON l.tenant = o.tenant
      AND l.collection = o.collection AND l.document = o.id AND l.part = p.key AND l.to_at IS NULL AND l.linked
      WHERE o.tenant = p.tenant AND o.collection = p.collection AND o.ordinal = p.document)`,
    parameters: of,
  };
  if (test.kind === "geometry") {
    if (test.relation === "disjoint" || test.relation === "farther") return byName(name, collection, tenant);
    const boxes = test.relation === "closer" ? around(boxOf(test.to), test.metres) : [boxOf(test.to)];
    const inside = boxes.map(([west, south, east, north]) => ({
      sql: `${PARTS} AND p.west <= ? AND p.east >= ? AND p.south <= ? AND p.north >= ?`,
      parameters: [...of, east, west, north, south],
    }));
    return among([...inside, linked]);
  }
  const conditions = isOfValue(part) ? conditionsOf(test) : undefined;
  if (conditions === undefined) return byName(name, collection, tenant);
  const found = conditions.map(({ sql, parameters }) => ({
    sql: `${PARTS} AND ${sql}`,
    parameters: [...of, ...parameters],
  }));
  const others: Condition = { sql: `${PARTS} AND p.num IS NULL AND p.text_head IS NULL`, parameters: of };
  return among([...found, others, linked]);
}

/** Whether a test looks at the one value of a part, which is what the columns have. */
const isOfValue = ({ values, overlay }: PartTest): boolean => {
  const members = Object.values(overlay.value);
  return values.every(
    ([member = "", ...more]) => members.includes(member) && (more.length === 0 || more.join() === "*"),
  );
};

/** `undefined` where no index helps: what is unequal is nearly all. */
function conditionsOf(test: ValueTest): readonly Condition[] | undefined {
  switch (test.kind) {
    case "equal": {
      const found = test.not ? [undefined] : test.any.map((operand) => between(operand, "=", operand));
      return found.includes(undefined) ? undefined : found.flatMap((one) => one ?? []);
    }
    case "within": {
      const found = test.not || test.from.type !== test.to.type ? undefined : between(test.from, "..", test.to);
      return found === undefined ? undefined : [found];
    }
    case "order": {
      const found = between(test.than, test.operator, test.than);
      return found === undefined ? undefined : [found];
    }
    default:
      return undefined;
  }
}

function between(from: Operand, operator: string, to: Operand): Condition | undefined {
  const isLower = operator !== "<" && operator !== "<=";
  const isUpper = operator !== ">" && operator !== ">=";
  const on = (column: string): string =>
    [...(isLower ? [`${column} >= ?`] : []), ...(isUpper ? [`${column} <= ?`] : [])].join(" AND ");
  if (from.type === "number" && to.type === "number") {
    return { sql: on("p.num"), parameters: [...(isLower ? [from.value] : []), ...(isUpper ? [to.value] : [])] };
  }
  if (from.type === "boolean" || to.type === "boolean") return undefined;
  const [low, high] = [textBound(from), textBound(to)];
  if (low === undefined || high === undefined) return undefined;
  // What begins like a time may be that time, however its seconds are written.
  const upper = from.type === "time" ? high + LAST : high;
  return {
    sql: `p.num IS NULL AND ${on("p.text_head")}`,
    parameters: [...(isLower ? [low] : []), ...(isUpper ? [upper] : [])],
  };
}

/** Columns order texts by code points, queries by code units: the same below U+D800. */
function textBound(operand: Operand): string | undefined {
  if (operand.type === "time") return operand.value.replace(/(?:[.,]\d+)?Z$/, "");
  const text = headOf(String(operand.value), HEAD_CHARACTERS);
  return /[\ud800-\uffff]/.test(text) ? undefined : text;
}
