import type { Collection, DocumentKeys, FileRow, NewPart } from "../../core/document.ts";

export interface DocumentHead {
  readonly ordinal: number;
  readonly body: string;
  readonly keys: DocumentKeys;
  readonly expiresAt: number | undefined;
  readonly owner: string | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly version: number;
}

/** Of a part that was there: all that a write has to know; `row`: what is to be written. */
export interface PartState {
  readonly parent: string | undefined;
  readonly name: string;
  readonly position: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly expiresAt: number | undefined;
  readonly row?: NewPart;
}

/** A document while a group of units is worked out: as the database has it, with what earlier units made of it. */
export interface DocumentState {
  readonly collection: Collection;
  readonly id: string;
  head: DocumentHead | undefined;
  /** Those that were looked up, or made; undefined: it is gone. */
  readonly parts: Map<string, PartState | undefined>;
  /** The next place among the siblings of a parent (`""`: at the top; others begin with a space). */
  readonly next: Map<string, number>;
  readonly files: Map<string, FileRow | undefined>;
  /** What has to be written. */
  isTouched: boolean;
  /** Body and keys are others too. */
  isRewritten: boolean;
  /** Of these ordinals all that is below them in the database goes first. */
  readonly cleared: Set<number>;
  /** Of these the document itself, with its keys and files, goes. */
  readonly removed: Set<number>;
  readonly touchedParts: Set<string>;
  readonly touchedFiles: Set<string>;
}

export function newDocumentState(collection: Collection, id: string): DocumentState {
  return {
    collection,
    id,
    head: undefined,
    parts: new Map(),
    next: new Map(),
    files: new Map(),
    isTouched: false,
    isRewritten: false,
    cleared: new Set(),
    removed: new Set(),
    touchedParts: new Set(),
    touchedFiles: new Set(),
  };
}

export const placeKey = (parent: string | undefined): string => (parent === undefined ? "" : ` ${parent}`);

export const isOver = (expiresAt: number | undefined, at: number): boolean =>
  expiresAt !== undefined && expiresAt <= at;
