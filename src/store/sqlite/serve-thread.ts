import { type MessagePort, parentPort } from "node:worker_threads";
import { HubError } from "../../core/errors.ts";
import { sqliteFailure } from "./sqlite-failure.ts";
import type { ThreadReply, ThreadRequest } from "./thread-message.ts";

/**
 * Answers this worker thread's questions one after the other, except that those whose answer is a promise leave the turn to
 * others while they wait; what `answer` throws is the answer to that one.
 */
export function serveThread(answer: (body: unknown) => unknown): void {
  const port = requirePort();
  port.on("message", ({ id, body }: ThreadRequest) => {
    const reply = (result: unknown): void => port.postMessage({ id, result } satisfies ThreadReply);
    const fail = (thrown: unknown): void => {
      const { code, message } = sqliteFailure(thrown);
      port.postMessage({ id, error: { code, message } } satisfies ThreadReply);
    };
    try {
      const result = answer(body);
      if (result instanceof Promise) result.then(reply, fail);
      else reply(result);
    } catch (error) {
      fail(error);
    }
  });
}

function requirePort(): MessagePort {
  if (parentPort === null) throw new HubError("internal", "this module runs in a worker thread only");
  return parentPort;
}
