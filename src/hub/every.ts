import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";

/** Does `work` again and again, `ms` after it has ended, until it is stopped; a failure is logged and does not end it. */
export function every(ms: number, what: string, log: Logger, work: () => Promise<void>): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const plan = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = work()
        .catch((thrown) => log.warn(`${what} failed`, { reason: HubError.from(thrown).message }))
        .then(plan);
    }, ms).unref();
  };
  plan();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
