import type { Problem } from "../core/errors.ts";
import { nearestWord } from "../core/nearest-word.ts";
import type { Draft } from "./draft.ts";
import type { JsonSchema } from "./schema-walk.ts";

const PREFIX = "TWINWEAVE_";

/** Names the file; the bootstrap's own pipe; the key of verbs that speak to a running hub. */
export const CONFIG_FILE_VARIABLE = "TWINWEAVE_CONFIG";
const NOT_SETTINGS: ReadonlySet<string> = new Set([CONFIG_FILE_VARIABLE, "TWINWEAVE_LIFELINE", "TWINWEAVE_KEY"]);

export interface EnvironmentVariable {
  readonly name: string;
  readonly path: readonly string[];
  readonly schema: JsonSchema;
}

/** `http.baseUrl` is TWINWEAVE_HTTP_BASE_URL, unless the schema names another (`env`). */
function variableName(path: readonly string[], schema: JsonSchema): string {
  const words = path.map((key) => key.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toUpperCase());
  return schema.env ?? PREFIX + words.join("_");
}

/** All settings that a variable can hold: single values, and lists of them separated by commas. */
export function environmentVariables(schema: JsonSchema, path: readonly string[] = []): EnvironmentVariable[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, below]) => {
    const belowPath = [...path, key];
    if (below.properties !== undefined) return environmentVariables(below, belowPath);
    const isPlain = below.patternProperties === undefined && below.items?.type !== "object";
    return isPlain ? [{ name: variableName(belowPath, below), path: belowPath, schema: below }] : [];
  });
}

/**
 * Lays the environment over the file. A variable with our prefix that means nothing gives a warning, not an error:
 * container platforms set some for every service they know.
 */
export function layEnvironment(draft: Draft, schema: JsonSchema, env: NodeJS.ProcessEnv, base: string): Problem[] {
  const known = new Map(environmentVariables(schema).map((variable) => [variable.name, variable]));
  const warnings: Problem[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || NOT_SETTINGS.has(name) || text === undefined) continue;
    const place = `environment ${name}`;
    const variable = known.get(name);
    if (variable === undefined) {
      const nearest = nearestWord(name, known.keys());
      const expected = nearest === undefined ? {} : { expected: `did you mean ${nearest}?` };
      warnings.push({ place, message: `${name} sets nothing`, ...expected });
      continue;
    }
    const value = variable.schema.type === "array" ? listOf(text) : text;
    draft.set(variable.path, value, { place, base, foreign: true });
  }
  return warnings;
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
