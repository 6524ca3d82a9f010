import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

export interface Version {
  readonly name: string;
  readonly version: string;
  readonly node: string;
}

/** What this hub is, as its package says. */
export async function readVersion(): Promise<Version> {
  const text = await readFile(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8");
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return { name, version, node: process.versions.node };
}
