import type { Filter } from "../../core/filter.ts";
import type { Said } from "../../core/part-test.ts";
import { compileEntityFilter, type JudgedEntity } from "../query/entity-predicate.ts";
import type { EvolutionHead } from "./evolution.ts";
import { type EvolutionSource, type KnownEvolution, SCOPE, type Source } from "./evolution-source.ts";
import { holdsAt, type Stretch, stretchesOf, within } from "./scope-validity.ts";
import type { TimeWindow } from "./temporal-query.ts";

/** What instances in the window have to meet for their entity to be found (CIM 009 5.7.4.4). */
export interface InstanceFilters {
  /** Of these attributes one must have an instance; undefined: any attribute. Expanded. */
  readonly attrs: ReadonlySet<string> | undefined;
  /** q and the geoquery. */
  readonly values: Filter | undefined;
  readonly scope: Filter | undefined;
}

/** An entity that was found, and when it was in the scope asked for. */
export interface FoundEvolution extends KnownEvolution {
  readonly stretches: readonly Stretch[] | undefined;
}

/** Chooses entities by what they were in a window of time. */
export class EvolutionQuery {
  readonly #source: EvolutionSource;
  readonly #window: TimeWindow;
  readonly #filters: InstanceFilters;
  readonly #valueNames: ReadonlySet<string>;
  readonly #passes: ((entity: JudgedEntity) => boolean) | undefined;

  constructor(source: EvolutionSource, window: TimeWindow, filters: InstanceFilters) {
    this.#source = source;
    this.#window = window;
    this.#filters = filters;
    this.#valueNames = new Set(filters.values === undefined ? [] : namesIn(filters.values));
    this.#passes = filters.values === undefined ? undefined : compileEntityFilter(filters.values);
  }

  /** Those of the entities that are found, in their order. */
  async choose(heads: readonly EvolutionHead[], datasetIds?: ReadonlySet<string>): Promise<readonly FoundEvolution[]> {
    const known = await this.#source.known(heads);
    const scoped = this.#filters.scope === undefined ? known : await this.#inScope(known, this.#filters.scope);
    const there = await this.#withInstances(scoped, datasetIds);
    return this.#passes === undefined ? there : this.#judge(there, this.#passes);
  }

  async #inScope(known: readonly KnownEvolution[], scope: Filter): Promise<readonly FoundEvolution[]> {
    const scopes = known.flatMap(({ sources }) => sources.get(SCOPE) ?? []);
    const { by, to, from } = this.#window;
    // A scope that was set before the window holds in it.
    const window = by === "at" || by === "observed" ? ({ by: "at", from: undefined, to } as const) : { by, from, to };
    const read = await this.#source.readAll(scopes, window);
    return known.flatMap((one): FoundEvolution[] => {
      const set = (one.sources.get(SCOPE) ?? []).flatMap((source) => read.get(source)?.instances ?? []);
      const stretches = within(stretchesOf(one.head, set, scope), from, to);
      return stretches.length === 0 ? [] : [{ ...one, stretches }];
    });
  }

  /** An instance of each will do. */
  async #withInstances(
    known: readonly (KnownEvolution & Partial<FoundEvolution>)[],
    datasetIds: ReadonlySet<string> | undefined,
  ): Promise<readonly FoundEvolution[]> {
    const concerned = (one: KnownEvolution): readonly Source[] =>
      this.#sourcesOf(one, this.#filters.attrs).filter(
        ({ datasetId }) => datasetIds === undefined || datasetIds.has(datasetId ?? "@none"),
      );
    if (this.#filters.scope !== undefined) {
      const found: FoundEvolution[] = [];
      for (const one of known) {
        if (await this.#isSaidWithin(concerned(one), one.stretches ?? []))
          found.push({ ...one, stretches: one.stretches });
      }
      return found;
    }
    // Of a page of rows that were shown elsewhere, none is here; there may be others.
    const isThere = ({ instances, full }: { instances: readonly unknown[]; full: boolean }) =>
      full || instances.length > 0;
    const there = new Set<KnownEvolution>();
    for (const [start, end] of ROUNDS) {
      const asked = known
        .filter((one) => !there.has(one))
        .map((one) => [one, concerned(one).slice(start, end)] as const);
      const sources = asked.flatMap(([, some]) => some);
      if (sources.length === 0) continue;
      const read = await this.#source.read(sources, this.#window, FEW);
      for (const [one, some] of asked) {
        if (some.some((source) => isThere(read.get(source) ?? { instances: [], full: false }))) there.add(one);
      }
    }
    return known.filter((one) => there.has(one)).map((one) => ({ ...one, stretches: undefined }));
  }

  /** Whether something was said while the scope held. */
  async #isSaidWithin(sources: readonly Source[], stretches: readonly Stretch[]): Promise<boolean> {
    const { by, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = this.#window;
    if (by !== "at" && by !== "observed") {
      const read = await this.#source.readAll(sources, this.#window);
      return [...read.values()].some(({ instances }) => instances.some(({ at }) => holdsAt(stretches, at)));
    }
    for (const stretch of stretches) {
      const window = { by, from: Math.max(from, stretch.from), to: Math.min(to, stretch.to) };
      const read = await this.#source.read(sources, window, FEW);
      if ([...read.values()].some(({ instances }) => instances.length > 0)) return true;
    }
    return false;
  }

  async #judge(
    known: readonly FoundEvolution[],
    passes: (entity: JudgedEntity) => boolean,
  ): Promise<readonly FoundEvolution[]> {
    const found: FoundEvolution[] = [];
    for (const one of known) {
      const read = await this.#source.readAll(this.#sourcesOf(one, this.#valueNames), this.#window);
      const attributes = [...read].flatMap(([{ name }, { instances }]) =>
        instances
          .filter(({ deleted, at }) => !deleted && (one.stretches === undefined || holdsAt(one.stretches, at)))
          .map(({ body, createdAt, modifiedAt }) => ({ name, body: body as unknown as Said, createdAt, modifiedAt })),
      );
      const { id, types, createdAt, modifiedAt, expiresAt } = one.head;
      if (passes({ id, types, scope: [], createdAt, modifiedAt, expiresAt, attributes })) found.push(one);
    }
    return found;
  }

  #sourcesOf({ sources }: KnownEvolution, names: ReadonlySet<string> | undefined): readonly Source[] {
    return [...sources].flatMap(([name, all]) =>
      name !== SCOPE && (names === undefined || names.has(name)) ? all : [],
    );
  }
}

/** Which of an entity's sources are asked together: one will mostly do, and each costs a read. */
const ROUNDS: readonly (readonly [number, number | undefined])[] = [
  [0, 1],
  [1, 5],
  [5, undefined],
];

const FEW = { limit: 4, order: "oldest-first" } as const;

/** The attributes that a filter speaks of. */
function namesIn(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case "all":
    case "any":
      return filter.of.flatMap(namesIn);
    case "not":
      return namesIn(filter.of);
    case "said":
      return [filter.name];
    case "part":
      return filter.names;
    default:
      return [];
  }
}
