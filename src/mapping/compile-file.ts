import type { BoundOperation } from "../core/bound-operation.ts";
import type { PointFacts } from "../core/browse.ts";
import { HubError } from "../core/errors.ts";
import type { Link } from "../core/link.ts";
import type { PlannedDocument } from "../core/plan.ts";
import { AssetProblems } from "./asset-problems.ts";
import { type Asset, findAssets, someOf } from "./assets.ts";
import { compilePoints } from "./compile-points.ts";
import type { MappingCoverage } from "./coverage.ts";
import { checkCycles } from "./cycles.ts";
import type { MappingEnvironment, SourceView } from "./environment.ts";
import { knownNames } from "./known-names.ts";
import type { LoadedMapping } from "./load.ts";
import { LinkMaker } from "./make-link.ts";
import { AssetOperations } from "./operations/asset-operations.ts";
import { compileOperations } from "./operations/compile-operations.ts";
import { fillValue } from "./placeholders.ts";
import type { PointProgram } from "./point-program.ts";
import { type MappingProblem, Problems } from "./problem.ts";
import type { MappingFile } from "./schema.ts";
import { type Settled, settle } from "./settle.ts";
import { weaveAsset } from "./weave.ts";

type Defined = LoadedMapping & { readonly definition: MappingFile };

/** What one file alone compiles to; whether it may run beside the others is decided where they meet. */
export interface CompiledFile {
  readonly mapping: LoadedMapping;
  readonly links: readonly Link[];
  readonly documents: readonly PlannedDocument[];
  readonly operations: readonly BoundOperation[];
  /** How often the source should look at a tag, where the mapping says it. */
  readonly intervals: ReadonlyMap<string, number | undefined>;
  readonly problems: readonly MappingProblem[];
  readonly coverage: MappingCoverage;
}

export async function compileFile(mapping: LoadedMapping, environment: MappingEnvironment): Promise<CompiledFile> {
  const { definition, file, name, tenant } = mapping;
  const empty = { mapping, links: [], documents: [], operations: [], intervals: new Map<string, number>() };
  const coverage: MappingCoverage = {
    file,
    mapping: name,
    tenant,
    expected: undefined,
    matched: [],
    ambiguous: [],
    unmatched: [],
  };
  if (definition === undefined) return { ...empty, problems: mapping.problems, coverage };
  const problems = new Problems();
  problems.all.push(...mapping.problems);
  const compiler = new FileCompiler({ ...mapping, definition }, environment, problems);
  const result = await compiler.compile();
  return { ...empty, ...result, problems: problems.all, coverage: { ...coverage, ...result.coverage } };
}

interface SettledOnce {
  readonly settled: Settled;
  readonly problems: Problems;
}

class FileCompiler {
  readonly #mapping: Defined;
  readonly #environment: MappingEnvironment;
  readonly #problems: Problems;
  readonly #assetProblems = new AssetProblems();
  readonly #settled = new Map<PointProgram, Map<string, SettledOnce>>();

  constructor(mapping: Defined, environment: MappingEnvironment, problems: Problems) {
    this.#mapping = mapping;
    this.#environment = environment;
    this.#problems = problems;
  }

  async compile() {
    const { definition, yaml, tenant, name } = this.#mapping;
    const source = this.#source();
    const programs = compilePoints(definition, yaml, this.#problems);
    checkCycles(programs, this.#problems);
    const { assets, ambiguous } = await findAssets(this.#mapping, source, this.#problems);
    const tags = this.#tags(programs, assets, source);
    const methods = compileOperations(definition, programs, yaml, this.#problems);
    const operations = new AssetOperations(this.#mapping, methods, source);
    await operations.find(assets, this.#assetProblems, this.#problems);
    const facts = await this.#facts(tags, source);
    const unmatched = this.#unmatched(programs, assets, tags, facts);

    const links: Link[] = [];
    const documents: PlannedDocument[] = [];
    const bound: BoundOperation[] = [];
    const intervals = new Map<string, number | undefined>();
    const maker = new LinkMaker();
    for (const asset of assets) {
      const problems = new Problems();
      const points = new Map<PointProgram, Settled>();
      for (const program of programs) {
        const tag = tags.get(asset)?.get(program);
        points.set(program, this.#settle(program, tag === undefined ? undefined : facts?.get(tag), problems));
      }
      const typeOf = new Map([...points].map(([{ name: point }, { type }]) => [point, type]));
      const wishes = operations.wishes(asset, (point) => typeOf.get(point), problems);
      const woven = await weaveAsset(this.#mapping, asset, points, wishes, this.#environment.ends, problems);
      this.#assetProblems.take(asset.key, problems);
      documents.push(...woven.documents);
      for (const [program, settled] of points) {
        const tag = tags.get(asset)?.get(program);
        if (tag !== undefined) intervals.set(tag, smaller(intervals.get(tag), program.interval));
        links.push(
          maker.make({
            program,
            settled,
            type: settled.type ?? woven.types.get(program.name) ?? "json",
            tenant,
            mapping: name,
            assetKey: asset.key,
            tag: tag === undefined ? undefined : { source: definition.source ?? "", tag },
            ends: woven.ends.get(program.name) ?? [],
          }),
        );
      }
      const linked = new Map(links.slice(-points.size).map((link) => [link.point, link.type]));
      bound.push(...operations.bind(asset, woven.operations, (point) => linked.get(point) ?? "json"));
    }
    this.#assetProblems.moveTo(this.#problems);
    const coverage = {
      expected: definition.forEach?.expect,
      matched: assets.map(({ key }) => key),
      ambiguous,
      unmatched: [...unmatched, ...operations.unmatched],
    };
    return { links, documents, operations: bound, intervals, coverage };
  }

  #source(): SourceView | undefined {
    const { definition, yaml } = this.#mapping;
    const needed =
      definition.forEach?.browse !== undefined ||
      Object.values(definition.points).some(({ from }) => from !== undefined) ||
      Object.values(definition.operations ?? {}).some(({ call }) => call !== undefined);
    if (definition.source === undefined) {
      if (needed)
        this.#problems.error(yaml.placeOf(""), {
          message: '"source" is missing in the file',
          expected: "source: a connection in twinweave.yaml",
        });
      return undefined;
    }
    const source = this.#environment.sources.get(definition.source);
    if (source === undefined) {
      this.#problems.error(yaml.placeOf("/source"), {
        message: `there is no source "${definition.source}"`,
        expected: knownNames(definition.source, this.#environment.sources.keys()),
      });
    }
    return source;
  }

  /** The address of each point of each asset, in the source's own syntax. */
  #tags(programs: readonly PointProgram[], assets: readonly Asset[], source: SourceView | undefined) {
    const tags = new Map<Asset, Map<PointProgram, string>>();
    for (const asset of assets) {
      const problems = new Problems();
      const own = new Map<PointProgram, string>();
      tags.set(asset, own);
      for (const program of programs) {
        if (program.definition.from === undefined || source === undefined) continue;
        const place = program.placeOf("from");
        const from = fillValue(program.definition.from, asset, (problem) => problems.error(place, problem));
        if (problems.hasErrors) continue;
        const parsed = source.addresses.parse(from, asset.base);
        if ("problem" in parsed) problems.error(place, parsed.problem);
        else own.set(program, parsed.tag);
        if ("tag" in parsed && parsed.writable === false && program.write !== undefined) {
          problems.error(program.placeOf("write"), {
            message: `${parsed.tag} cannot be written`,
            expected: "an address that can, or no write",
          });
        }
      }
      this.#assetProblems.take(asset.key, problems);
    }
    return tags;
  }

  async #facts(tags: ReadonlyMap<Asset, ReadonlyMap<PointProgram, string>>, source: SourceView | undefined) {
    const wanted = [...new Set([...tags.values()].flatMap((own) => [...own.values()]))];
    if (source === undefined || wanted.length === 0) return undefined;
    try {
      return await source.facts(wanted);
    } catch (error) {
      const { code, message } = HubError.from(error);
      if (code === "aborted") throw error;
      this.#problems.warning(this.#mapping.yaml.placeOf("/source"), {
        message: `the source cannot be asked for types, units and ranges: ${message}`,
        expected: "type and unit in the mapping, or a source that answers",
      });
      return undefined;
    }
  }

  #unmatched(
    programs: readonly PointProgram[],
    assets: readonly Asset[],
    tags: ReadonlyMap<Asset, ReadonlyMap<PointProgram, string>>,
    facts: ReadonlyMap<string, PointFacts> | undefined,
  ): MappingCoverage["unmatched"] {
    if (facts === undefined || facts.size === 0) return []; // a source that knows nothing of its points says nothing here
    const unmatched: { asset: string; point: string; tag: string }[] = [];
    for (const program of programs) {
      const before = unmatched.length;
      for (const asset of assets) {
        const tag = tags.get(asset)?.get(program);
        if (tag !== undefined && !facts.has(tag)) unmatched.push({ asset: asset.key, point: program.name, tag });
      }
      const missing = unmatched.slice(before);
      if (missing.length === 0) continue;
      const where =
        assets.length === 1
          ? (missing[0]?.tag ?? "")
          : `${missing.length} of ${assets.length} assets: ${someOf(missing.map(({ asset }) => asset))}`;
      this.#problems.warning(program.placeOf("from"), {
        message: `"${program.name}" is not in the source (${where})`,
        expected: "an address that exists",
      });
    }
    return unmatched;
  }

  /** Once for all assets whose source says the same. */
  #settle(program: PointProgram, facts: PointFacts | undefined, problems: Problems): Settled {
    const known = this.#settled.get(program) ?? new Map<string, SettledOnce>();
    this.#settled.set(program, known);
    const { valueType, unit, range, writable } = facts ?? {};
    const same = `${valueType} ${unit} ${range?.low} ${range?.high} ${writable}`;
    let entry = known.get(same);
    if (entry === undefined) {
      const found = new Problems();
      entry = { settled: settle(program, facts, found), problems: found };
      known.set(same, entry);
    }
    problems.all.push(...entry.problems.all);
    return entry.settled;
  }
}

const smaller = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);
