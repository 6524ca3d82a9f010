import { type Geometry, type GeometryPort, isGeometry } from "./geometry.ts";
import { isRawNumber } from "./raw-number.ts";
import { timeOf } from "./value-test.ts";

/** What a value sorts by: first by the rank of its type, then by itself. */
export interface SortKey {
  readonly rank: number;
  readonly value: unknown;
}

/** The order of types (CIM 009 4.23.2); geometries come first where distances are asked for. */
const rank = {
  distance: 0,
  number: 1,
  string: 2,
  object: 3,
  array: 4,
  boolean: 5,
  time: 6,
  date: 7,
  moment: 8,
  null: 9,
  missing: 10,
} as const;

/** `from`: a geometry sorts by its distance from there. */
export function sortKey(value: unknown, from: Geometry | undefined, geometries: GeometryPort): SortKey {
  if (from !== undefined && isGeometry(value)) return { rank: rank.distance, value: geometries.distance(value, from) };
  switch (typeof value) {
    case "undefined":
      return { rank: rank.missing, value };
    case "number":
    case "bigint":
      return { rank: rank.number, value };
    case "boolean":
      return { rank: rank.boolean, value };
    case "string": {
      const time = timeOf(value);
      return time === undefined ? { rank: rank.string, value } : { rank: rank[time.form], value: time.at };
    }
    default:
      return objectKey(value, geometries);
  }
}

function objectKey(value: unknown, geometries: GeometryPort): SortKey {
  if (value === null) return { rank: rank.null, value };
  if (isRawNumber(value)) return { rank: rank.number, value: Number(value.rawJSON) };
  if (Array.isArray(value)) {
    return { rank: rank.array, value: value.map((item) => sortKey(item, undefined, geometries)) };
  }
  const literal = (value as { readonly "@value"?: unknown })["@value"];
  return literal === undefined ? { rank: rank.object, value } : sortKey(literal, undefined, geometries);
}

/** Below zero where `left` comes first. What is null or not there comes last in either direction. */
export function compareKeys(left: SortKey, right: SortKey, descending: boolean, collator: Intl.Collator): number {
  const isAbsent = left.rank >= rank.null || right.rank >= rank.null;
  if (isAbsent || left.rank === rank.distance || right.rank === rank.distance) {
    if (left.rank !== right.rank) return left.rank - right.rank;
    if (isAbsent) return 0;
  }
  const order = left.rank === right.rank ? compareValues(left, right, collator) : left.rank - right.rank;
  return descending ? -order : order;
}

function compareValues(left: SortKey, right: SortKey, collator: Intl.Collator): number {
  switch (left.rank) {
    case rank.string:
      return collator.compare(String(left.value), String(right.value));
    case rank.array:
      return compareItems(left.value as readonly SortKey[], right.value as readonly SortKey[], collator);
    case rank.object:
      return collator.compare(JSON.stringify(left.value), JSON.stringify(right.value));
    default:
      return signOf(left.value as number, right.value as number);
  }
}

function compareItems(left: readonly SortKey[], right: readonly SortKey[], collator: Intl.Collator): number {
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareKeys(one, other, false, collator);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const signOf = (left: number, right: number): number => (left < right ? -1 : left > right ? 1 : 0);
