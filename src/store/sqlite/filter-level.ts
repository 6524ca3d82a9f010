import type { SQLInputValue } from "node:sqlite";
import { canBeUnknown } from "../../core/comparison.ts";
import type { Collection } from "../../core/document.ts";
import type { BodyField, Filter } from "../../core/filter.ts";

/** A condition over the rows in reach, with its parameters in order. */
export interface SqlCondition {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

/** What a filter's `of` speaks of, innermost last: a document, a part of it, or an item in the body of either. */
export interface FilterLevel {
  /** Of the document, or the document that the part or item is in. */
  readonly collection: Collection;
  readonly document: string;
  /** SQL of its JSON text. */
  readonly body: string;
  /** SQL of a part's key. */
  readonly part?: string;
  /** Aliases of a part and, where it is linked, of its address and signal; where these are joined. */
  readonly live?: { readonly address: string; readonly signal: string; readonly part: string };
}

export interface FilterContext {
  readonly levels: readonly [FilterLevel, ...FilterLevel[]];
  /** Parts and documents past their time do not count. */
  readonly now: number;
  /** Rows are walked one by one: look-ups are asked of each row instead of being collected beforehand. */
  readonly walking: boolean;
}

/** Compiles a filter; `outermost`: an unknown result means no more than false there. */
export type CompileFilter = (filter: Filter, context: FilterContext, outermost?: boolean) => SqlCondition;

export function documentLevel(collection: Collection, document: string): FilterLevel {
  return { collection, document, body: `${document}.body` };
}

export function innermost({ levels }: FilterContext): FilterLevel {
  return levels.at(-1) ?? levels[0];
}

export function levelAt({ levels }: FilterContext, level: number): FilterLevel {
  return levels[level] ?? levels[0];
}

export function within(context: FilterContext, level: FilterLevel): FilterContext {
  return { ...context, levels: [...context.levels, level] };
}

/** Whether a filter's result can be unknown (see `Filter`). */
export function isUncertain(filter: Filter): boolean {
  switch (filter.kind) {
    case "all":
    case "any":
      return filter.of.some(isUncertain);
    case "not":
    case "related":
    case "linked":
    case "element":
    case "item":
      return isUncertain(filter.of);
    case "compare":
      return canBeUnknown(filter.comparison);
    default:
      return false;
  }
}

/** Whether a filter looks at the live value of a level. */
export function looksLive(filter: Filter, level: number): boolean {
  switch (filter.kind) {
    case "all":
    case "any":
      return filter.of.some((one) => looksLive(one, level));
    case "not":
    case "related":
    case "linked":
    case "element":
    case "item":
      return looksLive(filter.of, level);
    case "compare":
      return fieldsOf(filter).some((field) => field.level === level && field.live === true);
    default:
      return false;
  }
}

export function fieldsOf({ comparison }: Extract<Filter, { kind: "compare" }>): readonly BodyField[] {
  return [comparison.left, comparison.right].flatMap((side) => (side.kind === "field" ? [side.field] : []));
}
