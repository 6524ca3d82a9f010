import { HubError } from "../../core/errors.ts";
import type { SeriesPort } from "../../store/series-contract.ts";
import { childrenOf } from "../metamodel/children.ts";
import type { Submodel, SubmodelElement } from "../metamodel/types.ts";
import type { ComputedContent } from "./computed-content.ts";
import { records } from "./computed-content.ts";
import { readSeries, recordBound } from "./series-definition.ts";
import { collection } from "./series-elements.ts";
import { recordsOf } from "./series-records.ts";
import { means } from "./vocabulary.ts";

/** What the hub itself does when an Operation is invoked: from the values of its inputs to those of its outputs. */
export type OwnOperation = (
  inputs: readonly SubmodelElement[],
  abort: AbortSignal,
) => Promise<readonly SubmodelElement[]>;

export interface OwnOperations {
  /** `undefined`: nothing that the hub does itself. */
  find(submodel: string, path: string): Promise<OwnOperation | undefined>;
}

export interface SeriesOperationsParts {
  readonly find: (submodel: string) => Promise<{ readonly stored: Submodel } | undefined>;
  readonly series: SeriesPort;
  readonly computed: ComputedContent;
}

/** ReadRecords and ReadSegments of time series submodels (IDTA 02008-1-1, 2.6), answered from history. */
export function createSeriesOperations({ find, series, computed }: SeriesOperationsParts): OwnOperations {
  return {
    async find(submodel, path) {
      if (path !== "ReadRecords" && path !== "ReadSegments") return undefined;
      const view = await find(submodel);
      const definition = view === undefined ? undefined : readSeries(view.stored);
      if (view === undefined || definition === undefined) return undefined;
      if (path === "ReadRecords") {
        return async (inputs) => {
          const bound = recordBound(definition);
          const window = await recordsOf(series, definition.variables, timespan(inputs), bound + 1);
          if (window.records.length > bound) {
            throw new HubError("too-complex", `more than ${bound} records lie in the time span: a shorter one, please`);
          }
          return [records(definition, window)];
        };
      }
      return async (inputs) => {
        const range = timespan(inputs);
        const { submodelElements = [] } = await computed.laidOver(view.stored);
        const segments = submodelElements.flatMap((one) => (means(one, "Segments") ? childrenOf(one) : []));
        return [
          collection(
            "Segments",
            "Segments",
            segments.filter((one) => overlaps(one, range)),
          ),
        ];
      };
    },
  };
}

/** The Range `Timespan`; both of its ends belong to it. @throws HubError `invalid` */
function timespan(inputs: readonly SubmodelElement[]): { readonly from: number; readonly to: number } {
  const given = inputs.find((one) => means(one, "Timespan") || one.idShort === "Timespan");
  const [from, to] =
    given?.modelType === "Range"
      ? [
          given.min === undefined ? 0 : Date.parse(given.min),
          given.max === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(given.max) + 1,
        ]
      : [Number.NaN, Number.NaN];
  if (from < to) return { from, to };
  const expected = "a Range of xs:dateTime, the earlier time first";
  throw new HubError("invalid", "the argument Timespan is no range of time", {
    problems: [{ place: "/inputArguments/0", message: "this is no range of time", expected }],
  });
}

/** A segment without times of its own may hold anything. */
function overlaps(segment: SubmodelElement, { from, to }: { readonly from: number; readonly to: number }): boolean {
  const time = (name: "StartTime" | "EndTime", none: number): number => {
    const found = childrenOf(segment).find((one) => means(one, name));
    return found?.modelType === "Property" && found.value !== undefined ? Date.parse(found.value) : none;
  };
  return time("StartTime", Number.NEGATIVE_INFINITY) < to && time("EndTime", Number.POSITIVE_INFINITY) >= from;
}
