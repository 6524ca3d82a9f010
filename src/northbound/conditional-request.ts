import { hash } from "node:crypto";
import type { ApiResponse } from "./operation-types.ts";

/** What the tag of a gzip representation ends with: other bytes want another strong tag (RFC 9110, 8.8.3.3). */
const gzipSuffix = '-gzip"';

/** A strong validator of exactly these bytes (RFC 9110, 8.8.3). */
export function etagOf(body: string | Uint8Array): string {
  return `"${hash("sha1", body, "base64url")}"`;
}

export function gzipTag(etag: string): string {
  return etag.replace(/"$/, gzipSuffix);
}

/** Tags as operations know them: which coding they came in means nothing to `If-Match`. */
export function withoutCoding(tags: string): string {
  return tags.replaceAll(gzipSuffix, '"');
}

/**
 * The tag by which the client already has a representation, as `If-None-Match` names it (RFC 9110, 13.1.2: weak
 * comparison); undefined where it has none.
 */
export function knownTag(ifNoneMatch: string | undefined, etag: string): string | undefined {
  if (ifNoneMatch === undefined) return undefined;
  if (ifNoneMatch.trim() === "*") return etag;
  const strong = (tag: string): string => tag.replace(/^W\//, "");
  // An opaque tag may hold commas, but no quotes.
  for (const [tag] of ifNoneMatch.matchAll(/(W\/)?"[^"]*"/g)) {
    if (strong(withoutCoding(tag)) === strong(etag)) return strong(tag);
  }
  return undefined;
}

/** The answer to a client that has the representation: its metadata without content (RFC 9110, 15.4.5). */
export function notModified(response: ApiResponse, etag: string): ApiResponse {
  return { status: 304, headers: { ...response.headers, etag } };
}
