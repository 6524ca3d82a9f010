import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startChild } from "../process/child.ts";

const CONNECTIONS = 16;
const run = promisify(execFile);

/** Requests a second that a server answers: asked by wrk where it is installed, else by a Node process. */
export async function requestsPerSecond(url: string, seconds: number): Promise<number> {
  try {
    const { stdout } = await run("wrk", ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, url]);
    if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${url} did not answer as it should:\n${stdout}`);
    return Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT")) throw thrown;
    const child = await startChild<{ answers: number }>("../get/node-load.ts", [
      url,
      String(CONNECTIONS),
      String(seconds),
    ]);
    await child.stop();
    return child.ready.answers / seconds;
  }
}
