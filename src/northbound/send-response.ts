import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ApiResponse } from "./operation-types.ts";
import { drain, hasUnread } from "./read-body.ts";

/** How much, and how long (ms), is still taken of a body that nobody wanted. */
const lingerBytes = 64 * 1024 * 1024;
const lingerTime = 1_000;

/**
 * Sends an answer, whole: a `HEAD` gets the header fields of a `GET`, a body that was not read ends the connection.
 * Rejects where the body's stream fails, or the client goes away while it streams.
 * @param waits whether the client still waits for `100 Continue` and holds its body back
 */
export async function sendResponse(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  response: ApiResponse,
  waits: boolean,
): Promise<void> {
  const { status, body, type } = response;
  const headers: OutgoingHttpHeaders = { ...(response.headers as OutgoingHttpHeaders) };
  headers["x-content-type-options"] = "nosniff";
  if (type !== undefined) headers["content-type"] = type;
  // What was not read of a body must not be taken for the next request of the connection.
  const unread = hasUnread(incoming);
  if (unread) headers.connection = "close";
  const isHead = incoming.method === "HEAD";
  if (body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array)) {
    outgoing.writeHead(status, headers);
    if (!isHead) return await pipeline(body, outgoing);
    body.destroy();
    outgoing.end();
    return;
  }
  if (body !== undefined) headers["content-length"] = Buffer.byteLength(body);
  else if (status >= 200 && status !== 204 && status !== 304) headers["content-length"] = 0;
  outgoing.writeHead(status, headers);
  const content = isHead ? undefined : body;
  if (!unread || waits) {
    outgoing.end(content);
    return;
  }
  if (content === undefined) outgoing.flushHeaders();
  else outgoing.write(content);
  await drain(incoming, lingerBytes, lingerTime);
  outgoing.end();
}
