import { isoTime } from "../../core/time.ts";
import { datasetOfKey } from "../entity/part-key.ts";
import type { EntityView } from "../entity/render-entity.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";
import { isAttributeKind, NGSI_LD_NULL, valueMembers } from "../vocabulary.ts";
import type { AttributeDelta } from "./change-note.ts";

/** The system attributes of something deleted (5.2.14.1). */
export function timesOf(was: { readonly createdAt: number; readonly modifiedAt: number } | undefined): JsonObject {
  return was === undefined ? {} : { createdAt: isoTime(was.createdAt), modifiedAt: isoTime(was.modifiedAt) };
}

/**
 * Tells of a deleted instance (CIM 009 5.8.6): NGSI-LD Null alone, or in an object where a datasetId or system attributes
 * have to be said too; beside the instances that are still there.
 */
export function addDeleted(
  rendered: Record<string, Json>,
  name: string,
  { part, was }: AttributeDelta,
  view: EntityView,
  at: number,
): void {
  const datasetId = datasetOfKey(part);
  const there = rendered[name];
  if (view.format === "simplified") {
    rendered[name] = datasetId === undefined ? (there ?? NGSI_LD_NULL) : besideSimplified(there, datasetId);
    return;
  }
  const times = view.sysAttrs ? { ...timesOf(was), deletedAt: isoTime(at) } : {};
  const bare = datasetId === undefined && !view.sysAttrs;
  const instance: Json = bare
    ? NGSI_LD_NULL
    : { ...nullOf(was?.kind, view), ...(datasetId === undefined ? {} : { datasetId }), ...times };
  rendered[name] = there === undefined ? instance : isArray(there) ? [...there, instance] : [there, instance];
}

function nullOf(kind: string | undefined, view: EntityView): JsonObject {
  const known = isAttributeKind(kind) ? kind : "Property";
  const value: Json = known === "LanguageProperty" ? { "@none": NGSI_LD_NULL } : NGSI_LD_NULL;
  return { ...(view.format === "normalized" ? { type: known } : {}), [valueMembers[known]]: value };
}

/** Several instances stand below `dataset` (4.5.5.3). */
function besideSimplified(there: Json | undefined, datasetId: string): Json {
  if (there === undefined) return { dataset: { [datasetId]: NGSI_LD_NULL } };
  const dataset = isObject(there) && isObject(there.dataset) ? there.dataset : { "@none": there };
  return { dataset: { ...dataset, [datasetId]: NGSI_LD_NULL } };
}
