import { type MessagePort, parentPort } from "node:worker_threads";
import { HubError } from "../../core/errors.ts";
import { sqliteFailure } from "./sqlite-failure.ts";
import type { ThreadReply, ThreadRequest } from "./thread-message.ts";

/** Answers this worker thread's questions one after the other; what `answer` throws is the answer to that one. */
export function serveThread(answer: (body: unknown) => unknown): void {
  const port = requirePort();
  port.on("message", ({ id, body }: ThreadRequest) => port.postMessage(replyTo(id, body, answer)));
}

function replyTo(id: number, body: unknown, answer: (body: unknown) => unknown): ThreadReply {
  try {
    return { id, result: answer(body) };
  } catch (error) {
    const { code, message } = sqliteFailure(error);
    return { id, error: { code, message } };
  }
}

function requirePort(): MessagePort {
  if (parentPort === null) throw new HubError("internal", "this module runs in a worker thread only");
  return parentPort;
}
