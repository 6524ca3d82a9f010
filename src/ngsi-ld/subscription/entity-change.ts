import type { SignalChange } from "../../core/change.ts";
import type { Mutation } from "../../core/mutation.ts";
import {
  kindOfBody,
  type StoredAttribute,
  type StoredEntity,
  storedEntity,
  valueOfBody,
} from "../entity/entity-document.ts";
import { type EntityState, shownAttribute } from "../entity/entity-state.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { datasetOfKey } from "../entity/part-key.ts";
import { isObject, type Json, type JsonObject, parseJson, sameJson, stringifyJson } from "../json/json.ts";
import { jsonOfValue } from "../json/value-json.ts";
import type { NotedDelta, NotedSignal, NotedState } from "./change-note.ts";

/** What happened to an attribute instance: `put` where nobody knows whether it was there before. */
export interface AttributeDelta extends Omit<NotedDelta, "how"> {
  readonly how: NotedDelta["how"] | "put";
  readonly signal?: NotedSignal;
}

/** What one commit changes of one entity. */
export interface EntityChange {
  readonly entity: string;
  /** Undefined where they are not known here. */
  readonly types: readonly string[] | undefined;
  readonly whole: "created" | "deleted" | undefined;
  readonly deltas: readonly AttributeDelta[];
  /** The times of a deleted entity. */
  readonly was?: { readonly createdAt: number; readonly modifiedAt: number };
  /** The entity after the change, or what a deleted one was last; undefined where it is not known here. */
  readonly state: EntityState | undefined;
}

/**
 * The change that `mutations` of one entity make to what is there: its state before, or undefined where there is none.
 * CIM 009 5.8.6: an attribute changes where any of its members gets another value, so what is written again is no change.
 */
export function changeOf(
  entity: string,
  before: EntityState | undefined,
  mutations: readonly Mutation[],
  at: number,
): EntityChange {
  const after = applied(entity, before?.entity, mutations, at);
  const state = (stored: StoredEntity): EntityState => ({
    entity: stored,
    live: before?.live ?? new Map(),
    modifiedAt: Math.max(stored.modifiedAt, before?.modifiedAt ?? 0),
    at,
  });
  if (after === undefined) {
    const { createdAt = at, modifiedAt = at } = before?.entity ?? {};
    return {
      entity,
      types: before?.entity.types,
      whole: "deleted",
      deltas: deltasBetween(before, undefined),
      was: { createdAt, modifiedAt },
      state: before,
    };
  }
  const now = state(after);
  return {
    entity,
    types: after.types,
    whole: before === undefined ? "created" : undefined,
    deltas: deltasBetween(before, now),
    state: now,
  };
}

function applied(
  id: string,
  before: StoredEntity | undefined,
  mutations: readonly Mutation[],
  at: number,
): StoredEntity | undefined {
  let now = before;
  for (const mutation of mutations) {
    if (mutation.collection !== "entity" || idOf(mutation) !== id) continue;
    if (mutation.kind === "document.delete") now = undefined;
    else if (mutation.kind === "document.put") {
      const { document, parts } = mutation;
      const row = { ...document, createdAt: now?.createdAt ?? at, modifiedAt: at, version: 0, ordinal: 0 };
      const old = now;
      const made = parts.map((part, position) => {
        const createdAt = old?.attributes.find(({ key }) => key === part.key)?.createdAt ?? at;
        return { ...part, position, createdAt, modifiedAt: at };
      });
      now = storedEntity(row, made);
    } else if (now !== undefined) now = { ...patched(now, mutation, at), modifiedAt: at };
  }
  return now;
}

function patched(now: StoredEntity, mutation: Mutation, at: number): StoredEntity {
  if (mutation.kind === "document.patch") {
    if (mutation.body === undefined) return now;
    const head = storedEntity({ ...now, body: mutation.body, keys: {}, ordinal: 0 } as never, []);
    return { ...now, types: head.types, scope: head.scope, expiresAt: head.expiresAt };
  }
  if (mutation.kind === "part.delete") {
    return { ...now, attributes: now.attributes.filter(({ key }) => key !== mutation.key) };
  }
  if (mutation.kind !== "part.put") return now;
  const { key, name, body, expiresAt } = mutation.part;
  const old = now.attributes.find((stored) => stored.key === key);
  const json = parseJson(body);
  const put: StoredAttribute = {
    key,
    name,
    datasetId: datasetOfKey(key),
    body: isObject(json) ? json : {},
    createdAt: old?.createdAt ?? at,
    modifiedAt: at,
    expiresAt,
  };
  const attributes =
    old === undefined ? [...now.attributes, put] : now.attributes.map((one) => (one === old ? put : one));
  return { ...now, attributes };
}

function deltasBetween(before: EntityState | undefined, after: EntityState | undefined): readonly AttributeDelta[] {
  const old = new Map(before === undefined ? [] : shownIn(before).map((stored) => [stored.key, stored]));
  const deltas: AttributeDelta[] = [];
  for (const stored of after === undefined ? [] : shownIn(after)) {
    const was = old.get(stored.key);
    old.delete(stored.key);
    if (was === undefined) deltas.push({ part: stored.key, how: "created" });
    else if (was !== stored && !sameJson(was.body, stored.body)) {
      deltas.push({ part: stored.key, how: "updated", ...previousOf(was) });
    }
  }
  for (const was of old.values()) {
    const { createdAt, modifiedAt } = was;
    deltas.push({ part: was.key, how: "deleted", ...previousOf(was), was: { createdAt, modifiedAt } });
  }
  return deltas;
}

/** Instances that are there: those that have expired are gone, those whose mapping waits for its source are not there yet. */
function shownIn({ entity, live, at }: EntityState): readonly StoredAttribute[] {
  return entity.attributes.filter(
    ({ key, body, expiresAt }) =>
      (expiresAt === undefined || expiresAt > at) &&
      (live.has(key) ? live.get(key)?.signal?.value !== undefined : valueOfBody(body) !== undefined),
  );
}

function previousOf({ body }: StoredAttribute): Pick<NotedDelta, "kind" | "previous"> {
  const previous = valueOfBody(body);
  return { kind: kindOfBody(body), ...(previous === undefined ? {} : { previous }) };
}

/** What a mutation says of an entity whose state is not known here: one that a mapping makes. */
export function blindDelta(mutation: Mutation): readonly AttributeDelta[] {
  const put = mutation.kind === "document.put" ? mutation.parts : mutation.kind === "part.put" ? [mutation.part] : [];
  // A linked attribute is there with its first reading (rule 9), and its signal tells of it.
  const said = put.map(({ key, body }) => ({ part: key, how: "put" as const, body: parsed(body) }));
  if (said.length > 0) return said.filter(({ body }) => valueOfBody(body) !== undefined);
  if (mutation.kind !== "part.delete") return [];
  const { key: part, was } = mutation;
  return [{ part, how: "deleted", ...(was === undefined ? {} : { kind: was.kind, was }) }];
}

const parsed = (body: string): JsonObject => parseJson(body) as JsonObject;

/** What a linked attribute's signal says of it (design rules 7 and 9). */
export function signalDelta(part: string, { before, after }: SignalChange): AttributeDelta | undefined {
  const previous = before?.value === undefined ? undefined : jsonOfValue(before.value);
  if (after.value === undefined) return previous === undefined ? undefined : { part, how: "deleted", previous };
  const signal = notedSignal(after);
  if (previous === undefined) return { part, how: "created", signal };
  return { part, how: "updated", previous, signal };
}

export function notedSignal({ value, quality, code, at }: SignalChange["after"]): NotedSignal {
  const json: Json = value === undefined ? null : jsonOfValue(value);
  return { value: json, quality, ...(code === undefined ? {} : { code }), at };
}

/** The JSON text of an entity as it stands, live values laid over it. */
export function stateText(state: EntityState, names: QualityNames): string {
  const { types, scope, expiresAt, createdAt } = state.entity;
  const attributes = state.entity.attributes.flatMap((stored) => {
    const shown = shownAttribute(stored, state, names);
    if (shown === undefined) return [];
    return [{ key: stored.key, body: shown.body, createdAt: shown.createdAt, modifiedAt: shown.modifiedAt }];
  });
  const noted: NotedState = {
    types,
    scope,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    createdAt,
    modifiedAt: state.modifiedAt,
    attributes,
  };
  return stringifyJson(noted as unknown as Json);
}

/** The entity that a note tells of, as it was. */
export function notedState(id: string, noted: NotedState, at: number): EntityState {
  const { types, scope, expiresAt, createdAt, modifiedAt } = noted;
  const attributes = noted.attributes.map(({ key, body, ...times }) => ({
    ...times,
    key,
    name: nameOfKey(key),
    datasetId: datasetOfKey(key),
    body,
    expiresAt: undefined,
  }));
  const entity: StoredEntity = {
    ...{ id, types, scope, expiresAt, createdAt, modifiedAt, attributes },
    version: 0,
    owner: undefined,
  };
  return { entity, live: new Map(), modifiedAt, at };
}

export const nameOfKey = (key: string): string => key.split(" ", 1)[0] as string;
export const idOf = (mutation: Mutation): string =>
  mutation.kind === "document.put" ? mutation.document.id : mutation.id;
