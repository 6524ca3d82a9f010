import type { Readable } from "node:stream";
import { type ByteRange, rangeOf } from "./byte-range.ts";
import { knownTag } from "./conditional-request.ts";
import { attachmentNamed } from "./content-disposition.ts";
import type { ApiRequest, ApiResponse } from "./operation-types.ts";

/** A file that a client gets, whatever holds its content. */
export interface ServedFile {
  readonly size: number;
  readonly contentType: string;
  readonly fileName: string;
  /** Strong, with its quotes. */
  readonly etag: string;
  open(range?: ByteRange): Promise<Readable>;
}

/**
 * Whatever was uploaded is saved, not shown: no page or drawing of a client may run as if it were the hub's. The sandbox
 * is for browsers that show it all the same.
 */
const harmless = { "content-security-policy": "default-src 'none'; sandbox" };

/**
 * The answer to a GET of a file: streamed, whole or in part (RFC 9110, 14), or 304 where the client has it.
 * @param unsatisfiable the body of a 416, in the standard's form
 */
export async function fileAnswer(
  { headers }: Pick<ApiRequest, "headers">,
  file: ServedFile,
  unsatisfiable: () => ApiResponse,
): Promise<ApiResponse> {
  const { size, etag, contentType, fileName } = file;
  const common = { "cache-control": "no-cache", "accept-ranges": "bytes", etag };
  if (knownTag(headers["if-none-match"], etag) !== undefined) return { status: 304, headers: common };
  const ifRange = headers["if-range"];
  const range = ifRange === undefined || ifRange.trim() === etag ? rangeOf(headers.range, size) : "whole";
  if (range === "none") {
    const refusal = unsatisfiable();
    return { ...refusal, status: 416, headers: { ...refusal.headers, "content-range": `bytes */${size}` } };
  }
  const described = { ...common, ...harmless, "content-disposition": attachmentNamed(fileName) };
  if (range === "whole") {
    return {
      status: 200,
      type: contentType,
      headers: { ...described, "content-length": String(size) },
      body: await file.open(),
    };
  }
  const { start, end } = range;
  return {
    status: 206,
    type: contentType,
    headers: {
      ...described,
      "content-length": String(end - start + 1),
      "content-range": `bytes ${start}-${end}/${size}`,
    },
    body: await file.open(range),
  };
}
