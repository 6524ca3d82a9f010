const stopWithin = 10_000;

/**
 * Resolves at the first SIGINT, SIGTERM, SIGHUP or the end of a parent that holds an IPC channel. Called before a start,
 * so that a stop meanwhile is an orderly one too. From then on the process ends within ten seconds, whatever hangs; a
 * second SIGINT ends it at once.
 */
export function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let asked = false;
  const stop = (): void => {
    if (asked) return;
    asked = true;
    setTimeout(() => {
      process.stderr.write("twinweave: it did not stop in time and was ended; what was acknowledged is on the disk\n");
      process.exit(1);
    }, stopWithin).unref();
    resolve();
  };
  process.on("SIGINT", () => {
    if (asked) process.exit(130);
    stop();
  });
  process.on("SIGTERM", stop).on("SIGHUP", stop);
  process.once("disconnect", stop);
  return promise;
}
