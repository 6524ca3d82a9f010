/** Resolves at the first SIGINT, SIGTERM or the end of a parent that holds an IPC channel; a second SIGINT ends at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on("SIGINT", stop);
    process.once("SIGTERM", stop);
    process.once("disconnect", stop);
  });
}
