import type { HubMetrics } from "../../metrics/hub-metrics.ts";
import type { Surface } from "../operation-types.ts";
import { jsonResponse, problemDetails } from "../problem-details.ts";

export interface SystemPorts {
  readonly version: { readonly name: string; readonly version: string; readonly node: string };
  /** What is still missing until the hub may be asked; empty when it is ready. */
  readonly missing: () => readonly string[];
  readonly metrics: HubMetrics;
  /** The start page at `/`. */
  readonly page: () => { readonly body: string; readonly headers: Readonly<Record<string, string>> };
}

const clause = "Twinweave, operations";

/** What a machine asks of any service: is it alive, is it ready, what is it, how is it; and the start page for a person. */
export function createSystemSurface(ports: SystemPorts): Surface {
  return {
    name: "system",
    base: "",
    operations: [
      {
        name: "Health",
        method: "GET",
        path: "/health",
        clause,
        right: "none",
        handle: () => jsonResponse({ status: "up" }),
      },
      {
        name: "Ready",
        method: "GET",
        path: "/ready",
        clause,
        right: "none",
        handle: () => {
          const missing = ports.missing();
          return jsonResponse({ ready: missing.length === 0, missing }, missing.length === 0 ? 200 : 503);
        },
      },
      {
        name: "Version",
        method: "GET",
        path: "/version",
        clause,
        right: "none",
        handle: () => jsonResponse(ports.version),
      },
      {
        name: "Metrics",
        method: "GET",
        path: "/metrics",
        clause: "Prometheus text format 0.0.4",
        right: "read",
        handle: async () => ({ status: 200, ...(await ports.metrics.render()) }),
      },
      {
        name: "StartPage",
        method: "GET",
        path: "/",
        clause,
        right: "none",
        handle: () => ({ status: 200, type: "text/html; charset=utf-8", ...ports.page() }),
      },
    ],
    tenantOf: () => "default",
    renderError: (error, { requestId }) => problemDetails(error, requestId),
  };
}
