import { Readable } from "node:stream";
import { HubError } from "../../core/errors.ts";
import type { SeriesPort } from "../../store/series-contract.ts";
import type { SeriesCatalog } from "../../time-series/contract.ts";
import { annotatedCsv } from "../../time-series/flux/annotated-csv.ts";
import { parseFlux } from "../../time-series/flux/parse-flux.ts";
import { prepareFlux } from "../../time-series/flux/run-flux.ts";
import { recordsCsv } from "../../time-series/records-csv.ts";
import type { ApiRequest, ApiResponse, Operation, Surface } from "../operation-types.ts";
import { influxError } from "./influx-error.ts";
import { influxRequest } from "./influx-request.ts";

export const TIME_SERIES_BASE = "/time-series";

/** What one tenant has of history. */
export interface TimeSeriesRoom {
  readonly catalog: SeriesCatalog;
  readonly series: SeriesPort;
}

export interface TimeSeriesSurfaceParts {
  /** @throws HubError `unknown-tenant` */
  readonly room: (tenant: string) => TimeSeriesRoom;
  readonly now: () => number;
}

const bucket = "twinweave";

/**
 * History for programs that plot it: the query of InfluxDB 2 in a part of Flux, as linked segments of time series name
 * it, and external segments as CSV. Tenants by path: `/tenants/{tenant}` before the base.
 */
export function createTimeSeriesSurface({ room, now }: TimeSeriesSurfaceParts): Surface {
  async function query(request: ApiRequest): Promise<ApiResponse> {
    const { query: text, dialect, now: at } = await influxRequest(request);
    const flux = parseFlux(text, at ?? now());
    if (flux.bucket !== bucket) throw new HubError("not-found", `there is no bucket ${flux.bucket}: ${bucket} is`);
    const { abort } = request.scope;
    const tables = await prepareFlux(flux, room(request.scope.tenant), abort);
    return csv(annotatedCsv(tables, flux, dialect));
  }

  async function exported(request: ApiRequest): Promise<ApiResponse> {
    const { submodelIdentifier = "", segment = "" } = request.params;
    const { catalog, series } = room(request.scope.tenant);
    const id = Buffer.from(submodelIdentifier, "base64url").toString("utf8");
    const file = await catalog.file(id, segment);
    const response = csv(recordsCsv(series, file, request.scope.abort));
    return {
      ...response,
      headers: { ...response.headers, "content-disposition": `attachment; filename="${segment}.csv"` },
    };
  }

  const operations: readonly Operation[] = [
    {
      name: "PostQuery",
      method: "POST",
      path: "/api/v2/query",
      clause: "InfluxDB API v2, PostQuery",
      right: "read",
      bodyLimit: 64 * 1024,
      handle: query,
    },
    {
      name: "GetExternalSegment",
      method: "GET",
      path: "/submodels/{submodelIdentifier}/segments/{segment}/records.csv",
      clause: "IDTA 02008-1-1, table 7",
      right: "read",
      handle: exported,
    },
  ];
  return {
    name: "time-series",
    base: TIME_SERIES_BASE,
    tenantInPath: true,
    operations,
    tenantOf: () => "default",
    renderError: influxError,
  };
}

const csv = (pieces: AsyncIterable<string>): ApiResponse => ({
  status: 200,
  type: "text/csv",
  headers: { "cache-control": "no-store" },
  body: Readable.from(pieces, { objectMode: false }),
});
