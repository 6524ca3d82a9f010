import { isoTime } from "../../core/time.ts";
import type { Extension, LangString, Property, SubmodelElement } from "../metamodel/types.ts";
import { seriesOperations } from "./operation-elements.ts";
import { meaning, type SeriesTerm, seriesExtensions } from "./vocabulary.ts";

/** A text, or one for each language. */
export type Texts = string | Readonly<Record<string, string>>;

export interface SeriesContent {
  readonly name: Texts;
  readonly description?: Texts;
  readonly variables: readonly Property[];
  readonly segments: readonly SubmodelElement[];
}

export interface SegmentWishes {
  readonly internal?: { readonly window: string; readonly maxRecords?: number };
  readonly linked?: boolean;
  readonly external?: { readonly from: string; readonly to: string };
}

/** The elements of a time series submodel (IDTA 02008-1-1, tables 2 to 8) as they are stored. */
export function seriesElements({ name, description, variables, segments }: SeriesContent): readonly SubmodelElement[] {
  const time: Property = {
    modelType: "Property",
    idShort: "Time",
    semanticId: meaning("UtcTime"),
    valueType: "xs:dateTime",
  };
  const about = description === undefined ? [] : [texts("Description", "MetadataDescription", description)];
  return [
    collection("Metadata", "Metadata", [
      texts("Name", "MetadataName", name),
      ...about,
      collection("Record", "Record", [time, ...variables]),
    ]),
    collection("Segments", "Segments", segments),
    ...seriesOperations,
  ];
}

/**
 * The segments that a mapping wishes for. The linked one asks for the mean of each numeric variable, in the variables of
 * the query editor of InfluxDB, which those who plot it fill in.
 */
export function joinSegments(
  { internal, linked, external }: SegmentWishes,
  submodel: string,
  numeric: readonly string[],
): readonly SubmodelElement[] {
  const segments: SubmodelElement[] = [];
  if (internal !== undefined) {
    segments.push(
      collection(
        "InternalSegment",
        "InternalSegment",
        [],
        [
          { name: seriesExtensions.window, valueType: "xs:duration", value: isoDuration(internal.window) },
          { name: seriesExtensions.maxRecords, valueType: "xs:int", value: String(internal.maxRecords ?? 1_000) },
        ],
      ),
    );
  }
  if (linked === true) {
    const query: Property = {
      modelType: "Property",
      idShort: "Query",
      semanticId: meaning("Query"),
      valueType: "xs:string",
      value: linkedQuery(submodel, numeric),
    };
    const own = { name: seriesExtensions.own, valueType: "xs:boolean", value: "true" } as const;
    segments.push(collection("LinkedSegment", "LinkedSegment", [query], [own]));
  }
  if (external !== undefined) {
    const range = ([name, text]: readonly [string, string]): Extension => ({
      name,
      valueType: "xs:dateTime",
      value: isoTime(Date.parse(text)),
    });
    const extensions = [range([seriesExtensions.from, external.from]), range([seriesExtensions.to, external.to])];
    segments.push(collection("ExternalSegment", "ExternalSegment", [], extensions));
  }
  return segments;
}

function linkedQuery(submodel: string, numeric: readonly string[]): string {
  const fields = numeric.map((name) => `r._field == "${name}"`).join(" or ");
  const filters = [`r._measurement == ${JSON.stringify(submodel)}`, ...(fields === "" ? [] : [fields])];
  return [
    'from(bucket: "twinweave")',
    "range(start: v.timeRangeStart, stop: v.timeRangeStop)",
    ...filters.map((filter) => `filter(fn: (r) => ${filter})`),
    // Signals are reported when they change: between two reports the last one holds.
    "aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: true)",
    "fill(usePrevious: true)",
  ].join("\n  |> ");
}

/** `1h` as `PT3600S`. */
function isoDuration(text: string): string {
  const factor = { ms: 0.001, s: 1, m: 60, min: 60, h: 3_600, d: 86_400 };
  const [, amount = "0", unit = "s"] = /^([0-9.]+) ?([a-z]+)$/.exec(text) ?? [];
  return `PT${Number(amount) * (factor[unit as keyof typeof factor] ?? 1)}S`;
}

export function collection(
  idShort: string,
  term: SeriesTerm,
  value: readonly SubmodelElement[],
  extensions: readonly Extension[] = [],
): SubmodelElement {
  return {
    modelType: "SubmodelElementCollection",
    idShort,
    semanticId: meaning(term),
    ...(extensions.length === 0 ? {} : { extensions }),
    ...(value.length === 0 ? {} : { value }),
  };
}

function texts(idShort: string, term: SeriesTerm, given: Texts): SubmodelElement {
  const value: readonly LangString[] =
    typeof given === "string"
      ? [{ language: "en", text: given }]
      : Object.entries(given).map(([language, text]) => ({ language, text }));
  return { modelType: "MultiLanguageProperty", idShort, semanticId: meaning(term), value };
}
