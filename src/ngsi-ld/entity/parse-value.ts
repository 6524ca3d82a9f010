import { HubError } from "../../core/errors.ts";
import { coordinateDepth, isGeometryType } from "../../core/geometry.ts";
import type { TermTable } from "../context/term-table.ts";
import { isArray, isObject, type Json, parseJson } from "../json/json.ts";
import { isUri, requireName } from "../names.ts";
import { type AttributeKind, geometryTypes } from "../vocabulary.ts";

const refuse = (place: string, message: string): never => {
  throw new HubError("invalid", `${place} ${message}`, { problems: [{ place, message }] });
};

/** A value in the form of its attribute's kind, names in it expanded. Throws HubError `invalid` (BadRequestData). */
export function parseValue(kind: AttributeKind, value: Json, table: TermTable, place: string): Json {
  if (value === null && kind !== "JsonProperty") return refuse(place, "must not be null (CIM 009 4.5.0)");
  switch (kind) {
    case "Property":
    case "JsonProperty":
      return value;
    case "GeoProperty":
      return requireGeometry(value, place);
    case "Relationship":
      if (isArray(value) && value.length > 0 && value.every(isUri)) return value;
      return isUri(value) ? value : refuse(place, "must be a URI or an array of URIs (CIM 009 4.5.3)");
    case "LanguageProperty":
      return parseLanguageMap(value, place);
    case "VocabProperty":
      return parseVocab(value, table, place);
    case "ListProperty":
      return isArray(value) ? value : refuse(place, "must be an array (CIM 009 4.5.21)");
    case "ListRelationship":
      return parseObjectList(value, place);
  }
}

function parseVocab(value: Json, table: TermTable, place: string): Json {
  if (typeof value === "string") return table.expand(value);
  if (isArray(value) && value.every((item) => typeof item === "string")) return value.map((item) => table.expand(item));
  return refuse(place, "must be a text or an array of texts (CIM 009 4.5.20)");
}

/** 4.6.5. */
function parseLanguageMap(value: Json, place: string): Json {
  const isText = (item: Json): boolean =>
    typeof item === "string" || (isArray(item) && item.every((entry) => typeof entry === "string"));
  if (isObject(value) && Object.values(value).every(isText) && !("" in value)) return value;
  return refuse(place, "must map language tags to texts (CIM 009 4.5.18)");
}

function parseObjectList(value: Json, place: string): Json {
  if (!isArray(value)) return refuse(place, "must be an array of URIs (CIM 009 4.5.22)");
  return value.map((item, index) => {
    const uri = isObject(item) ? item.object : item;
    return isUri(uri) ? uri : refuse(`${place}/${index}`, "must be a URI");
  });
}

/** Names of entity types that a relationship points at, or of values' types: one or a list. */
export function parseTypeNames(value: Json, table: TermTable, place: string): Json {
  const names = isArray(value) ? value : [value];
  const expanded = names.map((name) => table.expand(requireName(name, place)));
  return isArray(value) ? expanded : (expanded[0] as string);
}

export function isGeometry(value: Json | undefined): boolean {
  return (
    isObject(value) && typeof value.type === "string" && geometryTypes.has(value.type) && isArray(value.coordinates)
  );
}

/** A GeoJSON geometry, as an object or as its JSON text (4.7.1, 4.7.2), of the form that its type has. Throws HubError `invalid`. */
export function requireGeometry(value: Json, place: string): Json {
  let geometry = value;
  if (typeof value === "string") {
    try {
      geometry = parseJson(value);
    } catch (cause) {
      throw new HubError("invalid", `${place} must be a GeoJSON geometry`, { cause });
    }
  }
  if (!isObject(geometry) || !isGeometry(geometry)) {
    return refuse(
      place,
      `must be a GeoJSON geometry: ${[...geometryTypes].join(", ")} with coordinates (CIM 009 4.7.1)`,
    );
  }
  checkCoordinates(geometry.type as string, geometry.coordinates as Json, place);
  return geometry;
}

function checkCoordinates(type: string, coordinates: Json, place: string): void {
  const check = (json: Json, depth: number): boolean => {
    if (!isArray(json)) return false;
    if (depth > 0) return json.length > 0 && json.every((item) => check(item, depth - 1));
    return json.length >= 2 && json.length <= 4 && json.every((number) => typeof number === "number");
  };
  if (!isGeometryType(type) || !check(coordinates, coordinateDepth[type]))
    refuse(`${place}/coordinates`, `are not those of a ${type}`);
  const ringsOf = type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? (coordinates as readonly Json[]) : [];
  for (const polygon of ringsOf as readonly (readonly (readonly Json[])[])[]) {
    for (const ring of polygon) {
      const closed = JSON.stringify(ring[0]) === JSON.stringify(ring.at(-1));
      if (ring.length < 4 || !closed)
        refuse(`${place}/coordinates`, "hold a ring that is not closed or has under four positions");
    }
  }
  if (type === "LineString" && (coordinates as readonly Json[]).length < 2)
    refuse(`${place}/coordinates`, "need two positions");
}
