import type { EndCodec } from "../core/end-codec.ts";
import { HubError, type Problem } from "../core/errors.ts";
import type { Link } from "../core/link.ts";
import type { Logger } from "../core/logger.ts";
import type { Place } from "../core/place.ts";
import { emptyPlan, type Plan } from "../core/plan.ts";
import type { Clock } from "../core/time.ts";
import { compileMappings, type TagWish } from "../mapping/compile.ts";
import type { SourceView } from "../mapping/environment.ts";
import { type LoadedMapping, loadMappings } from "../mapping/load.ts";
import type { MappingFileReport, MappingsReport } from "../northbound/admin/ports.ts";
import type { Twin } from "../twin/contract.ts";
import { keepRunning } from "./keep-running.ts";
import type { ReadingRouter } from "./reading-router.ts";
import type { Unanswered } from "./source-views.ts";

export interface WeaverParts {
  /** Mapping files, folders and globs. */
  readonly paths: readonly string[];
  readonly views: ReadonlyMap<string, SourceView>;
  readonly unanswered: Unanswered;
  readonly ends: readonly EndCodec[];
  /** The twin of a tenant, which is made where a mapping names it first. */
  readonly twinOf: (tenant: string) => Promise<Twin>;
  readonly router: ReadingRouter;
  readonly setTags: (source: string, tags: readonly TagWish[]) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Turns mapping files into running twins, at start, when a source is there again, and when somebody asks. */
export interface Weaver {
  /**
   * Resolves when what lies on the disk at the time of the call is running. Calls meanwhile share one further run.
   * Rejects where a tenant's store refused; the other tenants run then.
   */
  weave(): Promise<MappingsReport>;
  readonly report: MappingsReport;
}

export function createWeaver(parts: WeaverParts): Weaver {
  const { clock, log, router, views } = parts;
  const running = new Map<string, Twin>();
  let tags: ReadonlyMap<string, readonly TagWish[]> = new Map();
  let report: MappingsReport = { at: 0, files: [], problems: [] };
  let current: Promise<MappingsReport> | undefined;
  let next: Promise<MappingsReport> | undefined;

  async function run(): Promise<MappingsReport> {
    parts.unanswered.clear();
    const files = await loadMappings(parts.paths);
    const compiled = await compileMappings(files, { sources: views, ends: parts.ends });
    const broken = new Set(compiled.problems.filter((one) => one.severity === "error").map((one) => one.file));
    const problems: MappingsReport["problems"][number][] = [...compiled.problems];
    const wanted = new Map<string, TagWish[]>([...compiled.tags].map(([source, wishes]) => [source, [...wishes]]));
    const failures: HubError[] = [];
    for (const tenant of new Set([...compiled.plans.keys(), ...running.keys()])) {
      try {
        const twin = running.get(tenant) ?? (await parts.twinOf(tenant));
        const plan = compiled.plans.get(tenant) ?? emptyPlan(tenant);
        const { kept, refused } = await applyKeeping(twin, plan, broken);
        running.set(tenant, twin);
        for (const link of kept) keepTag(wanted, tags, link);
        problems.push(
          ...refused.map((problem) => ({ ...problem, file: fileOf(problem.place), severity: "error" as const })),
        );
      } catch (thrown) {
        // A tenant whose store refuses costs no other tenant; what it ran runs on.
        failures.push(HubError.from(thrown));
        for (const link of running.get(tenant)?.plan.links ?? []) keepTag(wanted, tags, link);
      }
    }
    tags = wanted;
    for (const source of views.keys()) {
      router.route(
        source,
        [...running.values()].filter((twin) => readsFrom(twin.plan, source)),
      );
      parts.setTags(source, wanted.get(source) ?? []);
    }
    const before = report;
    report = {
      at: clock.now(),
      files: fileReports(files, problems, [...running.values()], parts.unanswered),
      problems,
    };
    tell(report, before);
    if (failures[0] !== undefined) throw failures[0];
    return report;
  }

  /**
   * What a broken file ran before goes on running: a typing error never tears down a twin. A file that the twin refuses
   * is set aside like a broken one, so that it costs no other file.
   */
  async function applyKeeping(
    twin: Twin,
    plan: Plan,
    broken: ReadonlySet<string>,
  ): Promise<{ kept: readonly Link[]; refused: readonly Problem[] }> {
    const { whole, kept } = keepRunning(plan, twin.plan, broken);
    try {
      await twin.apply(whole);
      return { kept, refused: [] };
    } catch (thrown) {
      const error = HubError.from(thrown);
      if (error.code !== "config") throw error;
      const refused = error.problems.length > 0 ? error.problems : [{ place: "mappings", message: error.message }];
      const files = new Set(refused.map(({ place }) => fileOf(place)));
      const rest = withoutFiles(plan, files);
      if (rest.documents.length + rest.links.length === plan.documents.length + plan.links.length) {
        return { kept: twin.plan.links, refused };
      }
      const others = await applyKeeping(twin, rest, broken.union(files));
      return { kept: others.kept, refused: [...refused, ...others.refused] };
    }
  }

  /** Says what is new: a file that waits for its source is no mistake, and the source says for itself that it is away. */
  function tell({ files, problems }: MappingsReport, before: MappingsReport): void {
    const waiting = new Set(files.filter((one) => one.state === "waiting-for-source").map((one) => one.file));
    const known = new Set(before.problems.map(problemLine));
    for (const problem of problems) {
      const line = problemLine(problem);
      if (known.has(line)) continue;
      if (problem.severity === "error" && !waiting.has(problem.file)) log.error(line);
      else log.info(line);
    }
  }

  return {
    weave() {
      if (current === undefined) {
        current = run().finally(() => {
          current = undefined;
        });
        return current;
      }
      next ??= current
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return this.weave();
        });
      return next;
    },
    get report() {
      return report;
    },
  };
}

const problemLine = ({ place, message, expected }: Problem): string =>
  expected === undefined ? `${place}: ${message}` : `${place}: ${message} (${expected})`;

const readsFrom = (plan: Plan, source: string): boolean => plan.links.some((link) => link.tag?.source === source);

function withoutFiles(plan: Plan, files: ReadonlySet<string>): Plan {
  const stays = ({ place }: { readonly place: Place }): boolean => !files.has(place.file);
  const { links, documents, operations = [] } = plan;
  return {
    ...plan,
    links: links.filter(stays),
    documents: documents.filter(stays),
    operations: operations.filter(stays),
  };
}

const fileOf = (place: string): string => place.replace(/(:\d+)+$/, "");

function keepTag(wanted: Map<string, TagWish[]>, before: ReadonlyMap<string, readonly TagWish[]>, { tag }: Link): void {
  if (tag === undefined) return;
  const wishes = wanted.get(tag.source) ?? [];
  wanted.set(tag.source, wishes);
  if (wishes.some((wish) => wish.tag === tag.tag)) return;
  wishes.push(before.get(tag.source)?.find((wish) => wish.tag === tag.tag) ?? { tag: tag.tag });
}

function fileReports(
  files: readonly LoadedMapping[],
  problems: MappingsReport["problems"],
  twins: readonly Twin[],
  unanswered: Unanswered,
): readonly MappingFileReport[] {
  const links = twins.flatMap((twin) => twin.plan.links);
  return files.map(({ file, definition }) => {
    const own = links.filter((link) => link.place.file === file);
    const broken = problems.some((problem) => problem.file === file && problem.severity === "error");
    const source = definition?.source;
    const waits = source !== undefined && unanswered.has(source);
    const state = !broken ? "running" : waits ? "waiting-for-source" : own.length > 0 ? "running-as-before" : "refused";
    const counts = { assets: new Set(own.map((link) => link.asset)).size, points: own.length };
    return source === undefined ? { file, state, ...counts } : { file, state, source, ...counts };
  });
}
