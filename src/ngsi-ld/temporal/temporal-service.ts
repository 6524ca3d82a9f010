import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Scope } from "../../core/scope.ts";
import type { Clock } from "../../core/time.ts";
import type { Store } from "../../store/contract.ts";
import type { AggregateSource } from "../../store/series-contract.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { type AttributeKind, valueMembers } from "../vocabulary.ts";
import type { AggregatedAttribute, Evolution, EvolutionHead } from "./evolution.ts";
import { type EvolutionPage, type PageOptions, readPage } from "./evolution-page.ts";
import { EvolutionQuery, type FoundEvolution, type InstanceFilters } from "./evolution-query.ts";
import { EvolutionSource, type KnownEvolution, SCOPE, type Source } from "./evolution-source.ts";
import { holdsAt } from "./scope-validity.ts";
import { TemporalHeads } from "./temporal-heads.ts";
import type { Aggregated, TimeWindow } from "./temporal-query.ts";

/** Which instances are asked for. */
export interface InstanceChoice {
  readonly window: TimeWindow;
  readonly lastN: number | undefined;
  /** Expanded; undefined: all. */
  readonly names: ReadonlySet<string> | undefined;
  readonly datasetIds: ReadonlySet<string> | undefined;
}

export interface EvolutionSelection extends InstanceFilters {
  /** Ids, types: what entities are, not what they were. */
  readonly heads: Filter | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly count: boolean;
  /** By id; undefined: as they were made. */
  readonly order: ((a: string, b: string) => number) | undefined;
}

export interface FoundPage<T> {
  readonly items: readonly T[];
  readonly more: boolean;
  readonly total: number | undefined;
}

export interface AggregatedEvolution {
  readonly head: EvolutionHead;
  readonly attributes: readonly AggregatedAttribute[];
  /** Asked for, but with no value that a method has a meaning for: names of attributes and methods. */
  readonly ineligible: readonly string[];
}

/** Kinds whose values only count (4.5.19.1, table 3 and objects of table 1). */
const COUNTED: ReadonlySet<AttributeKind> = new Set([
  "Relationship",
  "ListRelationship",
  "VocabProperty",
  "GeoProperty",
  "LanguageProperty",
]);
const MEMBERS = Object.fromEntries(
  Object.entries(valueMembers).map(([kind, name]) => [kind, { name, counted: COUNTED.has(kind as AttributeKind) }]),
);

/** Instances of an attribute in one answer, unless somebody says otherwise. */
export const PAGE_INSTANCES = 16;

export interface TemporalServiceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly names: QualityNames;
  /** Instances of an attribute that one answer may have (6.3.10). */
  readonly pageInstances: number;
}

/** The temporal evolutions of one tenant's entities (CIM 009 5.7.3, 5.7.4). */
export class TemporalService {
  readonly heads: TemporalHeads;
  readonly source: EvolutionSource;
  readonly #store: Store;
  readonly #most: number;

  constructor({ store, clock, names, pageInstances }: TemporalServiceOptions) {
    this.#store = store;
    this.#most = pageInstances;
    this.heads = new TemporalHeads(store, clock);
    this.source = new EvolutionSource(store, names);
  }

  /** 5.7.3. `not-found`, also where a time was asked for in which there was nothing. */
  async retrieve(scope: Scope, id: string, choice: InstanceChoice): Promise<EvolutionPage> {
    const known = await this.known(id);
    scope.abort.throwIfAborted();
    const page = await this.show([known], choice);
    const isEmpty = page.evolutions.every((evolution) => isWithout(evolution, choice.names));
    if (isEmpty && (choice.window.by !== "at" || choice.names !== undefined || choice.datasetIds !== undefined)) {
      throw new HubError("not-found", `the entity ${id} has no instance of what was asked for`);
    }
    return page;
  }

  /** 5.7.4: the entities, without their instances. */
  async find(
    scope: Scope,
    selection: EvolutionSelection,
    { window, datasetIds }: InstanceChoice,
  ): Promise<FoundPage<FoundEvolution>> {
    const { heads, limit, offset, count, order } = selection;
    const query = new EvolutionQuery(this.source, window, selection);
    const found: FoundEvolution[] = [];
    let total = 0;
    for await (const some of order === undefined
      ? this.heads.list(heads, scope.abort)
      : this.#inOrder(heads, scope.abort, order)) {
      for (const one of await query.choose(some, datasetIds)) {
        if (total >= offset && found.length <= limit) found.push(one);
        total += 1;
      }
      if (!count && found.length > limit) break;
    }
    return { items: found.slice(0, limit), more: found.length > limit, total: count ? total : undefined };
  }

  /** Their instances in the window, as many as one answer may have (6.3.10). */
  async show(
    found: readonly (KnownEvolution & Partial<FoundEvolution>)[],
    choice: InstanceChoice,
  ): Promise<EvolutionPage> {
    const stretches = new Map(found.map((one) => [one.head.id, one.stretches]));
    const holds: PageOptions["holds"] = ({ head }, at) => {
      const within = stretches.get(head.id);
      return within === undefined || holdsAt(within, at);
    };
    const page = await readPage(this.source, found, { ...choice, most: this.#most, holds });
    const evolutions = page.evolutions.map((evolution) => {
      const scopes = stretches.get(evolution.head.id)?.map(({ instance }) => instance);
      return scopes === undefined ? evolution : { ...evolution, scopes };
    });
    return { ...page, evolutions };
  }

  /** 4.5.19. */
  async aggregate(
    found: readonly KnownEvolution[],
    { window, names, datasetIds }: InstanceChoice,
    { methods, period }: Aggregated,
  ): Promise<readonly AggregatedEvolution[]> {
    const { by, from, to } = window;
    const range = { by, ...(from === undefined ? {} : { from, origin: from }), ...(to === undefined ? {} : { to }) };
    const result: AggregatedEvolution[] = [];
    for (const { head, sources } of found) {
      const all = [...sources].filter(([name]) => name !== SCOPE && (names?.has(name) ?? true)).flatMap(([, of]) => of);
      const chosen = all.filter(({ datasetId }) => datasetIds?.has(datasetId ?? "@none") ?? true);
      const groups = [...Map.groupBy(chosen, ({ name, datasetId }) => `${name} ${datasetId ?? ""}`).values()];
      const aggregates = await this.#store.series.aggregates(
        groups.map((group) => group.map(sourceOf)),
        {
          ...range,
          methods,
          period,
          members: MEMBERS,
        },
      );
      const ineligible: string[] = [];
      const attributes = aggregates.flatMap((aggregate, index): AggregatedAttribute[] => {
        const [first] = groups[index] ?? [];
        if (first === undefined || aggregate.periods.length === 0) return [];
        for (const method of aggregate.ineligible) ineligible.push(`${method} of ${first.name}`);
        const kind = aggregate.type ?? String(first.linked?.type ?? "Property");
        return [{ name: first.name, datasetId: first.datasetId, kind, periods: aggregate.periods }];
      });
      result.push({ head, attributes, ineligible });
    }
    return result;
  }

  /** One entity, for `aggregate`. `not-found`. */
  async known(id: string): Promise<KnownEvolution> {
    const found = await this.heads.find(id);
    const [known] = found === undefined ? [] : await this.source.known([found.head]);
    if (known !== undefined) return known;
    throw new HubError("not-found", `there is no temporal evolution of ${id}`);
  }

  async *#inOrder(
    filter: Filter | undefined,
    abort: AbortSignal,
    order: (a: string, b: string) => number,
  ): AsyncGenerator<readonly EvolutionHead[]> {
    const all: EvolutionHead[] = [];
    for await (const some of this.heads.list(filter, abort)) all.push(...some);
    all.sort((a, b) => order(a.id, b.id));
    for (let start = 0; start < all.length; start += BATCH) yield all.slice(start, start + BATCH);
  }
}

const BATCH = 50;

const isWithout = ({ attributes, scopes }: Evolution, names: ReadonlySet<string> | undefined): boolean =>
  attributes.size === 0 && (scopes.length === 0 || names?.has(SCOPE) === false);

const sourceOf = ({ series, from, to }: Source): AggregateSource => ({
  series,
  ...(Number.isFinite(from) ? { from } : {}),
  ...(Number.isFinite(to) ? { to } : {}),
});
