import { glob, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, relative, resolve } from "node:path";
import type { Place } from "../core/place.ts";
import { type PlacedYaml, readYaml } from "./placed-yaml.ts";
import { type MappingProblem, Problems, sortProblems } from "./problem.ts";
import { type MappingFile, namePattern } from "./schema.ts";
import { checkForm } from "./schema-problems.ts";

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_FILES = 10_000;

/** One mapping file as it was read: broken ones have problems and no definition. */
export interface LoadedMapping {
  /** As it is told to people: relative to the folder the hub was started in where it lies below. */
  readonly file: string;
  /** Absolute folder of the file: templates and contexts are named relative to it. */
  readonly folder: string;
  readonly name: string;
  readonly tenant: string;
  readonly definition: MappingFile | undefined;
  readonly yaml: PlacedYaml;
  readonly problems: readonly MappingProblem[];
}

/**
 * Reads mapping files, folders of them (`*.yaml`, `*.yml`, not `*.test.yaml`) and globs, in the order of their names.
 * Never rejects for what lies there: what cannot be read is a problem of that one file.
 */
export async function loadMappings(paths: readonly string[], cwd = process.cwd()): Promise<readonly LoadedMapping[]> {
  const found = new Map<string, LoadedMapping | undefined>();
  for (const path of paths) {
    const files = await filesAt(path, cwd);
    if (files.length === 0) found.set(path, missing(path, cwd));
    for (const file of files) found.set(file, undefined);
  }
  const names = [...found.keys()].sort();
  return Promise.all(names.map(async (name) => found.get(name) ?? (await readMapping(name, cwd))));
}

/** The form of one mapping file, from its text alone; `file` is how problems name it. */
export function parseMapping(text: string, file: string, cwd = process.cwd()): LoadedMapping {
  const problems = new Problems();
  const yaml = readYaml(file, text, problems);
  const definition = problems.hasErrors ? undefined : formOf(yaml, problems);
  const name = definition?.name ?? basename(file, extname(file));
  if (definition !== undefined && !new RegExp(namePattern).test(name)) {
    problems.error(yaml.placeOf(""), {
      message: `the file's name "${name}" cannot name a mapping`,
      expected: "name: letters-and-digits",
    });
  }
  return {
    file,
    folder: dirname(resolve(cwd, file)),
    name,
    tenant: definition?.tenant ?? "default",
    definition: problems.hasErrors ? undefined : definition,
    yaml,
    problems: sortProblems(problems.all),
  };
}

function formOf(yaml: PlacedYaml, problems: Problems): MappingFile | undefined {
  if (yaml.value !== null && yaml.value !== undefined) return checkForm(yaml, problems);
  problems.error(yaml.placeOf(""), { message: "the file is empty", expected: "twinweave: 1, source, twin, points" });
  return undefined;
}

async function readMapping(file: string, cwd: string): Promise<LoadedMapping> {
  try {
    const path = resolve(cwd, file);
    const { size } = await stat(path);
    if (size > MAX_BYTES) return broken(file, cwd, `the file has ${size} bytes`, `at most ${MAX_BYTES}`);
    return parseMapping(await readFile(path, "utf8"), file, cwd);
  } catch (error) {
    return broken(file, cwd, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function filesAt(path: string, cwd: string): Promise<readonly string[]> {
  const shown = (file: string) => {
    const near = relative(cwd, resolve(cwd, file));
    return near.startsWith("..") ? resolve(cwd, file) : near;
  };
  const info = await stat(resolve(cwd, path)).catch(() => undefined); // not there: perhaps a glob
  if (info?.isDirectory() === true) {
    const names = await readdir(resolve(cwd, path));
    return names.filter(isMapping).map((name) => shown(`${path}/${name}`));
  }
  if (info !== undefined) return [shown(path)];
  const files: string[] = [];
  for await (const file of glob(path, { cwd })) {
    if (isMapping(file) && files.push(shown(file)) >= MAX_FILES) break;
  }
  return files;
}

const isMapping = (name: string): boolean => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name);

function missing(path: string, cwd: string): LoadedMapping {
  return broken(path, cwd, "there is no mapping file", "a file, a folder with *.yaml, or a glob");
}

function broken(file: string, cwd: string, message: string, expected?: string): LoadedMapping {
  const place: Place = { file, line: 1, column: 1 };
  const problems = new Problems();
  problems.error(place, { message, expected });
  return {
    file,
    folder: dirname(resolve(cwd, file)),
    name: basename(file, extname(file)),
    tenant: "default",
    definition: undefined,
    yaml: { value: undefined, placeOf: () => place, keyPlaceOf: () => place },
    problems: sortProblems(problems.all),
  };
}
