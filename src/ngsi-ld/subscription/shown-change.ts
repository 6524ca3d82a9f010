import { isoTime } from "../../core/time.ts";
import type { TermTable } from "../context/term-table.ts";
import { datasetOfKey } from "../entity/part-key.ts";
import type { EntityView } from "../entity/render-entity.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";
import { type AttributeKind, isAttributeKind, NGSI_LD_NULL, valueMembers } from "../vocabulary.ts";
import type { NotedDelta } from "./change-note.ts";
import { nameOfKey } from "./entity-change.ts";

/** How changes are shown. */
export interface ChangeView {
  readonly view: EntityView;
  readonly table: TermTable;
  /** When it changed, in ms. */
  readonly at: number;
}

/** Where what was before is shown (CIM 009 4.5.2.2 and its likes, output only members). */
const previousMembers: Readonly<Record<AttributeKind, string>> = {
  Property: "previousValue",
  GeoProperty: "previousValue",
  Relationship: "previousObject",
  LanguageProperty: "previousLanguageMap",
  VocabProperty: "previousVocab",
  JsonProperty: "previousJson",
  ListProperty: "previousValueList",
  ListRelationship: "previousObjectList",
};

/** The system attributes of something deleted (5.2.14.1). */
export function timesOf(was: { readonly createdAt: number; readonly modifiedAt: number } | undefined): JsonObject {
  return was === undefined ? {} : { createdAt: isoTime(was.createdAt), modifiedAt: isoTime(was.modifiedAt) };
}

/**
 * Tells of a deleted instance (5.8.6): NGSI-LD Null alone, or in an object where a datasetId, system attributes or what
 * was before have to be said too; beside the instances that are still there.
 */
export function addDeleted(rendered: Record<string, Json>, delta: NotedDelta, how: ChangeView): void {
  const { view, table, at } = how;
  const name = table.compact(nameOfKey(delta.part));
  const datasetId = datasetOfKey(delta.part);
  const there = rendered[name];
  if (view.format === "simplified") {
    rendered[name] = datasetId === undefined ? (there ?? NGSI_LD_NULL) : besideSimplified(there, datasetId);
    return;
  }
  // All of the attribute is gone with its default instance: its other instances need not be told of.
  if (there === NGSI_LD_NULL && delta.previous === undefined) return;
  const times = view.sysAttrs ? { ...timesOf(delta.was), deletedAt: isoTime(at) } : {};
  const isBare = datasetId === undefined && !view.sysAttrs && delta.previous === undefined;
  const kind = kindOf(delta, there);
  const instance: Json = isBare
    ? NGSI_LD_NULL
    : {
        ...(view.format === "normalized" ? { type: kind } : {}),
        [valueMembers[kind]]: kind === "LanguageProperty" ? { "@none": NGSI_LD_NULL } : NGSI_LD_NULL,
        ...previousOf(kind, delta, how),
        ...(datasetId === undefined ? {} : { datasetId }),
        ...times,
      };
  rendered[name] = there === undefined ? instance : isArray(there) ? [...there, instance] : [there, instance];
}

/** Adds what an updated instance was before (5.2.14.1, showChanges). */
export function addPrevious(rendered: Record<string, Json>, delta: NotedDelta, how: ChangeView): void {
  const name = how.table.compact(nameOfKey(delta.part));
  const there = rendered[name];
  if (there === undefined || delta.previous === undefined) return;
  const datasetId = datasetOfKey(delta.part);
  const kind = kindOf(delta, there);
  const previous = previousOf(kind, delta, how);
  // A concise attribute may be its value alone (4.5.2.3).
  const changed = (instance: Json): Json =>
    isInstance(instance) ? { ...instance, ...previous } : { [valueMembers[kind]]: instance, ...previous };
  const datasetOf = (instance: Json): Json | undefined => (isObject(instance) ? instance.datasetId : undefined);
  const isList = isArray(there) && there.some((instance) => datasetOf(instance) !== undefined);
  rendered[name] = isList
    ? there.map((instance) => (datasetOf(instance) === datasetId ? changed(instance) : instance))
    : changed(there);
}

const isInstance = (json: Json): json is JsonObject =>
  isObject(json) && Object.values(valueMembers).some((member) => json[member] !== undefined);

function kindOf({ kind }: NotedDelta, there: Json | undefined): AttributeKind {
  if (isAttributeKind(kind)) return kind;
  const shown = isObject(there) ? there.type : undefined;
  return isAttributeKind(shown) ? shown : "Property";
}

function previousOf(kind: AttributeKind, { previous }: NotedDelta, { view, table }: ChangeView): JsonObject {
  if (previous === undefined) return {};
  const compact = (value: Json): Json => (typeof value === "string" ? table.compact(value) : value);
  const items = isArray(previous) ? previous : undefined;
  const shown =
    kind === "ListRelationship" && view.format === "normalized"
      ? (items?.map((object) => ({ object })) ?? previous)
      : kind === "VocabProperty"
        ? (items?.map(compact) ?? compact(previous))
        : previous;
  return { [previousMembers[kind]]: shown };
}

/** Several instances stand below `dataset` (4.5.5.3). */
function besideSimplified(there: Json | undefined, datasetId: string): Json {
  if (there === undefined) return { dataset: { [datasetId]: NGSI_LD_NULL } };
  if (there === NGSI_LD_NULL) return there;
  const dataset = isObject(there) && isObject(there.dataset) ? there.dataset : { "@none": there };
  return { dataset: { ...dataset, [datasetId]: NGSI_LD_NULL } };
}
