import { childrenOf, withChildren } from "../metamodel/children.ts";
import type { SubmodelElement } from "../metamodel/types.ts";
import { segmentOf } from "./series-definition.ts";

/** Of a segment that the hub lays history over: what is never stored. */
const computedNames: readonly string[] = [
  "RecordCount",
  "StartTime",
  "EndTime",
  "Duration",
  "SamplingInterval",
  "SamplingRate",
  "State",
  "LastUpdate",
  "Records",
  "Endpoint",
  "File",
];

/** What stands in a segment besides what is laid over it. */
export function storedChildren(segment: SubmodelElement): readonly SubmodelElement[] {
  return childrenOf(segment).filter(({ idShort = "" }) => !computedNames.includes(idShort));
}

/** A segment as it may be stored: a client that writes back what it has read stores no records. */
export function segmentWithoutComputed<T extends SubmodelElement>(element: T): T {
  return segmentOf(element) === undefined ? element : withChildren(element, storedChildren(element));
}
