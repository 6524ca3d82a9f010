import type { HubError } from "../core/errors.ts";
import { exactIntegers } from "../core/raw-number.ts";
import type { ApiResponse } from "./operation-types.ts";
import { statusOf } from "./status-of.ts";

/** An error as RFC 9457 problem details, for surfaces that no standard governs. */
export function problemDetails(error: HubError, requestId: string): ApiResponse {
  const status = statusOf[error.code];
  // What nobody foresaw may hold anything: the log has it, under the request's id.
  const detail = error.code === "internal" ? "the hub failed: its log says why" : error.message;
  const problems = error.problems.length === 0 ? {} : { problems: error.problems };
  const body = { type: `urn:twinweave:error:${error.code}`, title: error.code, status, detail, requestId, ...problems };
  return { status, type: "application/problem+json", body: JSON.stringify(body) };
}

/** @param form spaces of indentation, where people read it, and header fields */
export function jsonResponse(
  body: unknown,
  status = 200,
  { indent = 0, ...rest }: { readonly indent?: number; readonly headers?: NonNullable<ApiResponse["headers"]> } = {},
): ApiResponse {
  return { ...rest, status, type: "application/json", body: JSON.stringify(body, exactIntegers, indent) };
}
