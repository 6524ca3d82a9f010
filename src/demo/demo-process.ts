import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { HubError } from "../core/errors.ts";
import { type DemoOptionsInput, demoOptionsSchema } from "./demo-options.ts";
import { startDemoPlant } from "./demo-plant.ts";

/**
 * The demo plant as a process of its own: options as `--name value`. When it is ready it writes one JSON line with its
 * endpoints to stdout, and sends `{ready, endpoints}` over IPC where there is a channel. SIGTERM, SIGINT, a closed IPC
 * channel or, with `--stop-with-stdin`, the end of stdin stop it.
 */
async function main(): Promise<void> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.once("disconnect", stop);
  const { options, stopWithStdin } = readArguments(process.argv.slice(2));
  if (stopWithStdin) process.stdin.once("end", stop).once("error", stop).resume();
  try {
    await runUntil(stopping.signal, options);
  } catch (thrown) {
    // Told to stop while it was still starting: that is no failure.
    if (!stopping.signal.aborted || HubError.from(thrown).code !== "aborted") throw thrown;
  } finally {
    if (stopWithStdin) process.stdin.destroy();
    if (process.connected) process.disconnect?.();
  }
}

async function runUntil(signal: AbortSignal, options: DemoOptionsInput): Promise<void> {
  const plant = await startDemoPlant({ ...options, signal });
  process.stdout.write(`${JSON.stringify(plant.endpoints)}\n`);
  // A parent that has gone meanwhile needs no message; the closed channel stops the plant anyway.
  process.send?.({ ready: true, endpoints: plant.endpoints }, undefined, undefined, () => undefined);
  if (!signal.aborted) await once(signal, "abort");
  await plant.close();
}

/** `--opcua-port 4840` is the option `opcuaPort`. */
function readArguments(args: readonly string[]): { options: DemoOptionsInput; stopWithStdin: boolean } {
  const flags = new Map(
    Object.entries(demoOptionsSchema.properties).map(([name, schema]) => [
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      { name, number: schema.type !== "string" },
    ]),
  );
  const known: ParseArgsOptionsConfig = { "stop-with-stdin": { type: "boolean" } };
  for (const flag of flags.keys()) known[flag] = { type: "string" };
  const { values } = parseArgs({ args: [...args], options: known });
  const options: Record<string, unknown> = { dataDir: join(tmpdir(), "twinweave-demo-plant") };
  for (const [flag, { name, number }] of flags) {
    const value = values[flag];
    if (typeof value === "string") options[name] = number ? Number(value) : value;
  }
  return { options: options as DemoOptionsInput, stopWithStdin: values["stop-with-stdin"] === true };
}

main().catch((thrown: unknown) => {
  process.stderr.write(`twinweave demo plant: ${HubError.from(thrown).message}\n`);
  process.exitCode = 1;
});
