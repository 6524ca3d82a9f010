import { HubError, type HubErrorCode } from "../core/errors.ts";
import type { Timers } from "./timers.ts";

export interface Deadline {
  readonly ms: number;
  /** What it is to wait longer than that. */
  readonly code: HubErrorCode;
  readonly message: string;
  readonly timers: Timers;
}

/**
 * Runs `work` with a signal that fires at the deadline, or when one of `signals` does, and settles then even where the
 * work does not listen. A signal's reason, if it is a HubError, is what it rejects with.
 */
export async function withDeadline<Result>(
  deadline: Deadline,
  signals: readonly AbortSignal[],
  work: (abort: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController();
  const abort = AbortSignal.any([late.signal, ...signals]);
  const cancel = deadline.timers.after(deadline.ms, () =>
    late.abort(new HubError(deadline.code, `${deadline.message} within ${deadline.ms} ms`)),
  );
  const ended = Promise.withResolvers<never>();
  const onAbort = (): void => ended.reject(HubError.from(abort.reason, "aborted"));
  if (abort.aborted) onAbort();
  else abort.addEventListener("abort", onAbort);
  try {
    return await Promise.race([ended.promise, work(abort)]);
  } catch (thrown) {
    // A connector that listens rejects with its own word for "aborted"; the reason says more.
    throw abort.aborted ? HubError.from(abort.reason, "aborted") : thrown;
  } finally {
    cancel();
    abort.removeEventListener("abort", onAbort);
  }
}
