import { type CompiledMappings, compileMappings } from "./compile.ts";
import type { MappingEnvironment } from "./environment.ts";
import { type LoadedMapping, loadMappings } from "./load.ts";

export interface MappingCheck extends CompiledMappings {
  readonly files: readonly LoadedMapping[];
  readonly errors: number;
  readonly warnings: number;
}

/** What `twinweave check` tells: all problems of all files, and what of the mappings the sources have. Changes nothing. */
export async function checkMappings(
  paths: readonly string[],
  environment: MappingEnvironment,
  cwd?: string,
): Promise<MappingCheck> {
  const files = await loadMappings(paths, cwd);
  const compiled = await compileMappings(files, environment);
  const errors = compiled.problems.filter(({ severity }) => severity === "error").length;
  return { ...compiled, files, errors, warnings: compiled.problems.length - errors };
}
