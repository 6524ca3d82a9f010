import type { HubMetrics } from "../../metrics/hub-metrics.ts";
import type { ApiRequest, ApiResponse, Surface } from "../operation-types.ts";
import { jsonResponse, problemDetails } from "../problem-details.ts";
import { openApiOf } from "./admin-openapi.ts";
import type { AdminOperation } from "./admin-operation.ts";

export interface SystemPorts {
  readonly version: { readonly name: string; readonly version: string; readonly node: string };
  /** What is still missing until the hub may be asked; empty when it is ready. */
  readonly missing: () => readonly string[];
  readonly metrics: HubMetrics;
  /** The start page at `/`. */
  readonly page: () => { readonly body: string; readonly headers: Readonly<Record<string, string>> };
}

/** What a machine asks of any service: is it alive, is it ready, what is it, how is it; and the start page for a person. */
export function createSystemSurface(ports: SystemPorts): Surface {
  const operations = [
    open("Health", "/health", "Whether the hub is alive", () => jsonResponse({ status: "up" })),
    open("Ready", "/ready", "Whether the hub may be asked: 200, or 503 and what is missing", () => {
      const missing = ports.missing();
      return jsonResponse({ ready: missing.length === 0, missing }, missing.length === 0 ? 200 : 503);
    }),
    open("Version", "/version", "What this hub is", () => jsonResponse(ports.version)),
    open("StartPage", "/", "The start page, for people", () => ({
      status: 200,
      type: "text/html; charset=utf-8",
      ...ports.page(),
    })),
    {
      ...open("Metrics", "/metrics", "Prometheus text format 0.0.4", async () => ({
        status: 200,
        ...(await ports.metrics.render()),
      })),
      right: "read" as const,
    },
  ];
  return {
    name: "system",
    base: "",
    ofWholeHub: true,
    operations,
    tenantOf: () => "default",
    renderError: (error, { requestId }) => problemDetails(error, requestId),
    openapi: () => openApiOf(operations, "/", "Twinweave: health, version, metrics"),
  };
}

function open(
  name: string,
  path: string,
  summary: string,
  handle: (request: ApiRequest) => Promise<ApiResponse> | ApiResponse,
) {
  return {
    name,
    method: "GET",
    path,
    clause: "Twinweave, operations",
    right: "none",
    summary,
    query: [],
    handle,
  } satisfies AdminOperation;
}
