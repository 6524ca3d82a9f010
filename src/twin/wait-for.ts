import { setTimeout as timeout } from "node:timers/promises";

/** Waits `ms`; false where the signal ended the wait. */
export async function waitFor(ms: number, abort: AbortSignal): Promise<boolean> {
  try {
    await timeout(ms, undefined, { signal: abort });
    return true;
  } catch (thrown) {
    if (abort.aborted) return false;
    throw thrown;
  }
}
