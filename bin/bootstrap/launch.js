import { spawn } from "node:child_process";
import { constants } from "node:os";

/** File descriptor of the pipe that tells the child when this process is gone; see lifeline.js. */
const LIFELINE_FD = 3;

/** @type {NodeJS.Signals[]} */
const FORWARDED =
  process.platform === "win32"
    ? ["SIGINT", "SIGTERM", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];

/**
 * Whether the terminal has already sent this signal to the child, which is in our process group: sending it again
 * would look like a second, impatient Ctrl-C.
 * @param {NodeJS.Signals} signal
 */
function sentByTerminal(signal) {
  return (signal === "SIGINT" || signal === "SIGQUIT") && process.stdin.isTTY === true;
}

/** How often a launcher that npm started looks whether npm is still there. */
const LOOK_EVERY_MS = 500;

/**
 * Calls `gone` once when the process that started this one has ended. Only under npm: it hands SIGTERM to the shell
 * between us, which ends and hands nothing on. Started otherwise, outliving a shell is what `nohup` is for.
 * @param {() => void} gone
 */
function watchParent(gone) {
  if (process.platform === "win32" || process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    gone();
  }, LOOK_EVERY_MS);
  watch.unref();
}

/**
 * Runs `node` in place of this process, as nearly as that goes: its input and output, its IPC channel if it has
 * one, signals, and in the end the same exit code or signal. The child is told to stop when this process is killed.
 * @param {string} node path of the Node binary
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export function launch(node, args, { cwd, env = process.env } = {}) {
  const lifeline = new URL("./lifeline.js", import.meta.url).href;
  const hasChannel = process.send !== undefined;
  const child = spawn(node, ["--import", lifeline, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env, TWINWEAVE_LIFELINE: `${LIFELINE_FD}` },
    stdio: ["inherit", "inherit", "inherit", "pipe", ...(hasChannel ? /** @type {const} */ (["ipc"]) : [])],
  });

  if (hasChannel) {
    process.on(
      "message",
      (message) => child.connected && child.send(/** @type {import("node:child_process").Serializable} */ (message)),
    );
    process.on("disconnect", () => child.connected && child.disconnect());
    child.on("message", (message) => process.send?.(message));
    child.on("disconnect", () => process.connected && process.disconnect?.());
  }

  watchParent(() => child.stdio[LIFELINE_FD]?.destroy());
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      if (!sentByTerminal(signal)) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write(`Could not start ${node}: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // Ends the way the child ended, so that a shell or a supervisor sees the same.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Reached only where the signal does not end this process (Windows, or a handler of a parent's).
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 100);
  });
}
