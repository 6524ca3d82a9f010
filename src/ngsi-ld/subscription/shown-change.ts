import { isoTime } from "../../core/time.ts";
import { datasetOfKey } from "../entity/part-key.ts";
import type { EntityView } from "../entity/render-entity.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";
import { type AttributeKind, isAttributeKind, NGSI_LD_NULL, valueMembers } from "../vocabulary.ts";
import type { NotedDelta } from "./change-note.ts";

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
export function addDeleted(
  rendered: Record<string, Json>,
  name: string,
  delta: NotedDelta,
  view: EntityView,
  at: number,
): void {
  const datasetId = datasetOfKey(delta.part);
  const there = rendered[name];
  if (view.format === "simplified") {
    rendered[name] = datasetId === undefined ? (there ?? NGSI_LD_NULL) : besideSimplified(there, datasetId);
    return;
  }
  const times = view.sysAttrs ? { ...timesOf(delta.was), deletedAt: isoTime(at) } : {};
  const isBare = datasetId === undefined && !view.sysAttrs && delta.previous === undefined;
  const kind = kindOf(delta);
  const instance: Json = isBare
    ? NGSI_LD_NULL
    : {
        ...(view.format === "normalized" ? { type: kind } : {}),
        [valueMembers[kind]]: kind === "LanguageProperty" ? { "@none": NGSI_LD_NULL } : NGSI_LD_NULL,
        ...previousOf(kind, delta, view),
        ...(datasetId === undefined ? {} : { datasetId }),
        ...times,
      };
  rendered[name] = there === undefined ? instance : isArray(there) ? [...there, instance] : [there, instance];
}

/** Adds what an updated instance was before (5.2.14.1, showChanges). */
export function addPrevious(rendered: Record<string, Json>, name: string, delta: NotedDelta, view: EntityView): void {
  const there = rendered[name];
  if (there === undefined || delta.previous === undefined) return;
  const datasetId = datasetOfKey(delta.part);
  const kind = kindOf(delta);
  const previous = previousOf(kind, delta, view);
  // A concise attribute may be its value alone (4.5.2.3).
  const changed = (instance: Json): Json =>
    isObject(instance) && isInstance(instance)
      ? { ...instance, ...previous }
      : { [valueMembers[kind]]: instance, ...previous };
  const isMeant = (instance: Json): boolean =>
    (isObject(instance) ? instance.datasetId : undefined) === datasetId ||
    (datasetId === undefined && !isObject(instance));
  rendered[name] =
    isArray(there) && there.some((item) => isObject(item) && item.datasetId !== undefined)
      ? there.map((instance) => (isMeant(instance) ? changed(instance) : instance))
      : changed(there);
}

const isInstance = (json: JsonObject): boolean =>
  Object.values(valueMembers).some((member) => json[member] !== undefined);

const kindOf = ({ kind }: NotedDelta): AttributeKind => (isAttributeKind(kind) ? kind : "Property");

function previousOf(kind: AttributeKind, { previous }: NotedDelta, view: EntityView): JsonObject {
  if (previous === undefined) return {};
  const shown =
    kind === "ListRelationship" && view.format === "normalized" && isArray(previous)
      ? previous.map((object) => ({ object }))
      : previous;
  return { [previousMembers[kind]]: shown };
}

/** Several instances stand below `dataset` (4.5.5.3). */
function besideSimplified(there: Json | undefined, datasetId: string): Json {
  if (there === undefined) return { dataset: { [datasetId]: NGSI_LD_NULL } };
  const dataset = isObject(there) && isObject(there.dataset) ? there.dataset : { "@none": there };
  return { dataset: { ...dataset, [datasetId]: NGSI_LD_NULL } };
}
