import { isObject, type Json, type JsonObject } from "../json/json.ts";
import { NGSI_LD_NULL } from "../vocabulary.ts";
import type { AttributeBody } from "./entity.ts";

/** 5.5.8 on one attribute: members given replace members there, NGSI-LD Null removes, the rest stays. */
export function patchBody(target: AttributeBody, patch: AttributeBody): AttributeBody {
  const result: Record<string, Json> = { ...target };
  for (const [member, value] of Object.entries(patch)) {
    if (value === NGSI_LD_NULL) delete result[member];
    else result[member] = value;
  }
  return result;
}

/** 5.5.12: merges to any depth; arrays are values. */
export function mergeBody(target: AttributeBody, patch: AttributeBody): AttributeBody {
  return mergeObjects(target, patch);
}

function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...target };
  for (const [member, value] of Object.entries(patch)) {
    const there = result[member];
    if (value === NGSI_LD_NULL) delete result[member];
    else if (isObject(value)) result[member] = mergeObjects(isObject(there) ? there : {}, value);
    else result[member] = value;
  }
  return result;
}

/** A fragment that becomes a whole: what NGSI-LD Null would remove is not there (5.5.8, members added to the target). */
export const withoutNulls = (body: AttributeBody): AttributeBody => mergeObjects({}, body);
