import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Child, startChild } from "./child.ts";

/** A hub in a process of its own, as `twinweave run` starts it. */
export interface HubProcess {
  readonly url: string;
  readonly readyAfter: number;
  metrics(): Promise<HubFigures>;
  stop(): Promise<void>;
}

/** What /metrics says, by name; those of several labels are summed, those that are not there are 0. */
export type HubFigures = (name: string) => number;

/** @param files the hub's folder: `twinweave.yaml` and what it names */
export async function startHubProcess(
  folder: string,
  files: Readonly<Record<string, string>>,
  nodeArgs: readonly string[] = [],
): Promise<HubProcess> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const args = ["run", "--config", join(folder, "twinweave.yaml"), "--port", "0", "--data", join(folder, "data")];
  const child: Child<{ url: string }> = await startChild("../../src/main.ts", args, nodeArgs);
  const { url } = child.ready;
  return {
    url,
    readyAfter: child.readyAfter,
    metrics: async () => parseMetrics(await (await fetch(`${url}/metrics`)).text()),
    stop: () => child.stop(),
  };
}

function parseMetrics(text: string): HubFigures {
  const sums = new Map<string, number>();
  for (const [, name = "", value] of text.matchAll(/^(\w+)(?:\{[^}]*\})? (\S+)$/gm)) {
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return (name) => sums.get(name) ?? 0;
}
