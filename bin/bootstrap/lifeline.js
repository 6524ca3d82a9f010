// Loaded into the child before its own code: stops it when the launcher is gone. A launcher that gets SIGKILL
// cannot forward anything, but the operating system closes its end of the pipe.
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

/** How long an orderly stop may take once the launcher is gone. */
const STOP_WITHIN_MS = 10_000;

const fd = process.env.TWINWEAVE_LIFELINE;
if (isMainThread && fd !== undefined) {
  // Not for grandchildren: the descriptor is something else there.
  delete process.env.TWINWEAVE_LIFELINE;
  const lifeline = new Socket({ fd: Number(fd), readable: true, writable: false });
  lifeline.on("error", () => lifeline.destroy());
  lifeline.on("close", () => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  lifeline.resume();
  lifeline.unref();
}
