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

/** Whether an element of this name, right below the container, is worked out on read. */
export function isComputed(container: SubmodelElement, idShort: string | undefined): boolean {
  return idShort !== undefined && computedNames.includes(idShort) && segmentOf(container) !== undefined;
}

/** A segment as it may be stored: a client that writes back what it has read stores no records. */
export function segmentWithoutComputed<T extends SubmodelElement>(element: T): T {
  return segmentOf(element) === undefined ? element : withChildren(element, storedChildren(element));
}
