import type { Collection } from "../../core/document.ts";
import type { SaidColumns } from "../search/part-said.ts";

/** A document as it is judged. */
export interface JudgedDocument {
  readonly collection: Collection;
  readonly ordinal: number;
  readonly id: string;
  readonly body: string;
  /** JSON text. */
  readonly keys: string;
  readonly created_at: number;
}

/** A part as it is judged, with its signal. */
export interface JudgedPart {
  readonly document: number;
  readonly key: string;
  /** What the first part of the path that led here lies in. */
  readonly root: string | null;
  /** Of the link that shows it. */
  readonly series: number | null;
  readonly said: SaidColumns;
}

/** What a filter's `of` speaks of: a document, a part of it, or an item in the body of either. */
export interface Level {
  readonly document: JudgedDocument;
  readonly body: string;
  readonly part?: JudgedPart;
}

/** All levels that were gone through, innermost last. */
export type Levels = readonly [Level, ...Level[]];

/** True, false or unknown. */
export type Verdict = boolean | undefined;

export const innermost = (levels: Levels): Level => levels.at(-1) ?? levels[0];
export const levelAt = (levels: Levels, level: number): Level => levels[level] ?? levels[0];
export const documentLevel = (document: JudgedDocument): Level => ({ document, body: document.body });
