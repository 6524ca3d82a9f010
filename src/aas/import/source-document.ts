import type { Problem } from "../../core/errors.ts";
import type { AasxPart } from "../aasx/read-aasx.ts";
import type { IdentifiableClass } from "../xml/xml-shapes.ts";

/** A shell, submodel or concept description as a file has it, not yet validated. */
export interface SourceDocument {
  readonly type: IdentifiableClass;
  readonly value: unknown;
  /** What its file says of it that no JSON form can hold. */
  readonly problems: readonly Problem[];
  /** Where in the file stands, or stood, what a JSON pointer into `value` leads to now. */
  place(pointer: string): string;
  /** The part of its package that a File's value or a thumbnail's path names. */
  part(reference: string): AasxPart | undefined;
}
