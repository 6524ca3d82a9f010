/**
 * One condition over the documents of a collection, to which q, geo, scope, AAS query and access rules compile, and
 * which both stores compile to SQL. Later conditions (live values, geometry) join this union.
 */
export type Filter =
  | { readonly kind: "all"; readonly of: readonly Filter[] }
  | { readonly kind: "any"; readonly of: readonly Filter[] }
  | { readonly kind: "not"; readonly of: Filter }
  | { readonly kind: "id"; readonly in: readonly string[] }
  /** A regular expression over the id, in the syntax of RE2 (linear time). */
  | { readonly kind: "id-pattern"; readonly pattern: string }
  | { readonly kind: "key"; readonly name: string; readonly in: readonly string[] }
  /** The document has a part of one of these names; a linked part counts once its signal has a value (rule 9). */
  | { readonly kind: "part"; readonly names: readonly string[] };

export interface PageRequest {
  readonly limit: number;
  /** The `ordinal` after which the page begins: a stable cursor. */
  readonly after?: number;
  readonly offset?: number;
  readonly count?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The ordinal to go on after; absent on the last page. */
  readonly next?: number;
  /** How many match in all, where `count` was asked for. */
  readonly total?: number;
}
