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
  | { readonly kind: "part"; readonly names: readonly string[] }
  /** A key's value begins with `prefix` and has the form of `pattern` (RE2). */
  | { readonly kind: "key-pattern"; readonly name: string; readonly prefix: string; readonly pattern: string }
  /** A part of this name says something; a linked part says what its signal says (rule 11). */
  | ({ readonly kind: "said" } & PartTest);

/** A condition on what one part says: its JSON body, a linked part's with the signal laid over it. */
export interface PartTest {
  readonly name: string;
  /** Members that lead from the body to what is looked at; an array on the way stands for each of its items. */
  readonly under: readonly string[];
  /** Where the value may stand there; the first path that leads somewhere counts. `*` takes all members' values as one array. */
  readonly values: readonly (readonly string[])[];
  readonly test: ValueTest;
  readonly overlay: SignalMembers;
}

/** Where a linked part's body shows its signal. */
export interface SignalMembers {
  /** By the part's kind: the member that holds the value. */
  readonly value: Readonly<Record<string, string>>;
  readonly at: string;
  readonly quality: string;
}

/** What a query compares with; `time` is ISO 8601 text (date, date and time, or time of day), compared as time. */
export type Operand =
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "string" | "time"; readonly value: string };

/**
 * `equal` holds for an array that includes an operand; `not` is true where the value is there and equals none. Values of
 * another type are neither equal nor before nor after.
 */
export type ValueTest =
  | { readonly kind: "there" }
  | { readonly kind: "equal"; readonly not: boolean; readonly any: readonly Operand[] }
  | { readonly kind: "within"; readonly not: boolean; readonly from: Operand; readonly to: Operand }
  | { readonly kind: "order"; readonly operator: ">" | ">=" | "<" | "<="; readonly than: Operand }
  /** RE2, found anywhere in the text unless it is anchored. */
  | { readonly kind: "match"; readonly not: boolean; readonly pattern: string };

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
