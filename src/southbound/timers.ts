/** Timers as a parameter, so that tests own them. */
export interface Timers {
  /** Runs `callback` once after `ms`; the returned function calls it off. */
  after(ms: number, callback: () => void): () => void;
}

export const systemTimers: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or at once when `abort` fires; never rejects. */
export function pause(timers: Timers, ms: number, abort: AbortSignal): Promise<void> {
  if (abort.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      abort.removeEventListener("abort", done);
      resolve();
    };
    const cancel = timers.after(ms, done);
    abort.addEventListener("abort", done);
  });
}
