/** The part of the Flux language that is served: one history, a range, filters, one aggregation. */
export const aggregates = ["mean", "sum", "count", "min", "max", "first", "last", "median", "spread"] as const;
export type Aggregate = (typeof aggregates)[number];

/** Those give one of their rows, the others make a new one. */
export const selectors: readonly Aggregate[] = ["min", "max", "first", "last"];

/** What a filter can look at. */
export const filterColumns = ["_measurement", "_field", "_value", "_time", "quality"] as const;
export type FilterColumn = (typeof filterColumns)[number];

export type Operand = string | number | boolean;
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

export type Predicate =
  | { readonly kind: "and" | "or"; readonly of: readonly [Predicate, Predicate] }
  | { readonly kind: "not"; readonly of: Predicate }
  /** `_time` is compared in milliseconds. */
  | {
      readonly kind: "compare";
      readonly column: FilterColumn;
      readonly operator: Comparison;
      readonly operand: Operand;
    };

export interface FluxQuery {
  readonly bucket: string;
  /** Milliseconds; `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly filters: readonly Predicate[];
  readonly aggregate?: {
    readonly function: Aggregate;
    /** Milliseconds; absent: one for the whole range. */
    readonly every?: number;
    readonly createEmpty: boolean;
    /** Empty windows hold what was held before them. */
    readonly fill?: boolean;
  };
  readonly limit?: { readonly count: number; readonly offset: number };
  /** Name of the result. */
  readonly name: string;
}

/** What a row of a filter's input says; `undefined` for what is not known. */
export type RowView = Readonly<Partial<Record<FilterColumn, Operand>>>;

/** Three-valued: `undefined` where it depends on what is not known. */
export function holds(predicate: Predicate, row: RowView): boolean | undefined {
  switch (predicate.kind) {
    case "not": {
      const one = holds(predicate.of, row);
      return one === undefined ? undefined : !one;
    }
    case "and":
    case "or": {
      const decides = predicate.kind === "or";
      const [left, right] = predicate.of.map((one) => holds(one, row));
      if (left === decides || right === decides) return decides;
      return left === undefined || right === undefined ? undefined : !decides;
    }
    case "compare": {
      const value = row[predicate.column];
      return value === undefined ? undefined : compared(value, predicate.operator, predicate.operand);
    }
  }
}

/** Values of different types are neither equal nor before nor after. */
function compared(value: Operand, operator: Comparison, operand: Operand): boolean {
  if (typeof value !== typeof operand) return operator === "!=";
  switch (operator) {
    case "==":
      return value === operand;
    case "!=":
      return value !== operand;
    case "<":
      return value < operand;
    case "<=":
      return value <= operand;
    case ">":
      return value > operand;
    case ">=":
      return value >= operand;
  }
}

/** The values that filters compare a column for equality with. */
export function equalTo(predicates: readonly Predicate[], column: FilterColumn): readonly Operand[] {
  return predicates.flatMap((predicate): readonly Operand[] => {
    if (predicate.kind === "not") return [];
    if (predicate.kind !== "compare") return equalTo(predicate.of, column);
    return predicate.column === column && predicate.operator === "==" ? [predicate.operand] : [];
  });
}
