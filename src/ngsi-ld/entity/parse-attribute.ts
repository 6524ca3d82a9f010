import { HubError } from "../../core/errors.ts";
import type { TermTable } from "../context/term-table.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";
import { isUri, requireDateTime, requireName } from "../names.ts";
import {
  type AttributeKind,
  attributeMembers,
  isAttributeKind,
  NGSI_LD,
  NGSI_LD_NULL,
  outputMembers,
  systemMembers,
  valueMembers,
} from "../vocabulary.ts";
import type { AttributeBody, FragmentAttribute } from "./entity.ts";
import { isMarkedValue } from "./merge-options.ts";
import { isGeometry, parseTypeNames, parseValue } from "./parse-value.ts";

/**
 * `whole`: everything must be there and NGSI-LD Null nowhere (create, replace, append). `fragment`: Null deletes and the
 * kind may be left out (update, merge). `partial`: likewise, for the body of one attribute.
 */
export type ParseMode = "whole" | "fragment" | "partial";

export interface ParseOptions {
  readonly table: TermTable;
  readonly mode: ParseMode;
  /** Values stand alone, without their attribute (4.5.4). */
  readonly simplified?: boolean;
}

const valueMemberNames: ReadonlySet<string> = new Set(Object.values(valueMembers));
const GEO_NAMES: ReadonlySet<string> = new Set(
  ["location", "observationSpace", "operationSpace"].map((name) => NGSI_LD + name),
);

const refuse = (place: string, message: string): never => {
  throw new HubError("invalid", `${place} ${message}`, { problems: [{ place, message }] });
};

/** All instances of one attribute as a client wrote them, normalized, concise or simplified (4.5.1, 4.5.4, 4.5.5). */
export function parseAttribute(
  term: string,
  json: Json,
  options: ParseOptions,
  place: string,
): readonly FragmentAttribute[] {
  const name = options.table.expand(requireName(term, "the attribute name"));
  const instances = !options.simplified && isMultiple(json) ? json : [json];
  const seen = new Set<string | undefined>();
  return instances.map((instance, index) => {
    const at = instances.length > 1 ? `${place}/${index}` : place;
    const body = parseInstance(name, instance, options, at);
    const datasetId = datasetOf(instance, at);
    if (seen.has(datasetId))
      refuse(at, `is a second instance with the datasetId ${datasetId ?? "@none"} (CIM 009 4.5.5)`);
    seen.add(datasetId);
    return { name, datasetId, body };
  });
}

/** An array of attribute objects is several instances; any other array is a value. */
function isMultiple(json: Json): json is readonly Json[] {
  return isArray(json) && json.length > 0 && json.every((item) => isObject(item) && looksLikeAttribute(item));
}

function looksLikeAttribute(object: JsonObject): boolean {
  if (isAttributeKind(object.type ?? object["@type"]) || object.datasetId !== undefined) return true;
  return Object.keys(object).some((member) => valueMemberNames.has(member));
}

function datasetOf(instance: Json, place: string): string | undefined {
  const datasetId = isObject(instance) ? instance.datasetId : undefined;
  if (datasetId === undefined || datasetId === "@none") return undefined;
  return isUri(datasetId) && datasetId !== NGSI_LD_NULL
    ? datasetId
    : refuse(`${place}/datasetId`, "must be a URI or @none");
}

function parseInstance(name: string, json: Json, options: ParseOptions, place: string): AttributeBody | undefined {
  const body =
    isObject(json) && (!options.simplified || isMarkedValue(json))
      ? parseObject(json, options, place)
      : parsePlain(json, options, place);
  if (body !== undefined && GEO_NAMES.has(name) && body.type !== undefined && body.type !== "GeoProperty") {
    refuse(place, "must be a GeoProperty (CIM 009 4.7)");
  }
  return body;
}

/** A value without its attribute: a Property, or a GeoProperty where it is a geometry. */
function parsePlain(value: Json, { table, mode }: ParseOptions, place: string): AttributeBody | undefined {
  if (value === NGSI_LD_NULL) {
    return mode === "whole" ? refuse(place, "must not be NGSI-LD Null here (CIM 009 5.5.4)") : undefined;
  }
  const kind = isGeometry(value) ? "GeoProperty" : "Property";
  checkNulls(value, mode, place);
  return { type: kind, value: parseValue(kind, value, table, place) };
}

function parseObject(json: JsonObject, options: ParseOptions, place: string): AttributeBody | undefined {
  const { table, mode } = options;
  const kind = kindOf(json, place);
  if (kind === undefined && isGeometry(json)) return parsePlain(json, options, place);
  const body: Record<string, Json> = kind === undefined ? {} : { type: kind };
  const valueMember = kind === undefined ? undefined : valueMembers[kind];
  if (valueMember !== undefined && json[valueMember] !== undefined && isNull(json[valueMember])) {
    return mode === "whole"
      ? refuse(`${place}/${valueMember}`, "must not be NGSI-LD Null here (CIM 009 5.5.4)")
      : undefined;
  }
  for (const [member, value] of Object.entries(json)) {
    const at = `${place}/${member}`;
    if (member === "@context") refuse(at, "is not allowed inside an attribute (CIM 009 5.5.7)");
    if (member === "type" || member === "@type" || systemMembers.has(member)) continue;
    if (outputMembers.has(member)) refuse(at, "is made by the broker and cannot be set");
    if (member === "valueType" && kind === "LanguageProperty" && value !== "langString")
      refuse(at, "must be langString for a LanguageProperty (CIM 009 5.2.32)");
    if (valueMemberNames.has(member)) {
      if (kind === undefined || member !== valueMember)
        refuse(at, `does not belong to a ${kind ?? "nameless kind of attribute"}`);
      checkNulls(value, mode, at);
      body[member] = parseValue(kind as AttributeKind, value, table, at);
    } else if (attributeMembers.has(member)) {
      body[member] = parseMember(member, value, options, at);
    } else {
      addSubAttribute(body, member, value, options, at);
    }
  }
  if (mode === "whole" && (valueMember === undefined || body[valueMember] === undefined)) {
    refuse(
      place,
      `needs one of ${[...valueMemberNames].join(", ")}${kind === undefined ? "" : `, for a ${kind} ${valueMember}`}`,
    );
  }
  if (body.datasetId === "@none") delete body.datasetId;
  return body;
}

function addSubAttribute(
  body: Record<string, Json>,
  term: string,
  value: Json,
  options: ParseOptions,
  place: string,
): void {
  // A sub-attribute is whole or deleted, also within a partial update.
  const mode = options.mode === "whole" ? "whole" : "fragment";
  const parsed = parseAttribute(term, value, { ...options, mode }, place);
  const name = options.table.expand(term);
  if (body[name] !== undefined) refuse(place, "names a sub-attribute twice");
  const bodies = parsed.map((instance) => instance.body ?? NGSI_LD_NULL);
  body[name] = bodies.length === 1 ? (bodies[0] as Json) : bodies;
}

function kindOf(json: JsonObject, place: string): AttributeKind | undefined {
  const written = json.type ?? json["@type"];
  if (isAttributeKind(written)) return written;
  if (written !== undefined) {
    if (isGeometry(json)) return undefined;
    refuse(`${place}/type`, `must be one of ${Object.keys(valueMembers).join(", ")}, not ${JSON.stringify(written)}`);
  }
  for (const [kind, member] of Object.entries(valueMembers)) {
    if (json[member] === undefined) continue;
    return member === "value" && isGeometry(json.value) ? "GeoProperty" : (kind as AttributeKind);
  }
  return undefined;
}

function parseMember(member: string, value: Json, { table, mode }: ParseOptions, place: string): Json {
  if (value === NGSI_LD_NULL && member !== "datasetId") {
    return mode === "whole" ? refuse(place, "must not be NGSI-LD Null here (CIM 009 5.5.4)") : value;
  }
  switch (member) {
    case "observedAt":
    case "expiresAt":
      return requireDateTime(value, place);
    case "unitCode":
      return typeof value === "string" && value !== "" ? value : refuse(place, "must be a UNECE unit code");
    case "ngsildproof":
      return parseProof(value, table, place);
    case "objectType":
    case "valueType":
      return parseTypeNames(value, table, place);
    default:
      return value;
  }
}

/** A signature with what it seals (4.5.2.2): the one place of the sealed members, which are texts without a type. */
function parseProof(proof: Json, table: TermTable, place: string): Json {
  if (!isObject(proof) || !isObject(proof.value)) {
    return refuse(place, "must be a Property whose value is a proof object (CIM 009 4.5.2.2)");
  }
  const { entityIdSealed: id, entityTypeSealed: type } = proof;
  if (id !== undefined && !isUri(id)) refuse(`${place}/entityIdSealed`, "must be a URI");
  if (type === undefined) return proof;
  return { ...proof, entityTypeSealed: table.expand(requireName(type, `${place}/entityTypeSealed`)) };
}

const isNull = (value: Json | undefined): boolean =>
  value === NGSI_LD_NULL ||
  (isArray(value) && value.length === 1 && value[0] === NGSI_LD_NULL) ||
  (isObject(value) && value["@none"] === NGSI_LD_NULL);

/** 5.5.4: inside a value, NGSI-LD Null has a meaning in merges alone. */
function checkNulls(value: Json, mode: ParseMode, place: string): void {
  if (mode === "fragment") return;
  if (value === NGSI_LD_NULL) refuse(place, "must not be NGSI-LD Null here (CIM 009 5.5.4)");
  if (isArray(value)) for (const [index, item] of value.entries()) checkNulls(item, mode, `${place}/${index}`);
  else if (isObject(value)) for (const [key, item] of Object.entries(value)) checkNulls(item, mode, `${place}/${key}`);
}
