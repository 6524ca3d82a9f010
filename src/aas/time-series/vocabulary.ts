import { externalReference } from "../metamodel/reference.ts";
import type { Extension, Property, Reference, SubmodelElement } from "../metamodel/types.ts";

const base = "https://admin-shell.io/idta/TimeSeries";

/** Identifiers of IDTA 02008-1-1. */
export const timeSeriesId = `${base}/1/1`;
const ids = {
  Metadata: `${base}/Metadata/1/1`,
  MetadataName: `${base}/Metadata/Name/1/1`,
  MetadataDescription: `${base}/Metadata/Description/1/1`,
  Record: `${base}/Record/1/1`,
  UtcTime: `${base}/UtcTime/1/1`,
  Segments: `${base}/Segments/1/1`,
  InternalSegment: `${base}/Segments/InternalSegment/1/1`,
  LinkedSegment: `${base}/Segments/LinkedSegment/1/1`,
  ExternalSegment: `${base}/Segments/ExternalSegment/1/1`,
  Name: `${base}/Segment/Name/1/1`,
  Description: `${base}/Segment/Description/1/1`,
  RecordCount: `${base}/Segment/RecordCount/1/1`,
  StartTime: `${base}/Segment/StartTime/1/1`,
  EndTime: `${base}/Segment/EndTime/1/1`,
  Duration: `${base}/Segment/Duration/1/1`,
  SamplingInterval: `${base}/Segment/SamplingInterval/1/1`,
  SamplingRate: `${base}/Segment/SamplingRate/1/1`,
  State: `${base}/Segment/State/1/1`,
  LastUpdate: `${base}/Segment/LastUpdate/1/1`,
  Records: `${base}/Records/1/1`,
  Endpoint: `${base}/Endpoint/1/1`,
  Query: `${base}/Query/1/1`,
  File: `${base}/File/1/1`,
  Timespan: `${base}/Timespan/1/1`,
  ReadRecords: `${base}/ReadRecords/1/1`,
  ReadSegments: `${base}/ReadSegments/1/1`,
} as const;

export type SeriesTerm = keyof typeof ids;

/** semanticId of a term of the standard. */
export const meaning = (term: SeriesTerm): Reference => externalReference(ids[term]);

export function means(element: SubmodelElement, term: SeriesTerm): boolean {
  return element.semanticId?.keys.at(-1)?.value === ids[term];
}

/** IEC CDD, the quality of a value, which IDTA 02008-1-1 2.2.2 names for records. */
export const valueQuality = externalReference("0112/2///61360_4#ADA350");

/** Extensions by which a submodel says what the hub lays over it; they are stored, and shown, as any other. */
export const seriesExtensions = {
  /** On a variable of Metadata.Record: refers to the element whose history it shows. */
  history: "Twinweave/History",
  /** On an internal segment: an xs:duration, up to now. */
  window: "Twinweave/Window",
  /** On an internal segment: how many records at most, the newest. */
  maxRecords: "Twinweave/MaxRecords",
  /** On an external segment: from when (inclusive) and until when (exclusive) the file tells. */
  from: "Twinweave/From",
  to: "Twinweave/To",
  /** On a linked segment: the hub's own endpoint. */
  own: "Twinweave/OwnEndpoint",
} as const;

export function extensionOf(element: SubmodelElement, name: string): Extension | undefined {
  return element.extensions?.find((one) => one.name === name);
}

export function property(term: SeriesTerm, valueType: Property["valueType"], value: string): Property {
  return { modelType: "Property", idShort: term, semanticId: meaning(term), valueType, value };
}
