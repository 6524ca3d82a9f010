import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process of the benchmark's own that says over IPC when it is ready, and ends with the channel or SIGTERM. */
export interface Child<Ready> {
  readonly ready: Ready;
  /** Ms from its start to its being ready. */
  readonly readyAfter: number;
  /** Sends a question and gives the next message. */
  ask(question: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** @param module relative to this file */
export async function startChild<Ready>(
  module: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): Promise<Child<Ready>> {
  const started = performance.now();
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), [...args], {
    execArgv: [...nodeArgs],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const next = async (): Promise<unknown> => {
    const abort = new AbortController();
    const ended = once(child, "exit", { signal: abort.signal }).then(([code]) => {
      throw new Error(`${module} ended with ${String(code)}`);
    });
    try {
      const [message] = await Promise.race([once(child, "message", { signal: abort.signal }), ended]);
      return message;
    } finally {
      ended.catch(() => undefined);
      abort.abort();
    }
  };
  const ready = (await next()) as Ready;
  return {
    ready,
    readyAfter: performance.now() - started,
    ask(question) {
      const answer = next();
      child.send(question);
      return answer;
    },
    stop: () => stopChild(child),
  };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
