import type { SQLInputValue } from "node:sqlite";
import type { Filter, Operand, PartTest, ValueTest } from "../../core/filter.ts";
import type { GeometryTest } from "../../core/geometry.ts";
import { boxOf } from "../../core/geometry.ts";
import { valueKind } from "../form/value-codec.ts";
import { around } from "../search/around.ts";
import type { Seek, SeekSelect } from "./seek.ts";

/** As the indexes of step 006 have them. */
const PARTS = "SELECT p.document FROM entity_part p WHERE p.name = ?";
const TEXT = "substr(p.text, 1, 64)";
const UNLINKED = `NOT EXISTS (SELECT 1 FROM entity_document d JOIN series_address l ON l.collection = 'entity'
  AND l.document = d.id AND l.part = p.key AND l.to_at IS NULL AND l.linked WHERE d.ordinal = p.document)`;
/** Above every character that a name or a text may hold. */
const LAST = "\u{10ffff}";
const cut = (text: string): string => [...text].slice(0, 64).join("");

export const saidRank = { value: 1, place: 1, name: 5 } as const;

/**
 * Ways to the entities of which a part may say what is asked for: by its value, by the box around its geometry, at least
 * by its name. Linked parts are found by what their signals say (rule 11).
 */
export function saidSeeks(part: PartTest): readonly Seek[] {
  const { name, test } = part;
  const byName: Seek = { rank: saidRank.name, selects: [{ sql: PARTS, parameters: [name] }] };
  if (part.under.length > 0) return [byName];
  if (test.kind === "geometry") return [...placeSeeks(name, test), byName];
  const conditions = isOfValue(part) ? conditionsOf(test) : undefined;
  return conditions === undefined ? [byName] : [{ rank: saidRank.value, selects: selectsOf(name, conditions) }, byName];
}

/** Whether a test looks at the one value of a part, which is what the index has. */
const isOfValue = ({ values, overlay }: PartTest): boolean => {
  const members = Object.values(overlay.value);
  return values.every(
    ([member = "", ...more]) => members.includes(member) && (more.length === 0 || more.join() === "*"),
  );
};

/** A condition on the index's columns, and the same on those of a signal; `live` finds the values that a signal keeps otherwise. */
interface Condition {
  readonly indexed: string;
  readonly live: string;
  readonly parameters: readonly SQLInputValue[];
}

/** `undefined` where no index helps: what is unequal is nearly all. */
function conditionsOf(test: ValueTest): readonly Condition[] | undefined {
  switch (test.kind) {
    case "equal":
      return test.not ? undefined : every(test.any.map((operand) => between(operand, "=", operand)));
    case "within":
      return test.not || test.from.type !== test.to.type ? undefined : every([between(test.from, "..", test.to)]);
    case "order":
      return every([between(test.than, test.operator, test.than)]);
    default:
      return undefined;
  }
}

const every = <T>(items: readonly (T | undefined)[]): readonly T[] | undefined =>
  items.every((item) => item !== undefined) ? items : undefined;

function between(from: Operand, operator: string, to: Operand): Condition | undefined {
  const isLower = operator !== "<" && operator !== "<=";
  const isUpper = operator !== ">" && operator !== ">=";
  if (from.type === "number" && to.type === "number") {
    const [low, high] = [isLower ? [from.value] : [], isUpper ? [to.value] : []];
    const on = (column: string): string =>
      [...low.map(() => `${column} >= ?`), ...high.map(() => `${column} <= ?`)].join(" AND ");
    return { indexed: on("p.num"), live: on("v.num"), parameters: [...low, ...high] };
  }
  if (from.type === "boolean" || to.type === "boolean") return undefined;
  const [low, high] = [textBound(from), textBound(to)];
  if (low === undefined || high === undefined) return undefined;
  const isTime = from.type === "time";
  // What begins like a time may be that time, however its seconds are written.
  const bounds = [...(isLower ? [low] : []), ...(isUpper ? [isTime ? high + LAST : high] : [])];
  const on = (column: string): string =>
    [...(isLower ? [`${column} >= ?`] : []), ...(isUpper ? [`${column} <= ?`] : [])].join(" AND ");
  return { indexed: `p.num IS NULL AND ${on(TEXT)}`, live: on("substr(v.text, 1, 64)"), parameters: bounds };
}

/**
 * SQLite orders texts by code points, queries by code units: the same below U+D800. Times are compared up to their
 * seconds.
 */
function textBound(operand: Operand): string | undefined {
  if (operand.type === "time") return operand.value.replace(/(?:[.,]\d+)?Z$/, "");
  const text = cut(String(operand.value));
  return /[\ud800-\uffff]/.test(text) ? undefined : text;
}

/** Parts by the index, parts whose value it does not have, and linked ones. */
function selectsOf(name: string, conditions: readonly Condition[]): readonly SeekSelect[] {
  const found = conditions.map(({ indexed, parameters }) => ({
    sql: `${PARTS} AND ${indexed}`,
    parameters: [name, ...parameters],
  }));
  const others = { sql: `${PARTS} AND p.num IS NULL AND ${TEXT} IS NULL AND ${UNLINKED}`, parameters: [name] };
  const isOther = `v.kind NOT IN (${valueKind.number}, ${valueKind.string})`;
  const live = conditions.map(({ live: on }) => `(${on})`).join(" OR ");
  return [
    ...found,
    others,
    linked(
      name,
      `${isOther} OR ${live}`,
      conditions.flatMap(({ parameters }) => parameters),
    ),
  ];
}

/** Live links of parts whose key begins with the name; what is judged then is the part of that name. */
function linked(name: string, where: string, parameters: readonly SQLInputValue[]): SeekSelect {
  return {
    sql: `SELECT d.ordinal AS document FROM series_address l CROSS JOIN signal v ON v.series = l.series
      CROSS JOIN entity_document d ON d.id = l.document
      WHERE l.collection = 'entity' AND l.part >= ? AND l.part < ? AND l.linked AND l.to_at IS NULL AND (${where})`,
    parameters: [name, name + LAST, ...parameters],
  };
}

/** Geometries whose boxes meet the one that is asked for; what lies apart or far away is nearly all. */
function placeSeeks(name: string, test: GeometryTest): readonly Seek[] {
  if (test.relation === "disjoint" || test.relation === "farther") return [];
  const boxes = test.relation === "closer" ? around(boxOf(test.to), test.metres) : [boxOf(test.to)];
  const selects = boxes.map(([west, south, east, north]) => ({
    sql: `SELECT b.document FROM entity_box b
      WHERE b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ? AND b.name = ?`,
    parameters: [east, west, north, south, name],
  }));
  return [{ rank: saidRank.place, selects: [...selects, linked(name, "1", [])] }];
}

/** From entities that are linked to those whose parts name them. */
export function linkSeek({ part }: Extract<Filter, { kind: "linked" }>, inner: Seek): Seek {
  const selects = inner.selects.map(({ sql, parameters }) => ({
    sql: `SELECT p.document FROM (${sql}) s CROSS JOIN entity_document r ON r.ordinal = s.document
      CROSS JOIN entity_part p ON p.name = ? AND p.num IS NULL AND ${TEXT} = substr(r.id, 1, 64)`,
    parameters: [...parameters, part.name],
  }));
  const others = { sql: `${PARTS} AND p.num IS NULL AND ${TEXT} IS NULL`, parameters: [part.name] };
  return { rank: inner.rank, selects: [...selects, others, linked(part.name, "1", [])] };
}
