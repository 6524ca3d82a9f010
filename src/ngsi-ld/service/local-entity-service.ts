import { DocumentTurns } from "../../core/document-turns.ts";
import { HubError } from "../../core/errors.ts";
import type { Mutation, Precondition } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import type { Twin } from "../../twin/contract.ts";
import type { Entity, EntityFragment } from "../entity/entity.ts";
import { documentOf, kindOfBody, partOf } from "../entity/entity-document.ts";
import type { EntityState } from "../entity/entity-state.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { mergeBody, patchBody, withoutNulls } from "../entity/merge-body.ts";
import { asMergedInto, type MergeOptions } from "../entity/merge-options.ts";
import { ChangeSet, type ValuePolicy } from "./change-set.ts";
import { type DeviceOutcome, writeDevices } from "./device-writes.ts";
import type { EntityReader } from "./entity-reader.ts";
import type {
  EntityPage,
  EntityQuery,
  EntityService,
  InstanceChoice,
  PartialAttribute,
  TypeTest,
  WriteResult,
} from "./entity-service.ts";
import { dropConflict } from "./link-conflict.ts";
import { checkKind, headPatch, patchHead, requireWhole } from "./patch-entity.ts";

/** Tries of a change in its turn, where changes that began before it are committed between its read and its commit. */
const MAX_TRIES = 8;

export interface LocalEntityOptions {
  readonly reader: EntityReader;
  readonly twin: Pick<Twin, "commit" | "write">;
  readonly names: QualityNames;
  /** Told what an entity is before a commit changes it so, undefined where it is new; subscriptions match by it. */
  readonly onChange?: (mutations: readonly Mutation[], state: EntityState | undefined) => void;
}

/** Entities that the hub itself holds, with the twin rules 4 to 7, 9 and 10 of the design. */
export class LocalEntityService implements EntityService {
  readonly #reader: EntityReader;
  readonly #twin: Pick<Twin, "commit" | "write">;
  readonly #names: QualityNames;
  readonly #turns = new DocumentTurns();
  readonly #onChange: NonNullable<LocalEntityOptions["onChange"]>;

  constructor(options: LocalEntityOptions) {
    this.#reader = options.reader;
    this.#twin = options.twin;
    this.#names = options.names;
    this.#onChange = options.onChange ?? (() => {});
  }

  async create(scope: Scope, entity: Entity): Promise<void> {
    // An expired entity is gone, whether or not it has been swept: its id is free (4.22).
    const free = (await this.#reader.find(entity.id)) === undefined;
    if (!free) throw new HubError("already-exists", `the entity ${entity.id} already exists`);
    const put: Mutation = {
      kind: "document.put",
      collection: "entity",
      document: documentOf(entity),
      parts: entity.attributes.map(partOf),
    };
    const remove: Mutation = { kind: "document.delete", collection: "entity", id: entity.id };
    const fresh: Precondition = { collection: "entity", id: entity.id, must: "be-absent" };
    if (await this.#commit(scope, undefined, [put], [fresh])) return;
    const isFree = (await this.#reader.find(entity.id)) === undefined;
    if (isFree && (await this.#commit(scope, undefined, [remove, put], []))) return;
    throw new HubError("already-exists", `the entity ${entity.id} already exists`);
  }

  retrieve(_scope: Scope, id: string, typed?: TypeTest): Promise<EntityState> {
    return this.#reader.get(id, typed);
  }

  query(_scope: Scope, query: EntityQuery): Promise<EntityPage> {
    return this.#reader.query(query);
  }

  replace(scope: Scope, entity: Entity, typed?: TypeTest): Promise<WriteResult> {
    return this.#change(scope, entity.id, "document", typed, (changes, state) => {
      const given = new Map(entity.attributes.map((attribute) => [partOf(attribute).key, attribute]));
      for (const leaf of state.live.values()) {
        const { link, signal } = leaf;
        const sent = given.get(leaf.part);
        const kind = state.entity.attributes.find((attribute) => attribute.key === leaf.part)?.body;
        // A leaf without a value is not shown, so a GET-edit-PUT cannot know of it (rule 9).
        if (sent === undefined && signal?.value !== undefined) throw dropConflict(link);
        if (sent !== undefined && kind !== undefined && kindOfBody(sent.body) !== kindOfBody(kind))
          throw dropConflict(link);
      }
      const kept = new Set(given.keys());
      for (const stored of state.entity.attributes) {
        if (!kept.has(stored.key) && !state.live.has(stored.key)) changes.delete(stored.name, stored.datasetId);
      }
      for (const attribute of entity.attributes) changes.put(attribute.name, attribute.datasetId, attribute.body);
      changes.mutations.push(headPatch(entity.id, entity));
    });
  }

  merge(
    scope: Scope,
    id: string,
    fragment: EntityFragment,
    typed?: TypeTest,
    options: MergeOptions = {},
  ): Promise<WriteResult> {
    return this.#change(scope, id, "actuate", typed, (changes, state) => {
      for (const { name, datasetId, body: sent } of fragment.attributes) {
        const stored = changes.stored(name, datasetId);
        if (sent === undefined) {
          if (stored !== undefined) changes.delete(name, datasetId);
        } else if (stored === undefined) {
          changes.put(name, datasetId, requireWhole(name, withoutNulls(sent)));
        } else {
          const body = asMergedInto(stored.body, sent, name, options);
          checkKind(name, stored.body, body);
          changes.put(name, datasetId, mergeBody(stored.body, body), body);
        }
      }
      patchHead(changes, state, fragment, "merge");
    });
  }

  update(scope: Scope, id: string, fragment: EntityFragment, typed?: TypeTest): Promise<WriteResult> {
    return this.#change(scope, id, "actuate", typed, (changes, state) => {
      for (const { name, datasetId, body } of fragment.attributes) {
        if (body !== undefined) changes.put(name, datasetId, requireWhole(name, withoutNulls(body)));
        else if (changes.stored(name, datasetId) !== undefined) changes.delete(name, datasetId);
        else changes.fail(name, datasetId, new HubError("not-found", "there is no such attribute instance to delete"));
      }
      patchHead(changes, state, fragment, "update");
    });
  }

  append(
    scope: Scope,
    id: string,
    fragment: EntityFragment,
    overwrite: boolean,
    typed?: TypeTest,
  ): Promise<WriteResult> {
    return this.#change(scope, id, "document", typed, (changes, state) => {
      for (const { name, datasetId, body } of fragment.attributes) {
        if (body === undefined) continue;
        if (overwrite || changes.stored(name, datasetId) === undefined) changes.put(name, datasetId, body);
        else
          changes.fail(
            name,
            datasetId,
            new HubError("already-exists", "the attribute exists, and noOverwrite was asked for"),
          );
      }
      patchHead(changes, state, fragment, overwrite ? "merge" : "append");
    });
  }

  updateAttribute(scope: Scope, id: string, attribute: PartialAttribute, typed?: TypeTest): Promise<WriteResult> {
    const { name, datasetId, body } = attribute;
    return this.#change(scope, id, "actuate", typed, (changes) => {
      const stored = changes.stored(name, datasetId);
      if (stored === undefined) throw noInstance(id, name, datasetId);
      if (body === undefined) return changes.delete(name, datasetId);
      checkKind(name, stored.body, body);
      changes.put(name, datasetId, patchBody(stored.body, body), body);
    });
  }

  replaceAttribute(scope: Scope, id: string, attribute: PartialAttribute, typed?: TypeTest): Promise<WriteResult> {
    const { name, datasetId, body } = attribute;
    return this.#change(scope, id, "document", typed, (changes) => {
      if (changes.stored(name, datasetId) === undefined) throw noInstance(id, name, datasetId);
      if (body === undefined) throw new HubError("invalid", "the attribute must not be NGSI-LD Null here");
      changes.put(name, datasetId, body);
    });
  }

  deleteAttribute(
    scope: Scope,
    id: string,
    name: string,
    which: InstanceChoice,
    typed?: TypeTest,
  ): Promise<WriteResult> {
    return this.#change(scope, id, "document", typed, (changes, state) => {
      const matching = state.entity.attributes.filter(
        (stored) => stored.name === name && (which === "all" || stored.datasetId === which.datasetId),
      );
      if (matching.length === 0) throw noInstance(id, name, which === "all" ? undefined : which.datasetId);
      for (const stored of matching) changes.delete(stored.name, stored.datasetId);
    });
  }

  /** 5.6.5.4: the scope can be deleted like an attribute. */
  deleteScope(scope: Scope, id: string, typed?: TypeTest): Promise<WriteResult> {
    return this.#change(scope, id, "document", typed, (changes, state) => {
      if (state.entity.scope.length === 0) throw noInstance(id, "scope", undefined);
      changes.mutations.push(headPatch(id, { ...state.entity, scope: [] }));
    });
  }

  delete(scope: Scope, id: string, typed?: TypeTest): Promise<WriteResult> {
    return this.#change(scope, id, "document", typed, (changes, state) => {
      if (state.live.size === 0) {
        const { createdAt, modifiedAt } = state.entity;
        changes.mutations.push({
          kind: "document.delete",
          collection: "entity",
          id,
          was: { createdAt, modifiedAt },
        });
        return;
      }
      for (const stored of state.entity.attributes) changes.delete(stored.name, stored.datasetId);
    });
  }

  /**
   * Reads, decides, writes devices, then commits against the version that was read. A lost race begins anew, in the turn
   * of this entity, so that any number of clients may change it; devices are never waited for in a turn.
   */
  async #change(
    scope: Scope,
    id: string,
    policy: ValuePolicy,
    typed: TypeTest | undefined,
    decide: (changes: ChangeSet, state: EntityState) => void,
  ): Promise<WriteResult> {
    const decided = async () => {
      scope.abort.throwIfAborted();
      const state = await this.#reader.get(id, typed);
      const changes = new ChangeSet(state, this.#names, policy);
      decide(changes, state);
      return { state, changes };
    };
    const committed = async ({ state, changes }: { state: EntityState; changes: ChangeSet }) => {
      const version: Precondition = { collection: "entity", id, must: { version: state.entity.version } };
      return changes.mutations.length === 0 || (await this.#commit(scope, state, changes.mutations, [version]));
    };
    const first = await decided();
    // Devices are asked once, however often the document's part has to be tried.
    const devices = await writeDevices(this.#twin, scope, first.changes);
    if (!this.#turns.busy(id) && (await committed(first))) return resultOf(first.changes, devices);
    return await this.#turns.take(id, async () => {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const again = await decided();
        if (await committed(again)) return resultOf(again.changes, devices);
      }
      throw new HubError("overloaded", `others kept changing the entity ${id}: try again`, { retryAfter: 1 });
    });
  }

  /** False: a precondition failed. Throws what else the store says. */
  async #commit(
    scope: Scope,
    before: EntityState | undefined,
    mutations: readonly Mutation[],
    preconditions: readonly Precondition[],
  ): Promise<boolean> {
    this.#onChange(mutations, before);
    const [result] = await this.#twin.commit(scope, "ngsi-ld", [{ mutations, preconditions }]);
    if (result === undefined) throw new HubError("internal", "a commit gave no result");
    if (result.ok) return true;
    const lost: readonly string[] = ["precondition-failed", "already-exists", "not-found"];
    if (lost.includes(result.error.code)) return false;
    throw result.error;
  }
}

/** Alone the error is the answer; beside what worked it is a part of it. */
function resultOf(changes: ChangeSet, devices: DeviceOutcome): WriteResult {
  const updated = new Set([...changes.updated, ...devices.written]);
  const failed = [...changes.failed, ...devices.failed];
  const [first] = failed;
  const nothing = updated.size === 0 && changes.mutations.length === 0;
  if (
    first !== undefined &&
    nothing &&
    failed.every(({ error }) => error.code !== "already-exists" && error.code !== "not-found")
  ) {
    throw first.error;
  }
  const failedNames = new Set(failed.map((part) => part.attribute));
  return { updated: [...updated].filter((name) => !failedNames.has(name)), failed };
}

function noInstance(id: string, name: string, datasetId: string | undefined): HubError {
  const which = datasetId === undefined ? "" : ` with the datasetId ${datasetId}`;
  return new HubError("not-found", `the entity ${id} has no attribute ${name}${which}`);
}
