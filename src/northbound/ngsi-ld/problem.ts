import type { HubError, HubErrorCode } from "../../core/errors.ts";
import type { ApiResponse } from "../operation-types.ts";

const ERRORS = "https://uri.etsi.org/ngsi-ld/errors/";

interface Form {
  readonly status: number;
  /** The standard's error type (CIM 009 5.5.2), or the hub's own where it has none. */
  readonly type: string;
  readonly title: string;
}

const form = (status: number, type: string, title: string): Form => ({ status, type: ERRORS + type, title });
const own = (status: number, title: string): Form => ({ status, type: "about:blank", title });
const internal = form(500, "InternalError", "Internal error");
const badData = form(400, "BadRequestData", "Bad request data");

const forms: Readonly<Record<HubErrorCode, Form>> = {
  malformed: form(400, "InvalidRequest", "Invalid request"),
  invalid: badData,
  unauthorized: own(401, "Unauthorized"),
  forbidden: own(403, "Forbidden"),
  "read-only": form(409, "Conflict", "Conflict"),
  "not-found": form(404, "ResourceNotFound", "Resource not found"),
  "unknown-tenant": form(404, "NonexistentTenant", "The tenant does not exist"),
  "method-not-allowed": own(405, "Method not allowed"),
  "not-acceptable": own(406, "Not acceptable"),
  "already-exists": form(409, "AlreadyExists", "The element already exists"),
  conflict: form(409, "Conflict", "Conflict"),
  "precondition-failed": own(412, "Precondition failed"),
  "length-required": own(411, "Length required"),
  "too-large": own(413, "Content too large"),
  "range-not-satisfiable": own(416, "Range not satisfiable"),
  "uri-too-long": own(414, "URI too long"),
  "unsupported-media-type": own(415, "Unsupported media type"),
  unsupported: form(422, "OperationNotSupported", "Operation not supported"),
  "too-complex": form(403, "TooComplexQuery", "The query is too complex"),
  overloaded: own(503, "Overloaded"),
  "device-refused": own(502, "The device refused"),
  "device-timeout": own(504, "The device did not answer in time"),
  unreachable: own(502, "The device cannot be reached"),
  untrusted: own(502, "The device is not trusted"),
  "denied-by-egress": form(400, "BadRequestData", "The hub may not reach this address"),
  "context-unavailable": form(504, "LdContextNotAvailable", "The @context cannot be retrieved"),
  "store-full": own(507, "The store is full"),
  "store-corrupt": internal,
  "store-busy": own(503, "The store is busy"),
  config: internal,
  aborted: own(499, "The request was aborted"),
  internal,
};

/** Problem details (RFC 7807; CIM 009 5.5.3, 5.5.6, 6.3.2, 6.3.3) with the standard's error type; HubErrors inside results look the same. */
export function problemOf(error: HubError): Record<string, unknown> {
  const { status, type, title } = forms[error.code];
  // What nobody foresaw is logged, not told.
  const detail = status === 500 ? "see the hub's log under this request's id" : error.message;
  const problems = error.problems.length === 0 ? {} : { problems: error.problems };
  return { type, title, detail, status, ...problems };
}

/** Statuses that come without a body (6.3.4). */
const BARE: ReadonlySet<number> = new Set([411, 415]);

export function problemResponse(error: HubError, headers: Readonly<Record<string, string>>): ApiResponse {
  const { status } = forms[error.code];
  const retry = error.retryAfter === undefined ? {} : { "Retry-After": String(Math.ceil(error.retryAfter)) };
  if (BARE.has(status)) return { status, headers };
  return {
    status,
    headers: { ...headers, ...retry },
    type: "application/json",
    body: JSON.stringify(problemOf(error)),
  };
}

/** Part of a 207: one entity's error (5.2.17). */
export const entityError = (entityId: string, error: HubError): Record<string, unknown> => ({
  entityId,
  error: problemOf(error),
});
