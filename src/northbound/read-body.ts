import type { IncomingMessage } from "node:http";
import { type Readable, Transform } from "node:stream";
import { HubError } from "../core/errors.ts";

const tooLarge = (limit: number): HubError => new HubError("too-large", `the body is larger than ${limit} bytes`);

/**
 * The body, whole. Leaves the connection usable, so that a refusal can still be answered.
 * @throws HubError `too-large` as soon as the bound is passed or declared to be, `unsupported-media-type` where it is
 * compressed, `aborted` where the client goes away
 */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  refuseDeclared(incoming, limit);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) settle(() => reject(tooLarge(limit)));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks, size)));
    const onGone = (): void => settle(() => reject(new HubError("aborted", "the client went away within its body")));
    function settle(how: () => void): void {
      incoming.off("data", onData).off("end", onEnd).off("close", onGone).pause();
      how();
    }
    // The reason of an error says no more than that the client is gone, which `close` says in every case.
    incoming.on("error", () => undefined);
    incoming.on("data", onData).on("end", onEnd).on("close", onGone);
    if (incoming.destroyed) onGone();
  });
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

/** Whether the request has a body of which something was not read yet. */
export function hasUnread(incoming: IncomingMessage): boolean {
  const { headers } = incoming;
  const declared = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  return declared && !incoming.complete;
}

/** Takes what the client still sends, so that it reads its answer instead of a reset connection. */
export function drain(incoming: IncomingMessage, bytes: number, ms: number): Promise<void> {
  return new Promise((resolve) => {
    let size = 0;
    const timer = setTimeout(done, ms);
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > bytes) done();
    };
    function done(): void {
      clearTimeout(timer);
      incoming.off("data", onData).off("end", done).off("close", done).pause();
      resolve();
    }
    incoming.on("data", onData).once("end", done).once("close", done);
    if (incoming.destroyed) done();
    else incoming.resume();
  });
}

function refuseDeclared({ headers }: IncomingMessage, limit: number): void {
  const coding = headers["content-encoding"];
  if (coding !== undefined && coding.toLowerCase() !== "identity") {
    throw new HubError("unsupported-media-type", `a body encoded as ${coding} is not read: send it as it is`);
  }
  if (Number(headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
}
