import type { DocumentKeys, DocumentRow, NewDocument, NewPart, PartRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import { isArray, isObject, type Json, type JsonObject, parseJson, stringifyJson } from "../json/json.ts";
import { type AttributeKind, isAttributeKind, valueMembers } from "../vocabulary.ts";
import type { Attribute, AttributeBody, Entity } from "./entity.ts";
import { datasetOfKey, partKey } from "./part-key.ts";

/** An attribute instance as stored, its body parsed. For a linked one the body has no value: that is the signal's. */
export interface StoredAttribute extends Attribute {
  readonly key: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly expiresAt: number | undefined;
}

/** A stored entity, immutable per version. */
export interface StoredEntity {
  readonly id: string;
  readonly types: readonly string[];
  readonly scope: readonly string[];
  readonly expiresAt: string | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly version: number;
  readonly owner: string | undefined;
  readonly attributes: readonly StoredAttribute[];
}

export interface EntityHead {
  readonly types: readonly string[];
  readonly scope: readonly string[];
  readonly expiresAt: string | undefined;
}

export function headBody(head: EntityHead): string {
  const body: Record<string, Json> = { type: head.types };
  if (head.scope.length > 0) body.scope = head.scope;
  if (head.expiresAt !== undefined) body.expiresAt = head.expiresAt;
  return stringifyJson(body);
}

export function headKeys(head: EntityHead): DocumentKeys {
  // 4.18: the slash in front may be left out, a query of scopes (4.19) writes it.
  return { type: head.types, scope: head.scope.map((scope) => (scope.startsWith("/") ? scope : `/${scope}`)) };
}

export function documentOf(entity: Pick<Entity, "id"> & EntityHead, owner?: string): NewDocument {
  return {
    id: entity.id,
    body: headBody(entity),
    keys: headKeys(entity),
    ...(entity.expiresAt === undefined ? {} : { expiresAt: Date.parse(entity.expiresAt) }),
    ...(owner === undefined ? {} : { owner }),
  };
}

export const kindOfBody = (body: AttributeBody): AttributeKind => (isAttributeKind(body.type) ? body.type : "Property");

/** The value of an instance, whatever member its kind keeps it in; undefined in a fragment or on a linked leaf. */
export const valueOfBody = (body: AttributeBody): Json | undefined => body[valueMembers[kindOfBody(body)]];

export function partOf(attribute: Attribute): NewPart {
  const value = valueOfBody(attribute.body);
  return {
    key: partKey(attribute.name, attribute.datasetId),
    name: attribute.name,
    kind: kindOfBody(attribute.body),
    body: stringifyJson(attribute.body),
    ...(typeof value === "number" ? { num: value } : {}),
    ...(typeof value === "string" ? { text: value } : {}),
    ...(typeof attribute.body.expiresAt === "string" ? { expiresAt: Date.parse(attribute.body.expiresAt) } : {}),
  };
}

export function storedEntity(row: DocumentRow, parts: readonly PartRow[]): StoredEntity {
  const head = parsed(row.body);
  const texts = (json: Json | undefined): readonly string[] =>
    isArray(json) ? json.filter((item): item is string => typeof item === "string") : [];
  return {
    id: row.id,
    types: texts(head.type),
    scope: texts(head.scope),
    expiresAt: typeof head.expiresAt === "string" ? head.expiresAt : undefined,
    createdAt: row.createdAt,
    modifiedAt: row.modifiedAt,
    version: row.version,
    owner: row.owner,
    attributes: parts.map((part) => ({
      key: part.key,
      name: part.name,
      datasetId: datasetOfKey(part.key),
      body: parsed(part.body),
      createdAt: part.createdAt,
      modifiedAt: part.modifiedAt,
      expiresAt: part.expiresAt,
    })),
  };
}

function parsed(body: string): JsonObject {
  const json = parseJson(body);
  if (isObject(json)) return json;
  throw new HubError("store-corrupt", "a stored entity is not a JSON object");
}
