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
  const own = lowerCased(answer.headers);
  const { status, body } = answer;
  const compressible = isCompressible({ ...answer, headers: own });
  const compresses = compressible && acceptsGzip(headers["accept-encoding"]);
  if (compressible) own.vary = own.vary === undefined ? "accept-encoding" : `${own.vary}, accept-encoding`;
  if (isRead && status === 200 && (typeof body === "string" || body instanceof Uint8Array)) {
    const etag = typeof own.etag === "string" ? own.etag : etagOf(body);
    own["cache-control"] ??= "no-cache";
    own.etag = compresses ? gzipTag(etag) : etag;
    const known = knownTag(headers["if-none-match"], etag);
    if (known !== undefined) return notModified({ ...answer, headers: own }, known);
  }
  const response = { ...answer, headers: own };
  return compresses ? await gzipped(response) : response;
}

function lowerCased(headers: ApiResponse["headers"]): Record<string, string | readonly string[]> {
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
