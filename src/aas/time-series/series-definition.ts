import type { LeafAddress } from "../../core/document.ts";
import { formatIdShortPath } from "../id-short-path.ts";
import { childrenOf } from "../metamodel/children.ts";
import type { Property, Reference, Submodel, SubmodelElement } from "../metamodel/types.ts";
import { durationMs } from "../xsd/duration.ts";
import { extensionOf, means, seriesExtensions, timeSeriesId } from "./vocabulary.ts";

/** A variable of the records, and the element whose history it shows. */
export interface SeriesVariable {
  readonly pattern: Property;
  readonly leaf: LeafAddress;
}

export type SeriesSegment =
  | { readonly kind: "internal"; readonly idShort: string; readonly window: number; readonly maxRecords: number }
  | { readonly kind: "linked"; readonly idShort: string }
  | { readonly kind: "external"; readonly idShort: string; readonly from: number; readonly to: number };

/** What a time series submodel says of the history that is to be laid over it. */
export interface SeriesDefinition {
  readonly time: Property;
  readonly variables: readonly SeriesVariable[];
  readonly segments: readonly SeriesSegment[];
}

/** Bounds of what one internal segment may hold, whoever wrote the submodel. */
const mostRecords = 10_000;
const mostVariables = 100;
const mostSegments = 20;
/** In all records of a segment together. */
const mostValues = 100_000;

/** How many records of these variables are made at most. */
export function recordBound({ variables }: SeriesDefinition): number {
  return Math.min(mostRecords, Math.floor(mostValues / variables.length));
}

function isTimeSeries({ semanticId }: Submodel): boolean {
  return semanticId?.keys.at(-1)?.value === timeSeriesId;
}

/** `undefined`: no time series, one that is wholly its author's, or one beyond the bounds. */
export function readSeries(submodel: Submodel): SeriesDefinition | undefined {
  if (!isTimeSeries(submodel)) return undefined;
  const [metadata, segments] = ["Metadata", "Segments"].map((name) =>
    submodel.submodelElements?.find(({ idShort }) => idShort === name),
  );
  const record = metadata === undefined ? undefined : childrenOf(metadata).find((one) => means(one, "Record"));
  if (record === undefined || segments === undefined) return undefined;
  const time = childrenOf(record).find((one): one is Property => one.modelType === "Property" && means(one, "UtcTime"));
  const variables = childrenOf(record).flatMap((one) => variableOf(one) ?? []);
  const own = childrenOf(segments).flatMap((one) => segmentOf(one) ?? []);
  if (time === undefined || variables.length === 0 || own.length === 0) return undefined;
  if (variables.length > mostVariables || own.length > mostSegments) return undefined;
  return { time, variables, segments: own };
}

function variableOf(element: SubmodelElement): SeriesVariable | undefined {
  const [target] = extensionOf(element, seriesExtensions.history)?.refersTo ?? [];
  const leaf = target === undefined ? undefined : leafOf(target);
  return element.modelType !== "Property" || leaf === undefined ? undefined : { pattern: element, leaf };
}

/** The element that a model reference means. */
export function leafOf({ keys }: Reference): LeafAddress | undefined {
  const [submodel, ...steps] = keys;
  if (submodel?.type !== "Submodel" || steps.length === 0) return undefined;
  const path = steps.map(({ value }) => (/^\d+$/.test(value) ? Number(value) : value));
  return { collection: "submodel", document: submodel.value, part: formatIdShortPath(path) };
}

/** A segment that the hub lays history over. */
export function segmentOf(element: SubmodelElement): SeriesSegment | undefined {
  const idShort = element.idShort ?? "";
  const said = (name: string): string => extensionOf(element, name)?.value ?? "";
  if (element.modelType !== "SubmodelElementCollection") return undefined;
  if (means(element, "InternalSegment")) {
    const window = durationMs(said(seriesExtensions.window));
    const wanted = Number(said(seriesExtensions.maxRecords) || "1000");
    if (window === undefined || !(wanted >= 1)) return undefined;
    return { kind: "internal", idShort, window, maxRecords: Math.floor(wanted) };
  }
  if (means(element, "LinkedSegment")) {
    return extensionOf(element, seriesExtensions.own) === undefined ? undefined : { kind: "linked", idShort };
  }
  const [from, to] = [seriesExtensions.from, seriesExtensions.to].map((name) => Date.parse(said(name)));
  if (from === undefined || to === undefined || !(from < to) || !means(element, "ExternalSegment")) return undefined;
  return { kind: "external", idShort, from, to };
}
