import type { LeafAddress } from "./document.ts";
import type { Problem } from "./errors.ts";
import type { Place } from "./place.ts";
import type { PlannedDocument } from "./plan.ts";
import type { ValueType } from "./value.ts";

/** One point's wish for a leaf in one standard. */
export interface LeafRequest {
  readonly point: string;
  /** What stands behind `aas:` or `ngsi:`: `OperationalData.Temperature`; `temperature`; or the object form. */
  readonly end: unknown;
  readonly place: Place;
  /** The link's type; `undefined` where neither mapping nor source says: the end may know (a template's valueType). */
  readonly type: ValueType | undefined;
  /** UNECE Rec 20 code. */
  readonly unit: string | undefined;
  readonly writable: boolean;
}

/** One argument of an operation, as a mapping wants it. */
export interface ArgumentWish {
  readonly name: string;
  readonly direction: "in" | "out" | "inout";
  readonly place: Place;
  /** Of each item where it is a list; `undefined` where neither mapping nor source says. */
  readonly type: ValueType | undefined;
  readonly list: boolean;
  readonly description?: string;
}

/** One operation's wish for its element; only ends that have such a thing look at it. */
export interface OperationWish {
  readonly operation: string;
  /** What stands behind `aas:`. */
  readonly end: unknown;
  readonly place: Place;
  readonly arguments: readonly ArgumentWish[];
}

/** One asset's `twin:` section, placeholders filled in. */
export interface AssetRequest {
  readonly asset: string;
  /** The mapping file's own name: the owner of what is made. */
  readonly owner: string;
  readonly place: Place;
  readonly adopt: boolean;
  /** The part of `twin:` that belongs to this end (`shell` and `submodels`, or `entity`), as parsed YAML. */
  readonly twin: Readonly<Record<string, unknown>>;
  /** The place of a member of `twin`, by JSON pointer, for problems. */
  readonly placeOf: (pointer: string) => Place;
  /** Folder of the mapping file: relative templates and contexts start there. */
  readonly folder: string;
  readonly leaves: readonly LeafRequest[];
  readonly operations?: readonly OperationWish[];
  readonly kin?: AssetKin;
}

/** Ids of the shell and the entity that the mapping makes of one asset: each end lets its own name the other (`kin.ts`). */
export interface AssetKin {
  readonly shell?: string;
  readonly entity?: string;
}

export interface WovenLeaf {
  readonly point: string;
  readonly address: LeafAddress;
  /** The type that the end shows it as, e.g. the template's; the link takes it where it had none. */
  readonly type: ValueType;
}

export interface WovenOperation {
  readonly operation: string;
  readonly address: LeafAddress;
  /** The types as which the end shows the arguments, by their names. */
  readonly types: Readonly<Record<string, ValueType>>;
}

export interface WovenEnd {
  readonly documents: readonly PlannedDocument[];
  readonly leaves: readonly WovenLeaf[];
  readonly operations?: readonly WovenOperation[];
  /** Problems carry `file:line:column` places. */
  readonly problems: readonly Problem[];
  /** What is doubtful and runs all the same: a template's element that nothing fills. */
  readonly warnings?: readonly Problem[];
}

/** What a standard knows about making documents for a mapped asset. `aas/` and `ngsi-ld/` each give one to the compiler. */
export interface EndCodec {
  /** The members of `twin:` that are this end's. */
  readonly members: readonly string[];
  /** Async: templates and contexts are files or fetched. Never rejects for what the mapping's author wrote. */
  weave(request: AssetRequest): Promise<WovenEnd>;
}
