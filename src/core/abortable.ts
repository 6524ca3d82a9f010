import { HubError } from "./errors.ts";

/** What `work` gives, or HubError `aborted` as soon as `abort` fires; the work itself then goes on unheard. */
export async function abortable<Result>(work: Promise<Result>, abort: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new HubError("aborted", "the request was aborted", { cause: abort.reason }));
  if (abort.aborted) onAbort();
  else abort.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, work]);
  } finally {
    abort.removeEventListener("abort", onAbort);
  }
}
