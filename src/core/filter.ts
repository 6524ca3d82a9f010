import type { Comparison } from "./comparison.ts";
import type { Collection } from "./document.ts";
import type { Geometry, GeometryTest } from "./geometry.ts";

/**
 * One condition over the documents of a collection, to which q, geo, scope, AAS query and access rules compile, and
 * which both stores compile to SQL.
 *
 * `related`, `element` and `item` lead to something else, of which `of` then speaks: another document, a part, an item of
 * an array. What they lead to is counted: level 0 is the document that is listed, each of them makes the next level; their
 * own `level` is where they start from. Conditions on a document as such (`id`, `key`, …) mean the document that was led to
 * last, or the one that holds what was.
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
  | ({ readonly kind: "said" } & PartTest)
  /** The document itself says something: its body, with the times that the store keeps (`overlay`, rule 10) laid over it. */
  | ({ readonly kind: "own" } & OwnTest)
  /** A document of this collection passes that a part of this name names by its id; a linked part by what its signal says. */
  | {
      readonly kind: "linked";
      readonly collection: Collection;
      readonly part: Omit<PartTest, "test">;
      readonly of: Filter;
    }
  /** A document of another collection passes: one that a key of this document names, or whose key names this document. */
  | {
      readonly kind: "related";
      readonly level: number;
      readonly collection: Collection;
      readonly key: string;
      readonly direction: "named" | "naming";
      readonly of: Filter;
    }
  /** A part at this path passes. `anywhere`: the path may begin at any part; else below the part or document it is said of. */
  | {
      readonly kind: "element";
      readonly level: number;
      readonly anywhere: boolean;
      readonly path: readonly ElementStep[];
      readonly of: Filter;
    }
  /** An item of the array at this path of a body passes; the level's body is the item then. */
  | { readonly kind: "item"; readonly level: number; readonly path: readonly PlaceStep[]; readonly of: Filter }
  /**
   * Values stand in a relation. It is unknown where values cannot be converted (see `CompiledComparison`); so is then
   * every `all`, `any`, `not` that holds it, whatever its other members say, and what leads to unknowns alone. Documents
   * of which the whole filter is unknown are not listed.
   */
  | { readonly kind: "compare"; readonly comparison: Comparison<BodyField> };

/** One step down to a part: by its name, or as an item of a list, at a place or (`any`) at any. */
export type ElementStep = string | { readonly index: number | "any" };

/** A member or an index that leads into a JSON body. */
export type PlaceStep = string | { readonly index: number };

/** Leads into a JSON body; `any`: to all items of an array. */
export type BodyPath = readonly (PlaceStep | { readonly index: "any" })[];

/** The texts that stand at some paths of a body; members that are no strings are none. */
export interface BodyField {
  readonly level: number;
  readonly paths: readonly BodyPath[];
  /** They are what a part says as its value: a linked one says its signal's instead (rule 11). */
  readonly live?: boolean;
}

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

/** A condition on what a document says itself, apart from its parts. */
export interface OwnTest {
  /** Where the value may stand; the first path that leads somewhere counts. */
  readonly values: readonly (readonly string[])[];
  readonly test: ValueTest;
  readonly overlay: TimeMembers;
}

/** Members by which a body shows when it was made and last changed, as ISO 8601. */
export interface TimeMembers {
  readonly created: string;
  readonly modified: string;
}

/** Where a linked part's body shows its signal; with `times` any part's body shows when it was made and changed. */
export interface SignalMembers {
  /** By the part's kind: the member that holds the value. */
  readonly value: Readonly<Record<string, string>>;
  readonly at: string;
  readonly quality: string;
  readonly times?: TimeMembers;
}

/** What a query compares with; `time` is ISO 8601 text (date, date and time, or time of day), compared as time. */
export type Operand =
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "string" | "time"; readonly value: string };

/**
 * `equal` holds for an array that includes an operand; `not` is true where the value is there and equals none. Values of
 * another type are neither equal nor before nor after. A JSON-LD typed value (`@value`) is what it holds.
 */
export type ValueTest =
  | { readonly kind: "there" }
  | { readonly kind: "equal"; readonly not: boolean; readonly any: readonly Operand[] }
  | { readonly kind: "within"; readonly not: boolean; readonly from: Operand; readonly to: Operand }
  | { readonly kind: "order"; readonly operator: ">" | ">=" | "<" | "<="; readonly than: Operand }
  /** RE2, found anywhere in the text unless it is anchored. */
  | { readonly kind: "match"; readonly not: boolean; readonly pattern: string }
  /** Lies so to another geometry; what is no geometry does not. */
  | GeometryTest;

/** One key to sort by: the document's id, what it says itself, or what a part of it says. */
export interface OrderTerm {
  readonly by:
    | { readonly kind: "id" }
    | { readonly kind: "own"; readonly values: readonly (readonly string[])[]; readonly overlay: TimeMembers }
    | ({ readonly kind: "said" } & Omit<PartTest, "test">);
  readonly descending: boolean;
  /** Geometries go by their distance from this one, before all that is none. */
  readonly from?: Geometry;
}

/** Sorts documents by one term after the other. */
export interface Order {
  readonly terms: readonly OrderTerm[];
  /** BCP 47 tag for the order of texts, as `Intl.Collator` takes it. */
  readonly collation: string;
  readonly sensitivity?: "base" | "accent" | "variant";
}

export interface PageRequest {
  readonly limit: number;
  /** The `ordinal` after which the page begins: a stable cursor. */
  readonly after?: number;
  readonly offset?: number;
  readonly count?: boolean;
  /** Sorted by these, then in order of creation; pages of it go by `offset` alone. `too-complex` for more than 100,000. */
  readonly order?: Order;
  /** Milliseconds after which a search that walks through much may end its page early, with a `next` and fewer items; `offset` and `count` do not go with it. */
  readonly patience?: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The ordinal to go on after; absent on the last page. */
  readonly next?: number;
  /** How many match in all, where `count` was asked for. */
  readonly total?: number;
}
