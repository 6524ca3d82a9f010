import { type Transferable, Worker } from "node:worker_threads";
import { HubError } from "../../core/errors.ts";
import type { ThreadReply } from "./thread-message.ts";

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: HubError) => void;
  readonly timer: NodeJS.Timeout | undefined;
}

/** The near end of a worker thread that answers questions in order. It keeps the process alive only while one is open. */
export class ThreadLink {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #ended: HubError | undefined;

  constructor(module: URL, workerData: unknown) {
    this.#worker = new Worker(module, { workerData });
    this.#worker.unref();
    this.#worker.on("message", (reply: ThreadReply) => this.#settle(reply));
    this.#worker.on("error", (error) => this.#end(HubError.from(error)));
    this.#worker.on("exit", () => this.#end(new HubError("internal", "a thread of the store has ended")));
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** `timeoutMs`: the thread is ended when it has not answered by then, and all that wait for it get `overloaded`. */
  ask(body: unknown, transfer: readonly Transferable[] = [], timeoutMs?: number): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.#giveUp(timeoutMs), timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#worker.ref();
      try {
        this.#worker.postMessage({ id, body }, [...transfer]);
      } catch (cause) {
        // Something that is no data, e.g. a function: nothing was sent.
        const message = "what was asked of the store is not plain data";
        this.#settle({ id, error: { code: "internal", message } }, cause);
      }
    });
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #giveUp(timeoutMs: number): void {
    const seconds = timeoutMs / 1000;
    this.#end(new HubError("overloaded", `the store did not answer within ${seconds} s; ask for less, or try again`));
    void this.terminate();
  }

  #settle(reply: ThreadReply, cause?: unknown): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ("error" in reply) waiting.reject(new HubError(reply.error.code, reply.error.message, { cause }));
    else waiting.resolve(reply.result);
  }

  #end(error: HubError): void {
    this.#ended ??= error;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(error);
    }
  }
}
