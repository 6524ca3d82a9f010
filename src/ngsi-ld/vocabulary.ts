/** CIM 009 v1.9.1, annex B and 4.5: names that the standard itself owns. */
export const NGSI_LD = "https://uri.etsi.org/ngsi-ld/";
export const DEFAULT_VOCAB = `${NGSI_LD}default-context/`;
export const CORE_CONTEXT_URL = `${NGSI_LD}v1/ngsi-ld-core-context-v1.9.jsonld`;
export const CONTEXT_RELATION = "http://www.w3.org/ns/json-ld#context";

/** Stands for null wherever JSON-LD would swallow one (4.5.0). */
export const NGSI_LD_NULL = "urn:ngsi-ld:null";

/**
 * The kinds of attribute, each with the member that carries its value (4.2.2, 4.5.2, 4.5.3, 4.5.18 … 4.5.24; 5.2.5 to 5.2.7,
 * 5.2.32, 5.2.35 to 5.2.38).
 */
export const valueMembers = {
  Property: "value",
  GeoProperty: "value",
  Relationship: "object",
  LanguageProperty: "languageMap",
  VocabProperty: "vocab",
  JsonProperty: "json",
  ListProperty: "valueList",
  ListRelationship: "objectList",
} as const;

export type AttributeKind = keyof typeof valueMembers;
export const isAttributeKind = (name: unknown): name is AttributeKind =>
  typeof name === "string" && Object.hasOwn(valueMembers, name);

/** Members of an attribute that are not sub-attributes and that clients may set. */
export const attributeMembers: ReadonlySet<string> = new Set([
  "type",
  ...Object.values(valueMembers),
  "datasetId",
  "observedAt",
  "unitCode",
  "expiresAt",
  "objectType",
  "valueType",
  "ngsildproof",
]);

/** What the broker makes and clients cannot set (4.8): ignored on input. */
export const systemMembers: ReadonlySet<string> = new Set(["createdAt", "modifiedAt", "deletedAt", "instanceId"]);

/** Members that stand in answers alone (table 5.2.5-1 and its likes), or in a proof alone: refused on input. */
export const outputMembers: ReadonlySet<string> = new Set([
  "previousValue",
  "previousObject",
  "previousLanguageMap",
  "previousVocab",
  "previousJson",
  "previousValueList",
  "previousObjectList",
  "entity",
  "entityList",
  "entityIdSealed",
  "entityTypeSealed",
]);

/** Core terms that are never attributes of an entity (4.5.1, 4.8): they belong to attributes. */
export const neverAttributes: ReadonlySet<string> = new Set([...attributeMembers, ...systemMembers, ...outputMembers]);

/** 4.2.3, 4.7.1. */
export const geometryTypes: ReadonlySet<string> = new Set([
  "Point",
  "MultiPoint",
  "LineString",
  "MultiLineString",
  "Polygon",
  "MultiPolygon",
]);
