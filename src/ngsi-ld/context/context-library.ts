import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { HubError } from "../../core/errors.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../json/json.ts";

const CORE_URL = /^https?:\/\/uri\.etsi\.org\/ngsi-ld\/v1\/ngsi-ld-core-context(?:-v(\d+)\.(\d+))?\.jsonld$/;
const OLDEST_MINOR = 6;
const NEWEST_MINOR = 9;

/** The contexts that the hub has on its disk: the core contexts and the plant's own. */
export interface ContextLibrary {
  /** The `@context` of a file of the folder, by its name. */
  file(name: string): Json | undefined;
  readonly names: readonly string[];
  /** A core context's own definitions; versions before 1.6 are served as 1.6, newer ones as the newest. */
  core(url: string): JsonObject | undefined;
}

export const isCoreUrl = (url: string): boolean => CORE_URL.test(url);
export const coreMinors: readonly number[] = [6, 7, 8, 9];
export const coreUrl = (minor: number): string =>
  `https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.${minor}.jsonld`;
export const coreFileName = (minor: number): string => `ngsi-ld-core-context-v1.${minor}.jsonld`;

/** Reads the folder once. Throws HubError `config` for a core context that is missing or a file that is no context. */
export async function loadContextLibrary(folders: readonly string[]): Promise<ContextLibrary> {
  const files = new Map<string, Json>();
  for (const folder of folders) {
    for (const name of (await readdir(folder)).filter((file) => file.endsWith(".jsonld")).sort()) {
      files.set(name, await readContext(join(folder, name)));
    }
  }
  const newest = files.get(coreFileName(NEWEST_MINOR));
  if (!isObject(newest)) {
    throw new HubError("config", `the core context ${coreFileName(NEWEST_MINOR)} is missing in ${folders.join(", ")}`);
  }
  return {
    names: [...files.keys()],
    file: (name) => files.get(name),
    core(url) {
      const match = CORE_URL.exec(url);
      if (match === null) return undefined;
      const minor = match[2] === undefined ? OLDEST_MINOR : Number(match[2]);
      const served = files.get(coreFileName(Math.min(Math.max(minor, OLDEST_MINOR), NEWEST_MINOR)));
      return isObject(served) ? served : undefined;
    },
  };
}

async function readContext(path: string): Promise<Json> {
  try {
    const document = parseJson(await readFile(path, "utf8"));
    if (isObject(document) && document["@context"] !== undefined) return document["@context"];
  } catch (cause) {
    throw new HubError("config", `${basename(path)} cannot be read as a JSON-LD context`, { cause });
  }
  throw new HubError("config", `${path} has no member "@context"`);
}
