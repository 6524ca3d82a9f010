import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { HubError } from "../core/errors.ts";
import type { DemoEndpoints } from "../demo/demo-plant.ts";

/** The demo plant as a process of its own: the hub reaches it through its protocols alone. */
export interface DemoProcess {
  readonly endpoints: DemoEndpoints;
  close(): Promise<void>;
}

/** Ports that are the same at every start where they are free, so that other clients find the plant again. */
const usualPorts = { opcua: 48400, mqtt: 18830, modbus: 15020, control: 18090 };

/** With this seed the station starts with Pump01 at work: what a newcomer looks at first is alive. */
const firstPumpRuns = 9;

const startTimeout = 60_000;
const stopTimeout = 5_000;

/** @throws HubError `config` where the plant does not start */
export async function startDemoProcess(dataDir: string): Promise<DemoProcess> {
  const args = ["--data-dir", dataDir, "--seed", String(firstPumpRuns)];
  for (const [face, port] of Object.entries(usualPorts))
    args.push(`--${face}-port`, String((await isFree(port)) ? port : 0));
  // A package from npm has its types stripped: its files end in .js.
  const source = fileURLToPath(new URL("../demo/demo-process.ts", import.meta.url));
  const script = existsSync(source) ? source : source.replace(/\.ts$/, ".js");
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    detached: true,
  });
  const ended = once(child, "exit");
  try {
    return { endpoints: await endpointsOf(child), close: () => stop(child, ended) };
  } catch (thrown) {
    await stop(child, ended);
    throw thrown;
  }
}

async function endpointsOf(child: ChildProcess): Promise<DemoEndpoints> {
  const giveUp = AbortSignal.timeout(startTimeout);
  const early = once(child, "exit", { signal: giveUp }).then(() => {
    throw new HubError("config", "the demo plant did not start; what it says stands above");
  });
  const ready = once(child, "message", { signal: giveUp }).then(([message]) => message as { endpoints: DemoEndpoints });
  early.catch(() => undefined); // once it is ready, its end is no failure of the start
  return (await Promise.race([ready, early])).endpoints;
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeout);
  await ended;
  clearTimeout(timer);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false; // in use: the plant takes any other
  }
  server.close();
  await once(server, "close");
  return true;
}
