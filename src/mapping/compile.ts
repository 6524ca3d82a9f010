import type { BoundOperation } from "../core/bound-operation.ts";
import type { Link } from "../core/link.ts";
import type { Plan } from "../core/plan.ts";
import { Claims } from "./claims.ts";
import { type CompiledFile, compileFile } from "./compile-file.ts";
import type { MappingCoverage } from "./coverage.ts";
import type { MappingEnvironment } from "./environment.ts";
import type { LoadedMapping } from "./load.ts";
import { type MappingProblem, sortProblems } from "./problem.ts";

/** A tag that a source is asked to watch; `interval` in ms where a mapping says it. */
export interface TagWish {
  readonly tag: string;
  readonly interval?: number;
}

export interface CompiledMappings {
  /** By tenant. */
  readonly plans: ReadonlyMap<string, Plan>;
  /** By source; each tag once, at the shortest interval that was asked for. */
  readonly tags: ReadonlyMap<string, readonly TagWish[]>;
  /** Of all files, sorted by place. A file with an error contributes nothing; the others run. */
  readonly problems: readonly MappingProblem[];
  readonly coverage: readonly MappingCoverage[];
}

/**
 * Compiles mapping files against the sources and the two standards. Files are taken in the order of their names, so
 * that of two that want the same the result does not depend on who was read first. Rejects only where it is aborted.
 */
export async function compileMappings(
  files: readonly LoadedMapping[],
  environment: MappingEnvironment,
): Promise<CompiledMappings> {
  const sorted = [...files].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  const problems: MappingProblem[] = [];
  const running: CompiledFile[] = [];
  const claims = new Map<string, Claims>();
  const coverage: MappingCoverage[] = [];
  for (const file of sorted) {
    const compiled = await compileFile(file, environment);
    problems.push(...compiled.problems);
    coverage.push(compiled.coverage);
    if (compiled.problems.some(({ severity }) => severity === "error")) continue;
    const { tenant } = file;
    const taken = claims.get(tenant) ?? new Claims();
    claims.set(tenant, taken);
    const conflicts = taken.take(compiled);
    problems.push(...conflicts.all);
    if (!conflicts.hasErrors) running.push(compiled);
  }
  const plans = new Map<string, Plan>();
  for (const [tenant, { documents }] of claims) {
    const links = running
      .filter(({ mapping }) => mapping.tenant === tenant)
      .flatMap((file): readonly Link[] => file.links);
    const operations = running
      .filter(({ mapping }) => mapping.tenant === tenant)
      .flatMap((file): readonly BoundOperation[] => file.operations);
    if (links.length === 0 && documents.length === 0) continue;
    plans.set(tenant, { tenant, links, documents, ...(operations.length === 0 ? {} : { operations }) });
  }
  return { plans, tags: tagsOf(running), problems: sortProblems(problems), coverage };
}

function tagsOf(running: readonly CompiledFile[]): ReadonlyMap<string, readonly TagWish[]> {
  const sources = new Map<string, Map<string, number | undefined>>();
  for (const { mapping, intervals } of running) {
    const source = mapping.definition?.source;
    if (source === undefined || intervals.size === 0) continue;
    const tags = sources.get(source) ?? new Map<string, number | undefined>();
    sources.set(source, tags);
    for (const [tag, interval] of intervals) {
      const known = tags.get(tag);
      tags.set(tag, known === undefined ? interval : interval === undefined ? known : Math.min(known, interval));
    }
  }
  return new Map(
    [...sources].map(([source, tags]) => [
      source,
      [...tags].map(([tag, interval]) => (interval === undefined ? { tag } : { tag, interval })),
    ]),
  );
}
