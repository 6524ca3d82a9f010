import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { HubError, type Problem } from "../core/errors.ts";
import { checkValue } from "./checked-value.ts";
import { Draft } from "./draft.ts";
import { CONFIG_FILE_VARIABLE, layEnvironment } from "./environment.ts";
import { brokenRules } from "./rules.ts";
import { ConfigSchema, type Settings } from "./schema.ts";
import { asJsonSchema } from "./schema-walk.ts";
import { type SourceSection, sourceSection } from "./source-section.ts";
import { readYamlLayer } from "./yaml-layer.ts";

/** The configuration as the hub uses it. */
export interface Config extends Omit<Settings, "sources"> {
  readonly sources: ReadonlyMap<string, SourceSection>;
  /** The file it was read from, absolute; left out where there was none. */
  readonly file?: string;
  /** What looks like a mistake and stops nothing. */
  readonly warnings: readonly Problem[];
}

export interface ConfigLayers {
  /** `--config`; left out: TWINWEAVE_CONFIG, else `twinweave.yaml` where the hub starts, if there is one. */
  readonly file?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The command line's settings by dotted path: `{ "http.port": 9090, "store.sqlite": "./data" }`; undefined ones do not count. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Where relative paths of environment and command line start, and where `twinweave.yaml` is looked for. */
  readonly cwd?: string;
}

const DEFAULT_FILE = "twinweave.yaml";

/**
 * Loads the configuration: command line over environment over file over defaults. No file at all is a valid hub
 * without sources and mappings.
 * @throws HubError `config` with all problems at once, each with its place and what would be right
 */
export async function loadConfig(layers: ConfigLayers = {}): Promise<Config> {
  const { env = process.env, flags = {}, cwd = process.cwd() } = layers;
  const file = configFile(layers.file ?? env[CONFIG_FILE_VARIABLE], cwd);
  const { draft, problems } =
    file === undefined
      ? { draft: new Draft({ place: "defaults", base: cwd }), problems: [] }
      : await readYamlLayer(file, env);
  const warnings = layEnvironment(draft, asJsonSchema(ConfigSchema), env, cwd);
  for (const [path, value] of Object.entries(flags)) {
    if (value !== undefined) draft.set(path.split("."), value, { place: `command line (${path})`, base: cwd });
  }

  const checked = checkValue(ConfigSchema, draft.root, { draft });
  if ("problems" in checked || problems.length > 0) {
    throw refusal(file, [...problems, ...("problems" in checked ? checked.problems : [])]);
  }
  const { sources, ...settings } = checked.value as Settings;
  const broken = brokenRules({ ...settings, sources }, draft);
  if (broken.length > 0) throw refusal(file, broken);
  const sections = Object.entries(sources).map(
    ([name, section]) => [name, sourceSection(name, section, draft)] as const,
  );
  return { ...settings, sources: new Map(sections), warnings, ...(file === undefined ? {} : { file }) };
}

function configFile(given: string | undefined, cwd: string): string | undefined {
  if (given !== undefined) return resolve(cwd, given);
  const usual = resolve(cwd, DEFAULT_FILE);
  return existsSync(usual) ? usual : undefined;
}

function refusal(file: string | undefined, problems: readonly Problem[]): HubError {
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return new HubError("config", `the configuration${file === undefined ? "" : ` ${file}`} has ${count}`, { problems });
}
