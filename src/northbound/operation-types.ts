import type { Readable } from "node:stream";
import type { HubError } from "../core/errors.ts";
import type { Right, Scope } from "../core/scope.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request as operations see it: neutral to the HTTP library. */
export interface ApiRequest {
  readonly scope: Scope;
  readonly method: Method;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Path and query as the client sent them. */
  readonly url: string;
  /** Where clients reach the surface from outside, without a trailing slash: `https://twins.example.org/api/v3.1`. */
  readonly baseUrl: string;
  /** The body, whole, bounded by the operation's `bodyLimit` (`too-large`). Empty without one. */
  body(): Promise<Buffer>;
  /** The body as it arrives, likewise bounded. */
  stream(): Readable;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text is UTF-8. Absent: no body. */
  readonly body?: string | Uint8Array | Readable;
  /** Without charset, e.g. `application/json`; required with a body. */
  readonly type?: string;
}

/** One operation of a standard: its name, its clause, one handler. */
export interface Operation {
  /** The standard's name, e.g. `GetSubmodelById`. */
  readonly name: string;
  readonly method: Method;
  /** Template below the surface's base: `/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}`. */
  readonly path: string;
  /** Where it is specified, e.g. `IDTA-01002 v3.1.2, GetSubmodelById` or `CIM 009 v1.9.1, 5.7.1, 6.5.3.1`. */
  readonly clause: string;
  /** `none`: answered to anybody, keys or not (health checks, the start page). */
  readonly right: Right | "none";
  /** Bytes; default 4 MiB. */
  readonly bodyLimit?: number;
  handle(request: ApiRequest): Promise<ApiResponse> | ApiResponse;
}

/** A standard's whole face: mounted under its base by `operation.ts`, which adds everything that is HTTP's. */
export interface Surface {
  readonly name: string;
  /** `/api/v3.1`, `/ngsi-ld/v1`, … */
  readonly base: string;
  /** Further bases with the same operations, e.g. `/api/v3.0`. */
  readonly aliases?: readonly string[];
  /** Whether `/tenants/{tenant}` may stand before the base and choose the tenant. */
  readonly tenantInPath?: boolean;
  /** It shows and changes what is the whole hub's: closed to keys that are good for single tenants. */
  readonly ofWholeHub?: boolean;
  readonly operations: readonly Operation[];
  /** An empty segment stands for a path parameter, so that its operation can say that it is missing (CIM 009: 400). */
  readonly emptyParameters?: boolean;
  /** Which tenant is asked; `default` without a header or path of the standard's own. */
  tenantOf(headers: Readonly<Record<string, string | undefined>>, url: string): string;
  /** An error in the standard's form. */
  renderError(
    error: HubError,
    request: {
      readonly requestId: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string | undefined>>;
    },
  ): ApiResponse;
  /** OpenAPI document served at `<base>/openapi.json`, made from the operations. */
  readonly openapi?: () => unknown;
}
