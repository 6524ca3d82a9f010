import type { Context } from "../../ngsi-ld/context/contexts.ts";
import { CONTEXT_RELATION, CORE_CONTEXT_URL } from "../../ngsi-ld/vocabulary.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import { type AnswerType, GEO_TYPE, JSON_TYPE, LD_TYPE } from "./media-type.ts";

/** 6.3.14: the tenant's header is sent back as it came. */
export function tenantHeader(headers: ApiRequest["headers"]): Record<string, string> {
  const tenant = headers["ngsild-tenant"];
  return tenant === undefined ? {} : { "NGSILD-Tenant": tenant };
}

export const linkOf = (context: Context): string =>
  `<${context.url ?? CORE_CONTEXT_URL}>; rel="${CONTEXT_RELATION}"; type="${LD_TYPE}"`;

/** `Prefer: body=json`: GeoJSON without the context, which is linked to instead (6.3.6). */
export const wantsPlainJson = ({ headers }: ApiRequest): boolean => preferenceOf(headers.prefer, "body") === "json";

/** A preference's value: names whatever their case, values quoted or not, parameters passed over (RFC 7240, 2). */
export function preferenceOf(prefer: string | undefined, name: string): string | undefined {
  for (const preference of prefer?.split(",") ?? []) {
    const [token = "", value = ""] = (preference.split(";")[0] ?? "").split("=");
    if (token.trim().toLowerCase() === name) return value.trim().replace(/^"(.*)"$/, "$1");
  }
  return undefined;
}

/** An answer with a body in the context of the request (6.3.6): by Link header for JSON, inside the body for JSON-LD. */
export function answer(
  request: ApiRequest,
  type: AnswerType,
  context: Context,
  body: string,
  more: { readonly links?: readonly string[]; readonly headers?: Readonly<Record<string, string>> } = {},
): ApiResponse {
  const isLinked = type === JSON_TYPE || (type === GEO_TYPE && wantsPlainJson(request));
  const links = [...(more.links ?? []), ...(isLinked ? [linkOf(context)] : [])];
  return {
    status: 200,
    headers: {
      ...tenantHeader(request.headers),
      ...more.headers,
      ...(links.length === 0 ? {} : { Link: links }),
      Vary: "Accept, Link, NGSILD-Tenant",
    },
    type,
    body,
  };
}

export const noContent = (request: ApiRequest): ApiResponse => ({
  status: 204,
  headers: tenantHeader(request.headers),
});

export function created(request: ApiRequest, path: string, body?: string): ApiResponse {
  const headers = { ...tenantHeader(request.headers), ...(path === "" ? {} : { Location: path }) };
  return body === undefined ? { status: 201, headers } : { status: 201, headers, type: JSON_TYPE, body };
}

/** What was done and what was not (5.2.16, 5.2.18). */
export function multiStatus(request: ApiRequest, body: unknown): ApiResponse {
  return { status: 207, headers: tenantHeader(request.headers), type: JSON_TYPE, body: JSON.stringify(body) };
}

/** An id as a segment of a path: what RFC 3986 lets stand in one stands as it is, so that clients find their id again. */
export function pathSegment(id: string): string {
  return encodeURIComponent(id).replace(/%(?:24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent);
}
