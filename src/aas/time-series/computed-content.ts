import type { DocumentRow } from "../../core/document.ts";
import type { Clock } from "../../core/time.ts";
import { isoTime } from "../../core/time.ts";
import type { SeriesPort } from "../../store/series-contract.ts";
import { childrenOf, withChildren, withElements } from "../metamodel/children.ts";
import type { File, Submodel, SubmodelElement } from "../metamodel/types.ts";
import { storedChildren } from "./computed-names.ts";
import { readSeries, recordBound, type SeriesDefinition, type SeriesSegment, segmentOf } from "./series-definition.ts";
import { recordElement, recordsOf, type SeriesWindow } from "./series-records.ts";
import { meaning, property, timeSeriesId } from "./vocabulary.ts";

/** Content that stands in no document but is worked out when it is read: the records of time series. */
export interface ComputedContent {
  /** Whether a document has such content, by its head alone. */
  concerns(row: DocumentRow): boolean;
  /** The submodel as it is read. */
  laidOver(submodel: Submodel): Promise<Submodel>;
}

export interface ComputedParts {
  readonly series: SeriesPort;
  readonly clock: Clock;
  /** Where clients reach the tenant's time series, without a trailing slash; `undefined` where nothing serves them. */
  readonly endpoint: () => string | undefined;
}

export function createComputedContent({ series, clock, endpoint }: ComputedParts): ComputedContent {
  async function segmentElements(
    definition: SeriesDefinition,
    segment: SeriesSegment,
    submodel: string,
  ): Promise<readonly SubmodelElement[]> {
    const base = endpoint();
    switch (segment.kind) {
      case "linked":
        return base === undefined ? [] : [property("Endpoint", "xs:string", `${base}/api/v2/query`)];
      case "internal": {
        const now = clock.now();
        const range = { from: now - segment.window, to: now + 1 };
        const window = await recordsOf(
          series,
          definition.variables,
          range,
          Math.min(segment.maxRecords, recordBound(definition)),
        );
        return [...figures(window, "in progress"), records(definition, window)];
      }
      case "external": {
        const id = Buffer.from(submodel).toString("base64url");
        const state = property("State", "xs:string", segment.to <= clock.now() ? "completed" : "in progress");
        const file: File = {
          modelType: "File",
          idShort: "File",
          semanticId: meaning("File"),
          contentType: "text/csv",
          ...(base === undefined ? {} : { value: `${base}/submodels/${id}/segments/${segment.idShort}/records.csv` }),
        };
        const times = [
          property("StartTime", "xs:string", isoTime(segment.from)),
          property("EndTime", "xs:string", isoTime(segment.to)),
        ];
        return [...times, state, file];
      }
    }
  }

  return {
    concerns: ({ keys }) => keys.semanticId?.includes(timeSeriesId) === true,
    async laidOver(submodel) {
      const definition = readSeries(submodel);
      if (definition === undefined) return submodel;
      const elements = await Promise.all(
        (submodel.submodelElements ?? []).map(async (element) => {
          if (element.idShort !== "Segments") return element;
          const segments = childrenOf(element).map(async (one) => {
            const segment = segmentOf(one);
            if (segment === undefined) return one;
            const computed = await segmentElements(definition, segment, submodel.id);
            return withChildren(one, [...storedChildren(one), ...computed]);
          });
          return withChildren(element, await Promise.all(segments));
        }),
      );
      return withElements(submodel, elements);
    },
  };
}

/** Table 6 of IDTA 02008-1-1: what a segment says of its records. */
export function figures({ records, lastUpdate }: SeriesWindow, state: string): readonly SubmodelElement[] {
  const [first, last] = [records[0], records.at(-1)];
  const count = property("RecordCount", "xs:long", String(records.length));
  if (first === undefined || last === undefined) return [count, property("State", "xs:string", state)];
  const seconds = (last.at - first.at) / 1_000;
  return [
    count,
    property("StartTime", "xs:string", isoTime(first.at)),
    property("EndTime", "xs:string", isoTime(last.at)),
    property("Duration", "xs:string", `PT${seconds}S`),
    ...sampling(records.length - 1, seconds),
    property("State", "xs:string", state),
    ...(lastUpdate === undefined ? [] : [property("LastUpdate", "xs:string", isoTime(lastUpdate))]),
  ];
}

/** On the average; both are whole numbers in the standard, so the one that says more is told. */
function sampling(steps: number, seconds: number): readonly SubmodelElement[] {
  if (steps < 1 || seconds <= 0) return [];
  const interval = seconds / steps;
  return interval >= 1
    ? [property("SamplingInterval", "xs:long", String(Math.round(interval)))]
    : [property("SamplingRate", "xs:long", String(Math.round(1 / interval)))];
}

export function records(definition: SeriesDefinition, { records: all }: SeriesWindow): SubmodelElement {
  const value = all.map((record) => recordElement(definition, record));
  return withChildren(
    { modelType: "SubmodelElementCollection", idShort: "Records", semanticId: meaning("Records") },
    value,
  );
}
