import type { LeafAddress } from "../core/document.ts";
import type { ValueType } from "../core/value.ts";
import type { TimeRange } from "./leaf-history.ts";

/** One variable that can be asked for: the history of a leaf under a name. */
export interface SeriesField {
  /** What it belongs to: the id of a submodel. */
  readonly measurement: string;
  readonly field: string;
  readonly type: ValueType;
  readonly leaf: LeafAddress;
}

/** A stretch that is given as a file. */
export interface SeriesFile {
  readonly range: TimeRange;
  /** Name of the column with the times. */
  readonly time: string;
  readonly fields: readonly SeriesField[];
}

/** What a standard gives the query and export surface: which histories there are. */
export interface SeriesCatalog {
  /** None where there is no such thing. */
  fields(measurement: string): Promise<readonly SeriesField[]>;
  /** @throws HubError `not-found` */
  file(measurement: string, segment: string): Promise<SeriesFile>;
}
