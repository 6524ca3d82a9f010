import { hash } from "node:crypto";
import type { ApiResponse } from "./operation-types.ts";

type Headers = Readonly<Record<string, string | undefined>>;

/** A strong validator of exactly these bytes (RFC 9110, 8.8.3). */
export function etagOf(body: string | Uint8Array): string {
  return `"${hash("sha1", body, "base64url")}"`;
}

/** Whether the client already has what an entity tag names (RFC 9110, 13.1.2: weak comparison). */
export function isUnchanged(headers: Headers, etag: string): boolean {
  const known = headers["if-none-match"];
  if (known === undefined) return false;
  if (known.trim() === "*") return true;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, "");
  return known.split(",").some((tag) => opaque(tag) === opaque(etag));
}

/** A 200 with a body gets its entity tag; a client that has it gets 304 without one. */
export function withValidator(response: ApiResponse, headers: Headers): ApiResponse {
  const { status, body } = response;
  if (status !== 200 || body === undefined || (typeof body !== "string" && !(body instanceof Uint8Array)))
    return response;
  const given = response.headers?.etag;
  const etag = typeof given === "string" ? given : etagOf(body);
  if (isUnchanged(headers, etag)) {
    const { body: _, type: __, ...rest } = response;
    return { ...rest, status: 304, headers: { ...response.headers, etag } };
  }
  return given === undefined ? { ...response, headers: { ...response.headers, etag } } : response;
}
