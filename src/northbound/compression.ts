import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ApiResponse } from "./operation-types.ts";

const compress = promisify(gzip);

/** Below this many bytes the round trip costs more than it saves. */
const worthwhile = 1024;

/** Whether the client takes gzip (RFC 9110, 12.5.3): its own weight counts, that of `*` only without one. */
export function acceptsGzip(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const weights = new Map<string, number>();
  for (const item of accept.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = item.split(";").map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0) > 0;
}

/** Whether there are two representations, one of them compressed: the body is text, long enough, and not yet encoded. */
export function isCompressible({ body, type, headers }: ApiResponse): boolean {
  if (typeof body !== "string" && !(body instanceof Uint8Array)) return false;
  return body.length >= worthwhile && headers?.["content-encoding"] === undefined && isText(type);
}

/** The gzip representation. Its own validator is the caller's. */
export async function gzipped(response: ApiResponse): Promise<ApiResponse> {
  const { body } = response;
  if (typeof body !== "string" && !(body instanceof Uint8Array)) return response;
  return { ...response, body: await compress(body), headers: { ...response.headers, "content-encoding": "gzip" } };
}

function isText(type: string | undefined): boolean {
  if (type === undefined) return false;
  const [essence = ""] = type.split(";");
  return essence.startsWith("text/") || /[/+](json|xml|yaml)$/.test(essence);
}
