import type { IncomingMessage } from "node:http";
import { type Readable, Transform } from "node:stream";
import { HubError } from "../core/errors.ts";

const tooLarge = (limit: number): HubError => new HubError("too-large", `the body is larger than ${limit} bytes`);

/** The body, whole. @throws HubError `too-large` as soon as the bound is passed, or declared to be; `aborted` where the client goes away. */
export async function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  refuseDeclared(incoming, limit);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (thrown) {
    throw HubError.from(thrown, "aborted");
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

/** The body as it arrives, ended with `too-large` at the bound. */
export function streamBody(incoming: IncomingMessage, limit: number): Readable {
  refuseDeclared(incoming, limit);
  let size = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
  incoming.once("error", (error) => bounded.destroy(HubError.from(error, "aborted")));
  return incoming.pipe(bounded);
}

function refuseDeclared(incoming: IncomingMessage, limit: number): void {
  if (Number(incoming.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
}
