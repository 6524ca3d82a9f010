import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";

/** The version that the hub speaks: 1.9. */
export const NEWEST_MINOR = 9;

/** The minor version of `Prefer: ngsi-ld=1.5` that answers conform to; undefined: none is preferred (CIM 009 6.3.6). */
export function versionOf(preference: string | undefined): number | undefined {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})(?:\.\d{1,3})?$/.exec(preference ?? "") ?? [];
  if (major === undefined || major === "0") return undefined;
  return major === "1" ? Math.min(Number(minor), NEWEST_MINOR) : NEWEST_MINOR;
}

/** Members that a version does not know yet, by the one that brought them (tables 4.3.6.8-1 to -3). */
const ENTITY_MEMBERS: readonly (readonly [name: string, since: number])[] = [
  ["expiresAt", 9],
  ["scope", 4],
];
const ATTRIBUTE_MEMBERS: readonly (readonly [name: string, since: number])[] = [
  ["expiresAt", 9],
  ["valueType", 9],
  ["objectType", 8],
  ["datasetId", 3],
  ["observedAt", 3],
  ["unitCode", 3],
];
/** Kinds of attribute likewise, with the member of their value and what they become. */
const KINDS: readonly (readonly [value: string, since: number, kind: string, member: string])[] = [
  ["languageMap", 4, "Property", "value"],
  ["json", 8, "Property", "value"],
  ["vocab", 8, "Property", "value"],
  ["valueList", 8, "Property", "value"],
  ["objectList", 8, "Relationship", "object"],
];

/** A rendered entity in what version 1.`minor` can say; values without their attribute are left as they are. */
export function olderForm(entity: JsonObject, minor: number): JsonObject {
  const shown: Record<string, Json> = {};
  for (const [member, value] of Object.entries(entity)) {
    if (ENTITY_MEMBERS.some(([name, since]) => name === member && minor < since)) continue;
    if (member === "type") shown.type = minor < 3 && isArray(value) ? (value[0] as Json) : value;
    else shown[member] = member === "id" || member === "scope" ? value : olderAttribute(value, minor);
  }
  return shown;
}

function olderAttribute(value: Json, minor: number): Json {
  if (isArray(value)) {
    if (!value.every(isObject)) return value;
    if (minor >= 3) return value.map((item) => olderAttribute(item, minor));
    const single = value.find((item) => item.datasetId === undefined) ?? value[0];
    return single === undefined ? value : olderAttribute(single, minor);
  }
  if (!isObject(value)) return value;
  const kind = KINDS.find(([member, since]) => value[member] !== undefined && minor < since);
  const shown: Record<string, Json> = {};
  for (const [member, item] of Object.entries(value)) {
    if (ATTRIBUTE_MEMBERS.some(([name, since]) => name === member && minor < since)) continue;
    if (kind !== undefined && member === "type") shown.type = kind[2];
    else if (kind !== undefined && member === kind[0]) shown[kind[3]] = idsAlone(item, kind[0]);
    else if (member === "entity" || member === "entityList") shown[member] = olderLinked(item, minor);
    else shown[member] = isRaw(member) ? item : olderAttribute(item, minor);
  }
  return shown;
}

function olderLinked(item: Json, minor: number): Json {
  if (isArray(item)) return item.map((one) => olderLinked(one, minor));
  return isObject(item) ? olderForm(item, minor) : item;
}

/** What a client's value may be, whatever it looks like. */
const isRaw = (member: string): boolean =>
  ["value", "object", "languageMap", "json", "vocab", "valueList", "objectList"].includes(member);

const idsAlone = (item: Json, member: string): Json =>
  member === "objectList" && isArray(item) ? item.map((one) => (isObject(one) ? (one.object ?? one) : one)) : item;
