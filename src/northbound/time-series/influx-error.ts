import type { HubError } from "../../core/errors.ts";
import type { ApiResponse } from "../operation-types.ts";
import { statusOf } from "../status-of.ts";

/** By status; what InfluxDB calls it. */
const codes: Readonly<Record<number, string>> = {
  400: "invalid",
  401: "unauthorized",
  403: "forbidden",
  404: "not found",
  405: "method not allowed",
  413: "request too large",
  415: "invalid",
  503: "unavailable",
};

/** An error as clients of InfluxDB 2 read it: `{code, message}`. */
export function influxError(error: HubError, { requestId }: { readonly requestId: string }): ApiResponse {
  // A query past a bound is the query's fault, and no matter of rights.
  const status = error.code === "too-complex" ? 400 : statusOf[error.code];
  const code = codes[status] ?? (status >= 500 ? "internal error" : "invalid");
  const message = error.code === "internal" ? "the hub failed: its log says why" : error.message;
  return { status, type: "application/json", body: JSON.stringify({ code, message, requestId }) };
}
