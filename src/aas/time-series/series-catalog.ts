import { HubError } from "../../core/errors.ts";
import type { SeriesCatalog, SeriesField } from "../../time-series/contract.ts";
import type { Overlay } from "../../twin/contract.ts";
import type { Submodel } from "../metamodel/types.ts";
import { valueTypeOf } from "../xsd/xsd-type.ts";
import { readSeries, type SeriesVariable } from "./series-definition.ts";

export interface SeriesCatalogParts {
  readonly find: (submodel: string) => Promise<{ readonly stored: Submodel } | undefined>;
  readonly twin: Overlay;
}

/**
 * Which histories the AAS has: the variables of time series submodels under their idShorts, and the linked elements of
 * all other submodels under their paths.
 */
export function createSeriesCatalog({ find, twin }: SeriesCatalogParts): SeriesCatalog {
  return {
    async fields(measurement) {
      const view = await find(measurement);
      if (view === undefined) return [];
      const series = readSeries(view.stored);
      if (series !== undefined) return series.variables.map((variable) => fieldOf(measurement, variable));
      return twin
        .leaves("submodel", measurement)
        .map(({ part, link }) => ({
          measurement,
          field: part,
          type: link.type,
          leaf: { collection: "submodel" as const, document: measurement, part },
        }))
        .sort((a, b) => (a.field < b.field ? -1 : 1));
    },
    async file(measurement, segment) {
      const view = await find(measurement);
      const series = view === undefined ? undefined : readSeries(view.stored);
      const own = series?.segments.find(({ idShort }) => idShort === segment);
      if (series === undefined || own?.kind !== "external") {
        throw new HubError("not-found", `there is no external segment ${segment} in ${measurement}`);
      }
      return {
        range: own,
        time: series.time.idShort ?? "Time",
        fields: series.variables.map((variable) => fieldOf(measurement, variable)),
      };
    },
  };
}

function fieldOf(measurement: string, { pattern, leaf }: SeriesVariable): SeriesField {
  return { measurement, field: pattern.idShort ?? leaf.part, type: valueTypeOf(pattern.valueType), leaf };
}
