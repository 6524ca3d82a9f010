import { HubError } from "../../core/errors.ts";
import type { Mutation, Precondition } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import type { Value } from "../../core/value.ts";
import type { Store } from "../../store/contract.ts";
import type { Overlay, PastInstance, Twin } from "../../twin/contract.ts";
import type { Attribute } from "../entity/entity.ts";
import { headKeys } from "../entity/entity-document.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { partKey } from "../entity/part-key.ts";
import { stringifyJson } from "../json/json.ts";
import type { EntityReader } from "../service/entity-reader.ts";
import type { InstanceChoice, TypeTest } from "../service/entity-service.ts";
import { headPatch } from "../service/patch-entity.ts";
import type { EvolutionHead } from "./evolution.ts";
import { type EvolutionSource, type KnownEvolution, SCOPE, type Source } from "./evolution-source.ts";
import { rowKeyOf } from "./instance-id.ts";
import { signalValueOf } from "./linked-instance.ts";
import { sortOut } from "./same-moment.ts";
import type { ScopeInstance, TemporalFragment } from "./temporal-entity.ts";
import { ONLY_PAST, type TemporalHeads } from "./temporal-heads.ts";

export interface TemporalWriterOptions {
  readonly store: Store;
  readonly heads: TemporalHeads;
  readonly source: EvolutionSource;
  readonly entities: EntityReader;
  readonly twin: Overlay & Pick<Twin, "chronicle" | "commit">;
  readonly names: QualityNames;
}

const MAX_TRIES = 4;
const ALL_TIME = { by: "at", from: undefined, to: undefined } as const;
const lostRace: ReadonlySet<string> = new Set(["already-exists", "not-found", "precondition-failed"]);

/** Writes the past of one tenant's entities (CIM 009 5.6.11 to 5.6.16). What they are now is left alone (rule 12). */
export class TemporalWriter {
  readonly #options: TemporalWriterOptions;

  constructor(options: TemporalWriterOptions) {
    this.#options = options;
  }

  /** 5.6.11. Where nobody knows of the entity it is made, with a past alone. */
  async upsert(scope: Scope, fragment: TemporalFragment): Promise<"created" | "updated"> {
    const { id } = fragment;
    if (id === undefined) throw new HubError("invalid", "the temporal representation has no id");
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      scope.abort.throwIfAborted();
      const found = await this.#options.heads.find(id);
      if (found !== undefined) {
        await this.#add(scope, found, fragment);
        return "updated";
      }
      if (fragment.types.length === 0) throw new HubError("invalid", "the temporal representation has no type");
      if (await this.#make(scope, id, fragment)) return "created";
    }
    throw new HubError("overloaded", `the entity ${id} is changed by too many at the same time`, { retryAfter: 1 });
  }

  /** 5.6.12. `not-found`. */
  async add(scope: Scope, id: string, fragment: TemporalFragment): Promise<void> {
    await this.#add(scope, await this.#found(id), fragment);
  }

  /** 5.6.13. `not-found`. What the attribute is now stays, and so does a link. */
  async deleteAttribute(scope: Scope, id: string, name: string, which: InstanceChoice): Promise<void> {
    const { head } = await this.#found(id);
    const known = await this.#known(head);
    const chosen = (known.sources.get(name) ?? []).filter(
      ({ datasetId }) => which === "all" || datasetId === which.datasetId,
    );
    const there = await this.#withInstances(chosen);
    if (there.length === 0) throw noAttribute(id, name);
    await this.#options.twin.chronicle.erase(scope, there);
  }

  /** 5.6.14 and, without an attribute, 5.6.15. `not-found`. */
  async amend(scope: Scope, id: string, name: string, instanceId: string, attribute?: Attribute): Promise<void> {
    const { head } = await this.#found(id);
    const known = await this.#known(head);
    const row = rowKeyOf(instanceId);
    const source = known.sources.get(name)?.find(({ series }) => series === row?.series);
    const instance = attribute === undefined ? undefined : this.#instance(id, attribute);
    if (source?.datasetId !== attribute?.datasetId && attribute !== undefined && source !== undefined) {
      throw new HubError("invalid", "the instance that is sent has another datasetId than the one it replaces");
    }
    const isDone =
      row !== undefined &&
      source !== undefined &&
      (await this.#options.twin.chronicle.amend(scope, row, source.linked !== undefined, instance));
    if (!isDone) throw new HubError("not-found", `the entity ${id} has no instance ${instanceId} of ${name}`);
  }

  /** 5.6.16. `not-found`. An entity that is there stays, without its past. */
  async delete(scope: Scope, id: string): Promise<void> {
    const { head, present } = await this.#found(id);
    const { sources } = await this.#known(head);
    const { chronicle } = this.#options.twin;
    await chronicle.erase(scope, [...new Set([...sources.values()].flat().map(({ series }) => series))]);
    if (present) return;
    const result = await chronicle.record(
      scope,
      { mutations: [{ kind: "document.delete", collection: "evolution", id }] },
      [],
    );
    if (!result.ok && !lostRace.has(result.error.code)) throw result.error;
  }

  /** 5.6.5 on an entity that has a past alone: the deletion becomes an instance of it. False: there is no such attribute. */
  async tombstone(
    scope: Scope,
    id: string,
    name: string,
    which: InstanceChoice,
    typed: TypeTest = () => true,
  ): Promise<boolean> {
    const found = await this.#options.heads.find(id);
    if (found === undefined || found.present || !typed(found.head.types)) return false;
    const { sources } = await this.#known(found.head);
    const chosen = (sources.get(name) ?? []).filter(
      ({ datasetId, linked }) => linked === undefined && (which === "all" || datasetId === which.datasetId),
    );
    const read = await this.#options.source.read(chosen, ALL_TIME, { limit: 1, order: "newest-first" });
    const instances = chosen.flatMap((source): PastInstance[] => {
      const last = read.get(source)?.instances[0];
      if (last === undefined || last.deleted) return [];
      const leaf = leafOf(id, name === SCOPE ? SCOPE : partKey(name, source.datasetId));
      return [{ leaf, body: { type: String(last.body.type ?? "Property") }, deleted: true }];
    });
    if (instances.length === 0) return false;
    const touch: Mutation = { kind: "document.patch", collection: "evolution", id };
    const result = await this.#options.twin.chronicle.record(scope, { mutations: [touch] }, instances);
    if (!result.ok) throw result.error;
    return true;
  }

  async #make(scope: Scope, id: string, fragment: TemporalFragment): Promise<boolean> {
    const absent = (collection: "entity" | "evolution"): Precondition => ({ collection, id, must: "be-absent" });
    const put: Mutation = {
      kind: "document.put",
      collection: "evolution",
      document: { id, body: ONLY_PAST, keys: keysOf(fragment.types, latestScope(fragment.scopes)) },
      parts: [],
    };
    const unit = { mutations: [put], preconditions: [absent("entity"), absent("evolution")] };
    const result = await this.#options.twin.chronicle.record(scope, unit, this.#instances(id, fragment));
    if (result.ok || lostRace.has(result.error.code)) return result.ok;
    throw result.error;
  }

  async #add(
    scope: Scope,
    found: { head: EvolutionHead; present: boolean },
    fragment: TemporalFragment,
  ): Promise<void> {
    const { id, types } = found.head;
    const all = [...new Set([...types, ...fragment.types])];
    const hasMore = all.length > types.length;
    if (found.present && hasMore) await this.#addTypes(scope, id, all);
    const keys = hasMore || fragment.scopes.length > 0 ? { keys: await this.#keys(id, all, fragment) } : {};
    const mutations: readonly Mutation[] = found.present
      ? []
      : [{ kind: "document.patch", collection: "evolution", id, ...keys }];
    const { chronicle } = this.#options.twin;
    const { added, replaced } = await sortOut(this.#options.source, found.head, this.#instances(id, fragment));
    await Promise.all(replaced.map(({ row, instance }) => chronicle.amend(scope, row, false, instance)));
    const result = await chronicle.record(scope, { mutations }, added);
    if (!result.ok) throw result.error;
  }

  async #keys(id: string, types: readonly string[], { scopes }: TemporalFragment) {
    const row = await this.#options.store.documents.get("evolution", id);
    return keysOf(types, scopes.length > 0 ? latestScope(scopes) : (row?.keys.scope ?? []));
  }

  /** Types have no history: they are those of the entity. */
  async #addTypes(scope: Scope, id: string, types: readonly string[]): Promise<void> {
    const { entity } = await this.#options.entities.get(id);
    const patch = headPatch(id, { ...entity, types });
    const [result] = await this.#options.twin.commit(scope, "ngsi-ld", [{ mutations: [patch] }]);
    if (result?.ok === false) throw result.error;
  }

  #instances(id: string, { attributes, scopes }: TemporalFragment): readonly PastInstance[] {
    const said = attributes.map((attribute) => this.#instance(id, attribute));
    const set = scopes.map(({ scope, observedAt }): PastInstance => {
      const value = scope.length === 1 ? (scope[0] ?? "") : scope;
      const at = observedAt === undefined ? {} : { at: timeOf(observedAt) };
      const body = { type: "Property", value, ...(observedAt === undefined ? {} : { observedAt }) };
      return { leaf: leafOf(id, SCOPE), body, ...at };
    });
    return [...said, ...set];
  }

  #instance(id: string, { name, datasetId, body }: Attribute): PastInstance {
    const part = partKey(name, datasetId);
    const observed = typeof body.observedAt === "string" ? { at: timeOf(body.observedAt) } : {};
    const whole = datasetId === undefined ? body : { ...body, datasetId };
    const leaf = this.#options.twin.leaf("entity", id, part);
    const signal =
      leaf === undefined ? {} : { value: signalValueOf({ name, datasetId, body }, leaf, this.#options.names) };
    // As the twin keeps bodies: plain JSON.
    const plain = JSON.parse(stringifyJson(whole)) as Value;
    return { leaf: leafOf(id, part), body: plain, ...observed, ...signal };
  }

  async #found(id: string) {
    const found = await this.#options.heads.find(id);
    if (found !== undefined) return found;
    throw new HubError("not-found", `there is no temporal evolution of ${id}`);
  }

  async #known(head: EvolutionHead): Promise<KnownEvolution> {
    const [known] = await this.#options.source.known([head]);
    return known ?? { head, sources: new Map() };
  }

  async #withInstances(sources: readonly Source[]): Promise<readonly number[]> {
    const read = await this.#options.source.read(sources, ALL_TIME, { limit: 1, order: "oldest-first" });
    return sources.filter((source) => read.get(source)?.full === true).map(({ series }) => series);
  }
}

const leafOf = (document: string, part: string) => ({ collection: "entity", document, part }) as const;
const timeOf = (text: string): number => Date.parse(text.replace(",", "."));
const keysOf = (types: readonly string[], scope: readonly string[]) => headKeys({ types, scope, expiresAt: undefined });

/** The scope that was set last; one without a time is that of now. */
function latestScope(scopes: readonly ScopeInstance[]): readonly string[] {
  const at = ({ observedAt }: ScopeInstance): number =>
    observedAt === undefined ? Number.POSITIVE_INFINITY : timeOf(observedAt);
  return scopes.toSorted((a, b) => at(a) - at(b)).at(-1)?.scope ?? [];
}

const noAttribute = (id: string, name: string): HubError =>
  new HubError("not-found", `the temporal evolution of ${id} has no attribute ${name}`);
