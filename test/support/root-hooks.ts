import fc from "fast-check";

/** Property-based tests find the same every time; `FAST_CHECK_SEED=<number>` looks elsewhere. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_122) });

/**
 * Mocha root hooks. A test run has to end by itself: what keeps it alive afterwards is a leak in a test or in the
 * hub, so the run names it and fails, instead of hiding it behind mocha's `--exit`.
 */
const GRACE_MS = 10_000;

/** Counts equal names, so that 40 open sockets are one line. */
function tally(names: string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(", ");
}

export const mochaHooks = {
  afterAll(): void {
    const watch = setTimeout(() => {
      const held = process.getActiveResourcesInfo().filter((name) => name !== "Immediate");
      console.error(
        `\nThe tests are done, but ${GRACE_MS / 1000} s later the process is kept alive by: ${tally(held)}.`,
      );
      console.error("Close it in the suite that opened it (run suites one by one to find which).");
      process.exit(1);
    }, GRACE_MS);
    watch.unref();
  },
};
