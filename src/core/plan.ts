import type { BoundOperation } from "./bound-operation.ts";
import type { Collection, LeafAddress, NewDocument, NewPart } from "./document.ts";
import type { Link } from "./link.ts";
import type { Place } from "./place.ts";

/** A document that a mapping wants to exist; parts that a link owns are marked by the link's ends. */
export interface PlannedDocument {
  readonly collection: Collection;
  readonly document: NewDocument;
  readonly parts: readonly NewPart[];
  readonly place: Place;
  /** Whether a document that a client or another mapping made may be taken over; its own parts are kept then. */
  readonly adopt: boolean;
}

/** What one tenant's mapping files compile to. */
export interface Plan {
  readonly tenant: string;
  readonly links: readonly Link[];
  readonly documents: readonly PlannedDocument[];
  /** What clients may invoke; left out: nothing. */
  readonly operations?: readonly BoundOperation[];
}

export const emptyPlan = (tenant: string): Plan => ({ tenant, links: [], documents: [] });

/** Two addresses are one when this text is one. Identifiers hold no line feeds. */
export function leafKey(address: LeafAddress): string {
  return `${address.collection}\n${address.document}\n${address.part}`;
}
