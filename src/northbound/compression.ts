import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ApiResponse } from "./operation-types.ts";

const compress = promisify(gzip);

/** Below this many bytes the round trip costs more than it saves. */
const worthwhile = 1024;

/** Whether the client takes gzip (RFC 9110, 12.5.3). */
export function acceptsGzip(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  for (const item of accept.toLowerCase().split(",")) {
    const [coding, ...parameters] = item.split(";").map((part) => part.trim());
    if (coding !== "gzip" && coding !== "*") continue;
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    if (weight === undefined || Number(weight.slice(2)) > 0) return true;
  }
  return false;
}

/** Compresses a body that is text and long enough, where the client takes it. */
export async function compressed(response: ApiResponse, accept: string | undefined): Promise<ApiResponse> {
  const { body, type } = response;
  if ((typeof body !== "string" && !(body instanceof Uint8Array)) || body.length < worthwhile || !isText(type))
    return response;
  const vary = { ...response.headers, vary: "accept-encoding" };
  if (!acceptsGzip(accept)) return { ...response, headers: vary };
  return { ...response, body: await compress(body), headers: { ...vary, "content-encoding": "gzip" } };
}

function isText(type: string | undefined): boolean {
  return (
    type !== undefined &&
    (type.startsWith("text/") || /[/+](json|xml|yaml)$/.test(type) || type === "application/problem+json")
  );
}
