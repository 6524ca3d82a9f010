import { acceptsGzip, gzipped, isCompressible } from "./compression.ts";
import { etagOf, gzipTag, knownTag, notModified } from "./conditional-request.ts";
import type { ApiRequest, ApiResponse } from "./operation-types.ts";

/**
 * What goes out for an operation's answer: a 200 to a read gets its entity tag, a client that has it gets 304 without
 * content, one that takes gzip gets that. Header names come out in lower case.
 */
export async function representation(
  answer: ApiResponse,
  isRead: boolean,
  headers: ApiRequest["headers"],
): Promise<ApiResponse> {
  let response: ApiResponse = { ...answer, headers: lowerCased(answer.headers) };
  const compressible = isCompressible(response);
  const compresses = compressible && acceptsGzip(headers["accept-encoding"]);
  if (compressible) response = varying(response, "accept-encoding");
  const { body } = response;
  if (isRead && response.status === 200 && (typeof body === "string" || body instanceof Uint8Array)) {
    const given = response.headers?.etag;
    const etag = typeof given === "string" ? given : etagOf(body);
    const fresh = { "cache-control": "no-cache", ...response.headers };
    response = { ...response, headers: { ...fresh, etag: compresses ? gzipTag(etag) : etag } };
    const known = knownTag(headers["if-none-match"], etag);
    if (known !== undefined) return notModified(response, known);
  }
  return compresses ? await gzipped(response) : response;
}

function lowerCased(headers: ApiResponse["headers"]): NonNullable<ApiResponse["headers"]> {
  const out: Record<string, string | readonly string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) out[name.toLowerCase()] = value;
  }
  return out;
}

/** `response` with one more header named in `Vary`; headers in lower case. */
export function varying(response: ApiResponse, header: string): ApiResponse {
  const { vary } = response.headers ?? {};
  return { ...response, headers: { ...response.headers, vary: vary === undefined ? header : `${vary}, ${header}` } };
}
