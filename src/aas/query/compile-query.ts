import type { Comparison, ComparisonSide } from "../../core/comparison.ts";
import type { BodyField, Filter, PlaceStep } from "../../core/filter.ts";
import { attributePaths } from "./attribute-paths.ts";
import { isChooser, joinOf } from "./hierarchy.ts";
import { assetHint, documentEquality } from "./index-hints.ts";
import { type ListPoint, listPoints } from "./list-points.ts";
import { type MatchList, matchLists } from "./match-lists.ts";
import { type Condition, fieldsOf, type QueryTarget } from "./query.ts";
import type { QueryField } from "./query-field.ts";

/** What a condition is compiled in. */
interface Place {
  readonly target: QueryTarget;
  /** Levels so far; the next one has this number. */
  readonly levels: number;
  /** The level of the shell or submodel that is asked about beside the target, where one is fixed. */
  readonly joined: number | undefined;
  /** Conditions that choose which of those are meant. */
  readonly chosen: readonly Condition[];
  /** Lists of which one element is fixed by a $match, by the list's key. */
  readonly bound: ReadonlyMap<string, { readonly level: number; readonly point: ListPoint }>;
}

/** The filter over the target's documents that a condition means; docs/query-language.md says how it is read. */
export function compileCondition(condition: Condition, target: QueryTarget): Filter {
  return compile(condition, { target, levels: 1, joined: undefined, chosen: [], bound: new Map() });
}

function compile(condition: Condition, place: Place): Filter {
  switch (condition.kind) {
    case "constant":
      return condition.value ? { kind: "all", of: [] } : { kind: "any", of: [] };
    case "not":
      return { kind: "not", of: compile(condition.of, place) };
    case "or":
      return { kind: "any", of: condition.of.map((one) => compile(one, place)) };
    case "and":
      return compileAnd(condition.of, place);
    case "match":
      return compileMatch(condition.of, place);
    case "compare":
      return compileComparison(condition.comparison, place);
  }
}

/**
 * "Search in AAS Hierarchy": what an $and says of submodels (or shells) alone chooses the ones of which its other
 * members speak.
 */
function compileAnd(conditions: readonly Condition[], place: Place): Filter {
  const choosers = place.joined === undefined ? conditions.filter((one) => isChooser(one, place.target)) : [];
  if (choosers.length === 0) return { kind: "all", of: conditions.map((one) => compile(one, place)) };
  const chosen = { ...place, chosen: [...place.chosen, ...choosers] };
  const others = conditions.filter((one) => !choosers.includes(one));
  const some = join(chosen, () => ({ kind: "all", of: [] }));
  return { kind: "all", of: [some, ...others.map((one) => compile(one, chosen))] };
}

/** One of the shells or submodels beside the target, among those that were chosen. */
function join(place: Place, of: (inside: Place) => Filter): Filter {
  const inside: Place = { ...place, levels: place.levels + 1, joined: place.levels };
  const chosen = place.chosen.map((one) => compile(one, { ...inside, chosen: [], bound: new Map() }));
  const { collection, key, direction } = joinOf(place.target);
  const inner = of(inside);
  return {
    kind: "related",
    level: 0,
    collection,
    key,
    direction,
    of: chosen.length === 0 ? inner : { kind: "all", of: [...chosen, inner] },
  };
}

/** "Match of Elements in Lists": each list that a member names directly is bound to one element for all members. */
function compileMatch(conditions: readonly Condition[], place: Place): Filter {
  const wanted = matchLists(conditions);
  const bindNext = (rest: readonly MatchList[], at: Place): Filter => {
    const [next, ...others] = rest;
    if (next === undefined) return { kind: "all", of: conditions.map((one) => compile(one, at)) };
    if (at.bound.has(next.point.key)) return bindNext(others, at);
    return bind(next.field, next.point, at, (inside) => bindNext(others, inside));
  };
  const isJoined = conditions.flatMap(fieldsOf).some((field) => needsJoin(field, place));
  const filter = isJoined ? join(place, (inside) => bindNext(wanted, inside)) : bindNext(wanted, place);
  const hint = place.levels === 1 ? assetHint(conditions, place.target) : undefined;
  return hint === undefined ? filter : { kind: "all", of: [hint, filter] };
}

/** Fixes one element of a list; the lists that it lies in are fixed before. */
function bind(field: QueryField, point: ListPoint, place: Place, of: (inside: Place) => Filter): Filter {
  if (point.attribute === 0) {
    return step(field, point.path, place, (inside, level) => of(withBound(inside, point, level)));
  }
  return step(field, field.path.length, place, (inside, level, attribute) => ({
    kind: "item",
    level,
    path: field.attribute.slice(attribute, point.attribute - 1) as readonly PlaceStep[],
    of: of(withBound({ ...inside, levels: inside.levels + 1 }, point, inside.levels)),
  }));
}

function withBound(place: Place, point: ListPoint, level: number): Place {
  return { ...place, bound: new Map([...place.bound, [point.key, { level, point }]]) };
}

function needsJoin({ root }: QueryField, { target, joined }: Place): boolean {
  return joined === undefined && joinOf(target).roots.includes(root);
}

/**
 * Leads to what a field's path names up to a length, from the nearest element that is fixed.
 * @param use gets the level, and how much of the attribute led there
 */
function step(
  field: QueryField,
  length: number,
  place: Place,
  use: (inside: Place, level: number, attribute: number) => Filter,
): Filter {
  const fixed = listPoints(field).findLast(({ key }) => place.bound.has(key));
  const from = fixed && place.bound.get(fixed.key);
  if (from !== undefined && (from.point.attribute > 0 || (from.point.path === length && length > 0))) {
    return use(place, from.level, from.point.attribute);
  }
  if (from !== undefined && length === 0) return use(place, from.level, 0);
  const level = from?.level ?? (joinOf(place.target).roots.includes(field.root) ? (place.joined ?? 0) : 0);
  if (field.root !== "$sme") return use(place, level, 0);
  return {
    kind: "element",
    level,
    anywhere: from === undefined,
    path: field.path.slice(from?.point.path ?? 0, length),
    of: use({ ...place, levels: place.levels + 1 }, place.levels, 0),
  };
}

/** Leads to a field's values. */
function reach(field: QueryField, place: Place, use: (inside: Place, field: BodyField) => Filter): Filter {
  if (needsJoin(field, place)) return join(place, (inside) => reach(field, inside, use));
  return step(field, field.path.length, place, (inside, level, attribute) =>
    use(inside, { level, ...attributePaths(field, attribute) }),
  );
}

function compileComparison(comparison: Comparison<QueryField>, place: Place): Filter {
  const { operator, left, right } = comparison;
  const equality = documentEquality(comparison);
  const filter = withSide(left, place, (inLeft, leftSide) =>
    withSide(right, inLeft, (inside, rightSide): Filter => {
      const compare: Filter = { kind: "compare", comparison: { operator, left: leftSide, right: rightSide } };
      const field =
        leftSide.kind === "field" ? leftSide.field : rightSide.kind === "field" ? rightSide.field : undefined;
      // Hints speak of the document that was led to last.
      if (equality === undefined || field?.level !== inside.levels - 1) return compare;
      return { kind: "all", of: [equality, compare] };
    }),
  );
  const isEqual = operator === "=" || operator === ">=" || operator === "<=";
  if (left.kind !== "field" || right.kind !== "field" || !isEqual) return filter;
  // Two fields that are both empty are equal ("Comparison Operators", example).
  const neither = [left.field, right.field].map((field): Filter => ({ kind: "not", of: isThere(field, place) }));
  return { kind: "any", of: [filter, { kind: "all", of: neither }] };
}

function withSide(
  side: ComparisonSide<QueryField>,
  place: Place,
  use: (inside: Place, side: ComparisonSide<BodyField>) => Filter,
): Filter {
  if (side.kind === "constant") return use(place, side);
  return reach(side.field, place, (inside, field) => use(inside, { ...side, field }));
}

/** A field has a value where one equals itself. */
function isThere(field: QueryField, place: Place): Filter {
  return reach(field, place, (_inside, at) => {
    const side = { kind: "field", field: at, as: [] } as const;
    return { kind: "compare", comparison: { operator: "=", left: side, right: side } };
  });
}
