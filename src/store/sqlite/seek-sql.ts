import type { ComparisonSide, Ordering } from "../../core/comparison.ts";
import type { Collection } from "../../core/document.ts";
import type { BodyField, BodyPath, Filter } from "../../core/filter.ts";
import { valueKind } from "../form/value-codec.ts";
import { ID_MATCH } from "./filter-sql.ts";
import { linkSeek, saidSeeks } from "./said-seeks.ts";
import type { Seek, SeekSelect } from "./seek.ts";

type Kind<K extends Filter["kind"]> = Extract<Filter, { kind: K }>;

/** As the indexes of step 004 have them. */
const columns = { name: "p.name", meaning: "json_extract(p.body, '$.semanticId.keys[0].value')" } as const;
const TEXT = "substr(p.text, 1, 64)";

/** Linked parts are found by what their signals say. */
const UNLINKED = `NOT EXISTS (SELECT 1 FROM submodel_document d JOIN series_address l ON l.collection = 'submodel'
  AND l.document = d.id AND l.part = p.key AND l.to_at IS NULL AND l.linked WHERE d.ordinal = p.document)`;

const oneOf = "IN (SELECT value FROM json_each(?))";
const rank = { id: 0, value: 1, key: 2, meaning: 3, name: 5 } as const;

/** The ways to find by index what can pass a filter: whatever passes is in each of them. */
export function seeksOf(filter: Filter, collection: Collection): readonly Seek[] {
  switch (filter.kind) {
    case "all":
      return filter.of.flatMap((one) => seeksOf(one, collection));
    case "any":
      return anySeek(filter.of.map((one) => seeksOf(one, collection)));
    case "id":
      return [seek(rank.id, `SELECT ordinal AS document FROM ${collection}_document WHERE id ${oneOf}`, filter.in)];
    case "key":
      return [
        seek(
          rank.key,
          `SELECT document FROM ${collection}_key WHERE value ${oneOf} AND name = ?`,
          filter.in,
          filter.name,
        ),
      ];
    case "key-pattern": {
      const { name, prefix, pattern } = filter;
      const sql = `SELECT document FROM ${collection}_key WHERE name = ? AND value >= ? AND value < ? AND ${ID_MATCH}(?, value)`;
      return [{ rank: rank.key, selects: [{ sql, parameters: [name, prefix, `${prefix}\u{10ffff}`, pattern] }] }];
    }
    case "related":
      return seeksOf(filter.of, filter.collection).map((inner) => relatedSeek(filter, inner, collection));
    case "said":
      return collection === "entity" ? saidSeeks(filter) : [];
    case "part":
      return collection === "entity" ? [partSeek(filter.names)] : [];
    case "linked":
      return collection === "entity" && filter.part.under.length === 0
        ? seeksOf(filter.of, filter.collection).map((inner) => linkSeek(filter, inner))
        : [];
    case "element":
      return collection === "submodel" ? elementSeeks(filter) : [];
    default:
      return [];
  }
}

const partSeek = (names: readonly string[]): Seek =>
  seek(rank.name, `SELECT document FROM entity_part WHERE name ${oneOf}`, names);

function seek(of: number, sql: string, list: readonly string[], ...more: readonly string[]): Seek {
  return { rank: of, selects: [{ sql, parameters: [JSON.stringify(list), ...more] }] };
}

/** Each member is found by its best way; one that has none leaves the whole without. */
function anySeek(members: readonly (readonly Seek[])[]): readonly Seek[] {
  const best = members.map((seeks) => seeks.toSorted((one, other) => one.rank - other.rank)[0]);
  if (best.length === 0 || best.some((one) => one === undefined)) return [];
  const found = best.flatMap((one) => one ?? []);
  return [{ rank: Math.max(...found.map((one) => one.rank)), selects: found.flatMap(({ selects }) => selects) }];
}

/** The joins go from what was found to what is asked for; CROSS keeps them in this order. */
function relatedSeek(filter: Kind<"related">, inner: Seek, collection: Collection): Seek {
  const { collection: other, key, direction } = filter;
  const selects = inner.selects.map(({ sql, parameters }) => ({
    sql:
      direction === "named"
        ? `SELECT k.document FROM (${sql}) s CROSS JOIN ${other}_document r ON r.ordinal = s.document
            CROSS JOIN ${collection}_key k ON k.value = r.id AND k.name = ?`
        : `SELECT r.ordinal AS document FROM (${sql}) s CROSS JOIN ${other}_key k ON k.document = s.document AND k.name = ?
            CROSS JOIN ${collection}_document r ON r.id = k.value`,
    parameters: [...parameters, key],
  }));
  return { rank: inner.rank, selects };
}

/** By what is said of the element, or of one that is said to lie in it; at least by its name. */
function elementSeeks({ path, of }: Kind<"element">): readonly Seek[] {
  const members = of.kind === "all" ? flat(of) : [of];
  const tests = members.flatMap((one) => (one.kind === "compare" ? (testOf(one) ?? []) : []));
  const last = path.at(-1);
  const marks: readonly Mark[] = [
    ...(typeof last === "string" ? [{ column: "name", value: last } as const] : []),
    ...tests.filter(isMeaning).map(({ value }) => ({ column: "meaning", value: String(value) }) as const),
  ];
  const values = tests.filter(({ field }) => field.live === true);
  const seeks = [
    ...marks.flatMap((mark) => values.map((test) => valueSeek(mark, test))),
    ...members.flatMap((one) => (one.kind === "element" ? elementSeeks(one) : [])),
    ...marks.filter(({ column }) => column === "meaning").map((mark) => markSeek(mark, rank.meaning)),
  ];
  const name = path.findLast((step) => typeof step === "string");
  return seeks.length > 0 || name === undefined ? seeks : [markSeek({ column: "name", value: name }, rank.name)];
}

/** What an element is found by: its name or its meaning, the columns that indexes begin with. */
interface Mark {
  readonly column: keyof typeof columns;
  readonly value: string;
}

function markSeek({ column, value }: Mark, of: number): Seek {
  return {
    rank: of,
    selects: [{ sql: `SELECT p.document FROM submodel_part p WHERE ${columns[column]} = ?`, parameters: [value] }],
  };
}

const flat = (filter: Kind<"all">): readonly Filter[] =>
  filter.of.flatMap((one) => (one.kind === "all" ? flat(one) : [one]));

interface ValueTest {
  readonly field: BodyField;
  readonly operator: Exclude<Ordering, "<>">;
  readonly value: string | number;
}

const turned = { "=": "=", ">": "<", ">=": "<=", "<": ">", "<=": ">=" } as const;

/** A field against a constant: equal to a text, or in an order with a number. */
function testOf({ comparison: { operator, left, right } }: Kind<"compare">): ValueTest | undefined {
  if (!(operator in turned)) return undefined;
  const ordering = operator as ValueTest["operator"];
  if (right.kind === "constant") return sided(left, ordering, right.value);
  return left.kind === "constant" ? sided(right, turned[ordering], left.value) : undefined;
}

function sided(
  side: ComparisonSide<BodyField>,
  operator: ValueTest["operator"],
  constant: Extract<ComparisonSide<BodyField>, { kind: "constant" }>["value"],
): ValueTest | undefined {
  if (side.kind !== "field") return undefined;
  const { field, as } = side;
  if (constant.type === "number" && as.join() === "number") return { field, operator, value: constant.value };
  const isText = constant.type === "string" && as.length === 0 && operator === "=";
  return isText ? { field, operator, value: constant.value } : undefined;
}

const meaningPath: BodyPath = ["semanticId", "keys", { index: 0 }, "value"];

function isMeaning({ field, operator, value }: ValueTest): boolean {
  return operator === "=" && typeof value === "string" && JSON.stringify(field.paths) === JSON.stringify([meaningPath]);
}

/**
 * Parts that are indexed by a number or a text, parts whose value no index shows, and linked ones, which say what their
 * signals say.
 */
function valueSeek(mark: Mark, { operator, value }: ValueTest): Seek {
  const parts = `SELECT p.document FROM submodel_part p WHERE ${columns[mark.column]} = ?`;
  const number = typeof value === "number" ? value : Number(value === "" ? Number.NaN : value);
  const byNumber = { sql: `${parts} AND p.num ${operator} ?`, parameters: [mark.value, number] };
  if (typeof value === "number") {
    const others = { sql: `${parts} AND p.num IS NULL AND ${UNLINKED}`, parameters: [mark.value] };
    const said = linkedSelect(mark, `v.num ${operator} ? OR v.num IS NULL`, value);
    return { rank: rank.value, selects: [byNumber, others, said] };
  }
  const text = { sql: `${parts} AND p.num IS NULL AND ${TEXT} = substr(?, 1, 64)`, parameters: [mark.value, value] };
  const unknown = { sql: `${parts} AND p.num IS NULL AND ${TEXT} IS NULL AND ${UNLINKED}`, parameters: [mark.value] };
  const said = linkedSelect(mark, `v.kind <> ${valueKind.string} OR v.text = ?`, value);
  return { rank: rank.value, selects: [...(Number.isNaN(number) ? [] : [byNumber]), text, unknown, said] };
}

/** All links are looked through: an index has what parts say themselves. */
function linkedSelect({ column, value: mark }: Mark, where: string, value: string | number): SeekSelect {
  return {
    sql: `SELECT p.document FROM series_address l JOIN signal v ON v.series = l.series
      JOIN submodel_document d ON d.id = l.document JOIN submodel_part p ON p.document = d.ordinal AND p.key = l.part
      WHERE l.collection = 'submodel' AND l.to_at IS NULL AND l.linked AND (${where}) AND ${columns[column]} = ?`,
    parameters: [value, mark],
  };
}
