import type { Value, ValueType } from "./value.ts";

/** One thing found in a source's address space: what `forEach` patterns match and `discover` prints. */
export interface BrowseNode {
  /** Canonical address, the base for the points below it. */
  readonly address: string;
  /** The name that a pattern's last step matched, e.g. the BrowseName's text or a topic level. */
  readonly name: string;
  /** Slash-separated path from the root of the source, without namespace indexes. */
  readonly path: string;
  readonly kind: "folder" | "variable" | "method";
  /** Values of the variables directly below (or properties), by name: what `{press.serial}` is filled from. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly valueType?: ValueType;
  readonly writable?: boolean;
  /** Engineering unit as UNECE code, where the source knows it. */
  readonly unit?: string;
  readonly range?: { readonly low: number; readonly high: number };
}

/** What the source itself says of one point: unit, type, access. Fills what a mapping leaves out. */
export interface PointFacts {
  readonly valueType?: ValueType;
  readonly unit?: string;
  readonly range?: { readonly low: number; readonly high: number };
  readonly writable?: boolean;
}

/** One argument of a method, as its source declares it. */
export interface MethodArgument {
  readonly name: string;
  /** Of each item where it is a list; left out where the source does not say, or it is a structure. */
  readonly valueType?: ValueType;
  readonly list: boolean;
  readonly description?: string;
}

/** What the source itself says of a method: its arguments in their order. */
export interface MethodFacts {
  readonly inputs: readonly MethodArgument[];
  readonly outputs: readonly MethodArgument[];
}

/** Values of a method's arguments by name. */
export type ArgumentValues = Readonly<Record<string, Value>>;
