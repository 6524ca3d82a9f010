import type { Collection, DocumentKeys, NewDocument, NewFile, NewPart } from "./document.ts";

/** One change of a stored document. Order inside a commit matters. */
export type Mutation =
  /** Creates or replaces the document whole, parts included; `createdAt` of what was there (parts of the same key too) is kept. */
  | {
      readonly kind: "document.put";
      readonly collection: Collection;
      readonly document: NewDocument;
      readonly parts: readonly NewPart[];
      /** What it replaces, where who puts it knows; absent where it is new. */
      readonly was?: Was;
    }
  /** Changes head and keys alone; the parts stay. What is left out stays as it is. */
  | {
      readonly kind: "document.patch";
      readonly collection: Collection;
      readonly id: string;
      readonly body?: string;
      readonly keys?: DocumentKeys;
      readonly expiresAt?: number | null;
    }
  | { readonly kind: "document.delete"; readonly collection: Collection; readonly id: string; readonly was?: Was }
  /** Creates or replaces one part; parts below it stay. A new part goes behind its siblings. */
  | {
      readonly kind: "part.put";
      readonly collection: Collection;
      readonly id: string;
      readonly part: NewPart;
      readonly how?: PartChange;
    }
  /** Removes one part and all below it. */
  | {
      readonly kind: "part.delete";
      readonly collection: Collection;
      readonly id: string;
      readonly key: string;
      /** Its kind too, where who deletes it knows. */
      readonly was?: Was & { readonly kind: string };
      readonly how?: "within";
    }
  /** Creates or replaces a file of a document by its name; it stays through `document.put` and goes with `document.delete`. */
  | { readonly kind: "file.put"; readonly collection: Collection; readonly id: string; readonly file: NewFile }
  | { readonly kind: "file.delete"; readonly collection: Collection; readonly id: string; readonly name: string };

/**
 * What a part's change means, for those who tell of it: `value` where nothing but its value is another, `within` where
 * nothing is told, since another mutation of the unit tells it or nothing is another. The store has no use for it.
 */
export type PartChange = "created" | "updated" | "value" | "within";

/** The times of what is deleted, for those who tell of the deletion: the store has no use for it. */
export interface Was {
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What must hold for the mutations of a unit to be carried out; else nothing of the unit is. */
export interface Precondition {
  readonly collection: Collection;
  readonly id: string;
  readonly part?: string;
  /** `version`: the document's version is still this one. */
  readonly must: "exist" | "be-absent" | { readonly version: number };
}
