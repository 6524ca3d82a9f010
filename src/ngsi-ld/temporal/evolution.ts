import type { AggregatePeriod } from "../../core/aggregate.ts";
import type { AttributeBody } from "../entity/entity.ts";

/** One instance of an attribute at a time of its evolution (CIM 009 4.5.7). Times in ms. */
export interface Instance {
  readonly body: AttributeBody;
  /** The time that the query goes by. */
  readonly time: number;
  /** When it was so; undefined where nobody says. */
  readonly observedAt: number | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly deleted: boolean;
  readonly instanceId: string;
  readonly datasetId: string | undefined;
}

export interface EvolutionHead {
  readonly id: string;
  readonly types: readonly string[];
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** When the entity was deleted, or expired; undefined while it is there, and where there was never more than a past. */
  readonly deletedAt: number | undefined;
  readonly expiresAt: string | undefined;
}

/** What an entity was in a window of time. Names expanded; instances oldest first. */
export interface Evolution {
  readonly head: EvolutionHead;
  readonly attributes: ReadonlyMap<string, readonly Instance[]>;
  readonly scopes: readonly Instance[];
}

/** The aggregated representation of one dataset of an attribute (4.5.19). */
export interface AggregatedAttribute {
  readonly name: string;
  readonly datasetId: string | undefined;
  readonly kind: string;
  readonly periods: readonly AggregatePeriod[];
}

/** The time that an answer has all instances of, where it could not have those of the whole window (6.3.10). */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}
