import { abortable } from "../../core/abortable.ts";
import { HubError } from "../../core/errors.ts";

/** What `work` gives. @throws HubError `device-timeout` where it takes longer than `ms`, `aborted` where `abort` fires */
export async function withinTime<Result>(
  ms: number,
  abort: AbortSignal,
  work: (abort: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = AbortSignal.timeout(ms);
  const either = AbortSignal.any([abort, late]);
  try {
    return await abortable(work(either), either);
  } catch (thrown) {
    if (!late.aborted || abort.aborted) throw thrown;
    throw new HubError("device-timeout", `the operation did not finish within ${ms} ms`, { cause: thrown });
  }
}
